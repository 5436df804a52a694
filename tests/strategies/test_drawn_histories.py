"""Histories: whoever plays one by raw requests sees its states, one each poll, and the end that it tells of."""

from __future__ import annotations

from typing import Any

import pytest
from draws import DRAWS, law
from hypothesis import given

from mockcloud import Cloud, UsageError, VirtualClock, strategies
from mockcloud.contracts.lifecycle import read
from mockcloud.drafting import decks
from mockcloud.drafting.answers import pointers
from mockcloud.drafting.histories import showing
from mockcloud.drafting.histories.histories import courses, histories
from mockcloud.drafting.histories.history import History, Play
from mockcloud.drafting.histories.watching import Watcher
from mockcloud.drafting.tasks import others, paths
from mockcloud.drafting.tasks.others import Deed
from mockcloud.reports.dossier import dossiers
from mockcloud.strategies import tasks

MAKERS = [one.id for entry in dossiers() for one in entry.contract.operations.values() if one.creates]
WHOLE = [one for one in MAKERS if not decks.operation_of(one)[1].partly]
THUMBNAILS, SNAPSHOTS, JOBS = "jdcloud.createThumbnailTask", "jdcloud.submitSnapshotTask", "tencent_ci.CreateMediaJobs.MediaInfo"


def played(history: History) -> tuple[Play, list[Any], dict[str, Any], list[int]]:
    """The play, the words that polls saw, the leaves of the last answer, and the statuses."""
    play = history.play()
    watcher = Watcher(play, history.looker)
    watcher.make()
    assert play.task is not None
    shown = showing.showing(history.provider, play.task.kind)
    assert shown is not None
    saw, statuses, leaves = [], [], dict[str, Any]()
    for _ in history.steps:
        response = watcher.look()
        statuses.append(response.status)
        leaves = dict(pointers.leaves(watcher.read(response)))
        saw += [leaves[shown.state]] if shown.state in leaves else []
    return play, saw, leaves, statuses


def check(history: History) -> None:
    """Hold what is seen to what the history says."""
    play, saw, leaves, _ = played(history)
    assert (tuple(saw), play.polls) == (history.states, len(history.steps))
    entry, _operation = decks.operation_of(history.operation)
    (task,) = [task for task in play.cloud.tasks(history.provider) if play.task and task.id == play.task.id] or [None]
    if history.lost:
        assert task is None
        assert history.final == ""
        assert entry.contract.errors.codes[history.code].where != "task"
        assert play.cloud.journal.last.refusal == history.code
        return
    assert task is not None
    assert task.failure == history.failure
    assert entry.contract.lifecycles[task.kind].states[task.state].final
    shown = showing.showing(history.provider, task.kind)
    assert shown is not None
    assert history.final == saw[-1] == shown.words[task.state]
    assert history.code == (history.failure if shown.code else "")
    if history.code:
        assert str(leaves[shown.code]) == history.code


@pytest.mark.parametrize("operation", WHOLE)
def test_a_client_that_polls_sees_exactly_the_states_of_every_history_of_the_deck(operation: str) -> None:
    told = histories(operation)
    assert told
    for history in told:
        check(history)


@pytest.mark.parametrize("operation", MAKERS)
def test_the_deck_ends_in_every_final_state_and_with_every_code_that_answers_show(operation: str) -> None:
    entry, found = decks.operation_of(operation)
    (kind,) = [effect.kind for effect in found.effects if effect.verb == "create"]
    shown = showing.showing(entry.name, kind)
    assert shown is not None
    ends = {shown.words[name] for name, state in entry.contract.lifecycles[kind].states.items() if state.final}
    told = histories(operation)
    assert {one.final for one in told if not one.lost} == ends
    assert {one.operation for one in told} == {operation}
    assert {one.code for one in told if not one.lost} - {""} == ({*paths.codes(entry.contract.errors)} if shown.code else set())


def test_a_state_is_seen_once_many_times_and_not_at_all() -> None:
    seen = {one.polls for one in histories(THUMBNAILS)}
    assert (("PENDDING", 1), ("RUNNING", 1), ("SUCCESS", 1)) in seen
    assert (("PENDDING", 4), ("RUNNING", 4), ("SUCCESS", 4)) in seen
    assert (("RUNNING", 1), ("SUCCESS", 1)) in seen
    assert (("SUCCESS", 1),) in seen


def test_a_task_is_cancelled_paused_and_resumed_by_somebody_else() -> None:
    deeds = {happening.deed.name for one in histories(JOBS) for happening in one.happenings}
    assert deeds == {"cancel", "pause", "resume"}
    assert ("Submitted", "Pause", "Submitted", "Running", "Success") in {one.states for one in histories(JOBS)}


def test_a_task_that_somebody_takes_away_is_refused_at_the_next_look() -> None:
    lost = [one for one in histories(SNAPSHOTS) if one.lost]
    assert [(one.states, one.code) for one in lost] == [(("submitted",), "NOT_FOUND"), (("submitted", "running"), "NOT_FOUND")]
    assert played(lost[0])[3] == [200, 404]


