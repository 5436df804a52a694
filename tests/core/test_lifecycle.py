"""Where a task stands at a time: pure, monotone, and a cancelled task never succeeds."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcloud.contracts import folders
from mockcloud.contracts.lifecycle import DISPATCH, Lifecycle, read
from mockcloud.contracts.loader import load
from mockcloud.state.lifecycle import Event, state_at

LAW = settings(max_examples=120, deadline=None, database=None, derandomize=True)

TABLE = read(
    {
        "initial": "new",
        "states": {
            "new": {"phase": "waiting", "after": 2, "then": "run", "on": {"cancel": "gone", "pause": "held"}},
            "run": {"phase": "running", "after": 3, "then": "good", "fails": "bad", "on": {"cancel": "gone"}},
            "held": {"phase": "paused", "on": {"resume": "new", "cancel": "gone"}},
            "good": {"phase": "succeeded"},
            "bad": {"phase": "failed"},
            "gone": {"phase": "cancelled"},
        },
    },
    "task",
    "x",
)
RUNNING_AT_ONCE = read({"initial": "run", "states": {"run": {"phase": "running", "after": 0, "then": "good"}, "good": {"phase": "succeeded"}}}, "task", "x")  # fmt: skip


def at(now: float, *events: tuple[float, str], fails: bool = False, table: Lifecycle = TABLE, created: float = 100.0) -> Any:
    return state_at(table, created, fails, tuple(Event(100.0 + when, name) for when, name in events), 100.0 + now)


@pytest.mark.parametrize(
    ("now", "events", "fails", "state", "updated", "started", "ended"),
    [
        (0, [], False, "new", 0, None, None),
        (1.999, [], False, "new", 0, None, None),
        (2, [], False, "run", 2, 2, None),
        (4.999, [], False, "run", 2, 2, None),
        (5, [], False, "good", 5, 2, 5),
        (1e9, [], False, "good", 5, 2, 5),
        (5, [], True, "bad", 5, 2, 5),
        (9, [(1, "cancel")], False, "gone", 1, None, 1),
        (9, [(3, "cancel")], True, "gone", 3, 2, 3),
        (2, [(2, "pause")], False, "run", 2, 2, None),
        (9, [(2, "pause")], False, "good", 5, 2, 5),
        (9, [(1, "pause")], False, "held", 1, None, None),
        (9, [(1, "pause"), (7, "resume")], False, "run", 9, 9, None),
        (12, [(1, "pause"), (7, "resume")], False, "good", 12, 9, 12),
        (9, [(1, "nothing"), (6, "cancel")], False, "good", 5, 2, 5),
        (1, [(3, "cancel")], False, "new", 0, None, None),
    ],
)
def test_a_task_stands_where_its_table_its_events_and_the_time_put_it(now, events, fails, state, updated, started, ended) -> None:
    standing = at(now, *events, fails=fails)
    shown = [None if moment is None else moment - 100 for moment in (standing.updated, standing.started, standing.ended)]
    assert (standing.state.name, *shown) == (state, updated, started, ended)


def test_a_task_that_begins_running_has_started_when_it_was_created_and_0_seconds_pass_at_once() -> None:
    standing = at(0, table=RUNNING_AT_ONCE)
    assert (standing.state.name, standing.started, standing.ended) == ("good", 100.0, 100.0)


TABLES = [TABLE, *(table for folder in folders.known().values() for table in load(folder).lifecycles.values())]
NAMES = ["cancel", "pause", "resume", "nothing"]
TIMES = st.floats(0, 20, allow_nan=False) | st.integers(0, 20).map(float)
LIVES = st.tuples(
    st.sampled_from(TABLES), st.booleans(), st.lists(st.tuples(TIMES, st.sampled_from(NAMES)), max_size=6).map(sorted)
)


@LAW
@given(LIVES, st.lists(TIMES, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_same_question_has_the_same_answer_in_whatever_order_it_is_asked(
    life: Any, times: list[float], dice: random.Random
) -> None:
    table, fails, events = life
    first = {now: at(now, *events, fails=fails, table=table) for now in times}
    dice.shuffle(times)
    assert {now: at(now, *events, fails=fails, table=table) for now in times} == first


@LAW
@given(LIVES, TIMES, TIMES)
def test_time_never_takes_back_a_start_an_end_or_a_final_state(life: Any, one: float, two: float) -> None:
    table, fails, events = life
    early, late = (at(now, *events, fails=fails, table=table) for now in sorted((one, two)))
    assert early.updated <= late.updated <= 100 + max(one, two)
    if early.started is not None:
        assert late.started == early.started
    if early.state.final:
        assert late == early


@LAW
@given(LIVES, TIMES)
def test_what_is_yet_to_happen_changes_nothing_now(life: Any, now: float) -> None:
    table, fails, events = life
    past = [event for event in events if event[0] <= now]
    assert at(now, *events, fails=fails, table=table) == at(now, *past, fails=fails, table=table)


@LAW
@given(LIVES, TIMES, TIMES)
def test_a_cancelled_task_never_succeeds_nor_fails(life: Any, now: float, later: float) -> None:
    table, fails, events = life
    if at(now, *events, fails=fails, table=table).state.phase == "cancelled":
        assert at(now + later, *events, fails=fails, table=table).state.phase == "cancelled"


@LAW
@given(LIVES, TIMES)
def test_a_task_has_ended_exactly_when_its_state_is_final_and_started_before_it_ended(life: Any, now: float) -> None:
    table, fails, events = life
    standing = at(now, *events, fails=fails, table=table)
    assert (standing.ended is not None) == standing.state.final
    if standing.started is not None and standing.ended is not None:
        assert standing.started <= standing.ended


@pytest.mark.parametrize("provider", sorted(folders.known()))
@pytest.mark.parametrize(("fails", "phase"), [(False, "succeeded"), (True, "failed")])
def test_a_task_nobody_touches_ends_after_5_seconds_as_it_was_planned(provider: str, fails: bool, phase: str) -> None:
    for table in load(folders.known()[provider]).lifecycles.values():
        # Where tasks wait for a place, one that is free lets them in when time would have.
        let_in = [(table.dispatch.after, DISPATCH)] if table.dispatch else []
        assert at(1.9, *let_in, fails=fails, table=table).state.phase == "waiting"
        assert at(2, *let_in, fails=fails, table=table).state.phase == "running"
        assert at(5, *let_in, fails=fails, table=table).state.phase == phase