def test_the_plainest_history_comes_first_and_each_says_what_it_is() -> None:
    first, *rest = histories(JOBS)
    assert first.states == ("Submitted", "Running", "Success")
    assert "Submitted -> Running -> Success" in first.says
    assert len({one.says for one in (first, *rest)}) == len(rest) + 1
    assert repr(histories(JOBS)[2]) == (
        "History(operation='tencent_ci.CreateMediaJobs.MediaInfo', states=('Submitted', 'Cancel'), final='Cancel', code='',"
        " lost=False, steps=(0.5, 1.5), happenings=(cancel after 1 s,))"
    )


def test_whoever_goes_on_after_the_end_sees_the_end_again() -> None:
    history = histories(THUMBNAILS)[0]
    play = history.play()
    watcher = Watcher(play, history.looker)
    watcher.make()
    for _ in range(len(history.steps) + 3):
        last = watcher.look()
    assert b'"SUCCESS"' in last.body
    assert play.polls == len(history.steps) + 3


def test_what_a_client_asks_before_it_has_made_the_task_and_what_is_no_look_let_no_time_pass() -> None:
    history = histories(JOBS)[0]
    play = history.play()
    watcher = Watcher(play, history.looker)
    before = play.cloud.clock.now()
    queues = decks.drafts("tencent_ci.DescribeMediaQueues")[0]
    watcher.send(queues)
    watcher.make()
    watcher.send(queues)
    assert (play.cloud.clock.now(), play.polls) == (before, 0)
    watcher.look()
    assert (play.cloud.clock.now(), play.polls) == (before + 1, 1)


def test_a_second_task_of_a_client_is_not_the_one_that_the_history_is_about() -> None:
    history = histories(THUMBNAILS)[1]
    play = history.play()
    watcher = Watcher(play, history.looker)
    watcher.make()
    first = play.task
    watcher.make()
    assert play.task == first
    for _ in history.steps:
        watcher.look()
    assert [task.state for task in play.cloud.tasks("jdcloud")] == ["ERROR", "SUCCESS"]


def test_a_deed_that_does_nothing_is_told() -> None:
    history = histories(JOBS)[0]
    play = history.play()
    watcher = Watcher(play, history.looker)
    watcher.make()
    cloud, task = play.cloud, play.task
    assert task is not None
    cancel = others.deeds(watcher.contract, task.kind)["cancel"]
    cloud.clock.advance(10)
    with pytest.raises(UsageError, match="'cancel' did nothing to the task"):
        others.do(cloud, Deed("cancel", cancel.draft), task, watcher.contract.hosts[0].example)


def test_an_operation_that_makes_nothing_has_no_history() -> None:
    assert histories("jdcloud.getThumbnailTask") == ()
    assert strategies.histories("jdcloud.getThumbnailTask").is_empty


def test_an_operation_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=THUMBNAILS):
        histories("jdcloud.createThumbnailTasks")


def test_a_cloud_of_ones_own_can_be_played_on() -> None:
    history = histories(THUMBNAILS)[0]
    cloud = Cloud(["jdcloud"], clock=VirtualClock(1_700_000_000, 0))
    assert history.play(cloud).cloud is cloud


def test_ways_through_a_table_go_no_arrow_twice_and_those_that_others_have_no_hand_in_come_first() -> None:
    states = {
        "a": {"phase": "waiting", "after": 2, "then": "b", "on": {"hold": "h", "stop": "x"}},
        "b": {"phase": "running", "after": 3, "then": "c", "fails": "f"},
        "h": {"phase": "paused", "on": {"go": "a"}},
        "c": {"phase": "succeeded"},
        "f": {"phase": "failed"},
        "x": {"phase": "cancelled"},
    }
    table = read({"initial": "a", "states": states}, "task", "made.json")
    told = ["".join(stay.state for stay in path) for path in paths.paths(table, {"hold", "go", "stop"})]
    assert told == ["abc", "abf", "ax", "ahabc", "ahabf", "ahax"]
    assert [paths.fails(path) for path in paths.paths(table, {"stop"})] == [False, True, False]


@pytest.mark.parametrize("operation", WHOLE)
def test_a_client_that_polls_sees_exactly_the_states_of_every_drawn_history(operation: str) -> None:
    @law(DRAWS // 2)
    @given(strategies.histories(operation))
    def holds(history: History) -> None:
        assert history.operation == operation
        check(history)

    holds()


def test_a_task_that_is_done_at_once_is_never_taken_away_before(monkeypatch: pytest.MonkeyPatch) -> None:
    (course,) = courses(SNAPSHOTS)
    done = course._replace(ways=tuple(path[-1:] for path in course.ways))
    monkeypatch.setattr(tasks, "courses", lambda operation: [done])
    seen = set()

    @law(30)
    @given(strategies.histories(SNAPSHOTS))
    def look(history: History) -> None:
        seen.add((history.lost, len(set(history.states))))

    look()
    assert seen == {(False, 1)}


def test_drawn_failures_have_codes_of_the_catalogues_pattern_that_it_does_not_list() -> None:
    codes = set()

    @law(80)
    @given(strategies.histories(THUMBNAILS))
    def look(history: History) -> None:
        codes.add(history.code)

    look()
    assert len(codes - {"", "1"}) > 1
