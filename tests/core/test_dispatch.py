"""Tasks that wait in a queue for a free place: who goes, and when, held against a simulation in small steps."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcloud.contracts.lifecycle import DISPATCH
from mockcloud.contracts.loader import load
from mockcloud.messages import Refusal
from mockcloud.state import tasks as tasks_module
from mockcloud.state.clock import VirtualClock
from mockcloud.state.dispatch import Dispatcher
from mockcloud.state.identifiers import Identifiers
from mockcloud.state.items import Items
from mockcloud.state.stores.memory import MemoryStore
from mockcloud.state.tasks import Facts, Task, Tasks

LAW = settings(max_examples=120, deadline=None, database=None, derandomize=True)
WHY = made.WHY
ME = ("me",)
RUN = 3
HORIZON = 120


def lifecycle(after: int = 2, priority: Any = "$task.request.priority") -> dict[str, Any]:
    """Tasks that are held while they wait (and come back), held while they run (and come back to wait), and cancelled."""
    states = {
        "New": {"phase": "waiting", "after": after, "then": "Busy", "on": {"cancel": "Off", "pause": "Held"}, "evidence": WHY},
        "Held": {"phase": "paused", "on": {"resume": "New", "cancel": "Off"}, "evidence": WHY},
        "Busy": {"phase": "running", "after": RUN, "then": "Good", "on": {"cancel": "Off", "pause": "Held"}, "evidence": WHY},
        "Good": {"phase": "succeeded", "evidence": WHY},
        "Off": {"phase": "cancelled", "evidence": WHY},
    }
    dispatch = {"from": "New", "queue": "queue", "id": "$task.request.queue", "limit": "size", "priority": priority, "evidence": WHY}  # fmt: skip
    return {"task": {"initial": "New", "states": states, "dispatch": dispatch}}


class Yard:
    """The tasks and queues of one made-up provider, without requests."""

    def __init__(self, contract: Any, limit: int = 100_000) -> None:
        self.store: Any = MemoryStore(limit)
        identifiers = Identifiers(contract.identifiers, 0, contract.name)
        self.tasks = Tasks(contract, self.store, VirtualClock(0), identifiers)
        self.items = Items(contract, self.store, identifiers)
        self.table = contract.lifecycles["task"]
        assert self.table.dispatch is not None
        self.dispatcher = Dispatcher(contract, self.table, self.table.dispatch, {}, self.store, self.items)
        self.tasks.dispatchers = {"task": self.dispatcher}

    def create(self, now: float, queue: str = "one", priority: Any = 0, tenancy: tuple[str, ...] = ME) -> Task:
        request = {"queue": queue, "priority": priority}
        return self.tasks.create("task", tenancy, now, Facts(request, request, {}, {}, ""))

    def standing(self, task: Task, now: float) -> Any:
        return self.tasks.standing(task, now)

    def state(self, task: Task, now: float) -> str:
        return self.standing(task, now).state.name

    def started(self, tasks: list[Task], now: float = HORIZON) -> list[float | None]:
        return [self.standing(task, now).started for task in tasks]


def contract_of(folder: Path, **more: Any) -> Any:
    """A queue of one place, one of two, one of none, and one that says nothing of places."""
    queues = [{"id": "one", "size": 1}, {"id": "two", "size": 2}, {"id": "none", "size": 0}, {"id": "open"}, {"id": "odd", "size": "many"}]  # fmt: skip
    kinds = more.pop("lifecycle", None) or lifecycle(**more)
    return made.loaded(folder, {}, lifecycle=kinds, resources={"queue": made.resource(*queues, presets="changeable")})


@pytest.fixture(scope="module")
def contracts(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Any]:
    """By how long a task waits at least."""
    return {after: contract_of(tmp_path_factory.mktemp("d") / "made", after=after) for after in (0, 1, 2)}


@pytest.fixture
def yard(contracts: dict[int, Any]) -> Yard:
    return Yard(contracts[2])


def test_one_after_the_other_where_there_is_one_place(yard: Yard) -> None:
    tasks = [yard.create(0) for _ in range(3)]
    assert yard.started(tasks) == [2, 5, 8]
    assert [yard.standing(task, HORIZON).ended for task in tasks] == [5, 8, 11]


def test_as_many_at_once_as_there_are_places(yard: Yard) -> None:
    assert yard.started([yard.create(0, "two") for _ in range(5)]) == [2, 2, 5, 5, 8]


def test_nobody_waits_in_a_queue_that_says_nothing_of_places_or_is_nowhere(yard: Yard) -> None:
    for queue in ("open", "odd", "nobody"):
        assert yard.started([yard.create(0, queue) for _ in range(3)]) == [2, 2, 2], queue


def test_everybody_waits_for_ever_in_a_queue_without_a_place(yard: Yard) -> None:
    assert yard.started([yard.create(0, "none"), yard.create(0, "none")], 10_000) == [None, None]


def test_the_greater_priority_goes_first_and_then_the_older(yard: Yard) -> None:
    tasks = [yard.create(0, priority=priority) for priority in (1, 5, 5, 9, "7", None, "soon", "-inf", "nan")]
    order = sorted(range(len(tasks)), key=lambda at: yard.started(tasks)[at] or 0)
    assert order == [3, 4, 1, 2, 0, 5, 6, 7, 8]


def test_who_comes_later_with_a_greater_priority_does_not_throw_anybody_out(yard: Yard) -> None:
    low, urgent, other = yard.create(0), yard.create(3, priority=9), yard.create(3)
    assert yard.started([low, urgent, other]) == [2, 5, 8]


def test_queues_and_tenancies_do_not_wait_for_each_other(yard: Yard) -> None:
    tasks = [yard.create(0), yard.create(0, tenancy=("you",)), yard.create(0, "two"), yard.create(0)]
    assert yard.started(tasks) == [2, 2, 2, 5]


def test_a_cancelled_task_gives_its_place_back_at_once(yard: Yard) -> None:
    first, second = yard.create(0), yard.create(0)
    assert yard.tasks.happen(first, "cancel", 3)
    assert yard.started([second]) == [3]
    assert yard.standing(first, HORIZON).ended == 3


def test_a_removed_task_gives_its_place_back_at_once_and_not_earlier(yard: Yard) -> None:
    first, second, third = (yard.create(0) for _ in range(3))
    yard.tasks.remove(first, 4)
    yard.tasks.remove(second, 4)
    assert yard.started([third]) == [4]
    assert yard.tasks.get("task", ME, first.id) is None


def test_a_task_that_is_gone_from_the_store_keeps_nobody_waiting(yard: Yard) -> None:
    first, second = yard.create(0), yard.create(0)
    yard.store.remove(first.key)
    assert yard.started([second]) == [2]


def test_a_held_task_waits_its_time_anew_and_keeps_its_age(yard: Yard) -> None:
    first, second, third = (yard.create(0) for _ in range(3))
    assert yard.tasks.happen(second, "pause", 1)
    assert yard.tasks.happen(second, "resume", 2)
    assert yard.started([first, second, third]) == [2, 5, 8]


def test_a_task_that_is_held_while_it_runs_gives_its_place_back_and_waits_again(yard: Yard) -> None:
    first, second = yard.create(0), yard.create(0)
    assert yard.tasks.happen(first, "pause", 3)
    assert yard.started([second], 3) == [3]
    assert yard.tasks.happen(first, "resume", 4)
    assert (yard.state(first, 5.9), yard.state(first, 6), yard.standing(first, HORIZON).ended) == ("New", "Busy", 9)


def test_nobody_is_let_in_by_naming_the_event(yard: Yard) -> None:
    first, second = yard.create(0), yard.create(0)
    assert not yard.tasks.happen(second, DISPATCH, 1)
    assert yard.started([first, second]) == [2, 5]


def test_nothing_happens_to_a_removed_task(yard: Yard) -> None:
    first = yard.create(0)
    yard.tasks.remove(first, 1)
    assert not yard.tasks.happen(first, "cancel", 1)
    yard.tasks.remove(first, 2)
    assert yard.tasks.all("task", ME) == []


def test_asking_about_an_earlier_time_changes_nothing(yard: Yard) -> None:
    tasks = [yard.create(0) for _ in range(3)]
    assert [yard.state(task, 6) for task in tasks] == ["Good", "Busy", "New"]
    assert [yard.state(task, 4) for task in tasks] == ["Busy", "New", "New"]
    assert yard.tasks.happen(tasks[1], "cancel", 6)
    assert [yard.state(task, 1) for task in tasks] == ["New", "New", "New"]
    assert yard.started(tasks) == [2, 5, 6]


def test_what_happens_late_to_an_earlier_time_happens_after_what_is_settled(yard: Yard) -> None:
    """Two requests at once: the later one may be quicker."""
    first = yard.create(0)
    assert yard.state(first, 3) == "Busy"
    assert yard.tasks.happen(first, "pause", 1)
    events = yard.tasks.get("task", ME, first.id).events
    assert [(event.name, event.at) for event in events] == [(DISPATCH, 2), ("pause", 2)]


@pytest.mark.parametrize("often", [False, True])
def test_a_limit_that_a_client_changes_holds_from_that_moment(yard: Yard, often: bool) -> None:
    tasks = [yard.create(0) for _ in range(6)]
    for now in range(7) if often else ():
        yard.started(tasks, now)
    yard.items.change("queue", ME, 6, yard.items.get("queue", ME, "one") or {}, {"size": 3})
    assert yard.started(tasks) == [2, 5, 6, 6, 8, 9]


def test_a_queue_that_a_client_makes_has_its_limit_from_that_moment_and_loses_it_when_it_goes(yard: Yard) -> None:
    tasks = [yard.create(0, "mine") for _ in range(2)]
    yard.items.add("queue", ME, 1, "mine", {"size": 1})
    assert yard.started(tasks, 3) == [2, None]
    yard.items.remove("queue", ME, 4, "mine")
    assert yard.started(tasks) == [2, 4]


def test_a_state_that_time_leads_to_is_waited_in_like_the_initial_one(tmp_path: Path) -> None:
    kinds = lifecycle()
    kinds["task"]["initial"] = "Sent"
    kinds["task"]["states"]["Sent"] = {"phase": "waiting", "after": 4, "then": "New", "on": {"pause": "Held"}, "evidence": WHY}
    yard = Yard(contract_of(tmp_path / "made", lifecycle=kinds))
    assert yard.started([yard.create(0), yard.create(0)]) == [6, 9]


def test_who_runs_without_having_waited_takes_a_place_too(tmp_path: Path) -> None:
    kinds = lifecycle()
    kinds["task"]["states"]["New"]["on"]["force"] = "Busy"
    kinds["task"]["states"]["Held"].update(after=4, then="Busy")
    yard = Yard(contract_of(tmp_path / "made", lifecycle=kinds))
    held, forced, other = (yard.create(0) for _ in range(3))
    assert yard.tasks.happen(held, "pause", 1)
    assert yard.tasks.happen(forced, "force", 1)
    last = yard.create(5)
    # The forced one runs from 1 to 4, the third one from there to 7, the held one, whom nobody lets in, from 5 to 8.
    assert yard.started([held, forced, other, last]) == [5, 1, 4, 8]


def test_a_held_task_that_time_ends_is_forgotten(tmp_path: Path) -> None:
    kinds = lifecycle()
    kinds["task"]["states"]["Held"].update(after=4, then="Off")
    yard = Yard(contract_of(tmp_path / "made", lifecycle=kinds))
    held, other = yard.create(0), yard.create(0)
    assert yard.tasks.happen(held, "pause", 3)
    assert yard.started([other]) == [3]
    assert yard.standing(held, HORIZON).ended == 7


Step = tuple[str, int, int, int]


class Simulation:
    """The same by brute force: every moment, whoever may go is let in, best first."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.limits = {"one": 1, "two": 2}
        self.tasks: list[dict[str, Any]] = []
        self.now = 0

    def create(self, queue: str, priority: int) -> None:
        self.tasks.append({"queue": queue, "priority": priority, "state": "New", "since": self.now, "starts": [], "ended": None})

    def happen(self, at: int, name: str) -> bool:
        task = self.tasks[at]
        target = {"New": {"cancel": "Off", "pause": "Held"}, "Held": {"resume": "New", "cancel": "Off"}, "Busy": {"cancel": "Off", "pause": "Held"}}.get(task["state"], {}).get(name)  # fmt: skip
        if target is None:
            return False
        task.update(state=target, since=self.now, ended=self.now if target == "Off" else None)
        return True

    def settle(self) -> None:
        for task in self.tasks:
            if task["state"] == "Busy" and task["since"] + RUN <= self.now:
                task.update(state="Good", since=self.now, ended=self.now)
        for queue, limit in self.limits.items():
            mine = [task for task in self.tasks if task["queue"] == queue]
            while sum(task["state"] == "Busy" for task in mine) < limit:
                ready = [task for task in mine if task["state"] == "New" and task["since"] + self.after <= self.now]
                if not ready:
                    break
                best = max(ready, key=lambda task: task["priority"])  # of equals the first, which is the oldest
                best.update(state="Busy", since=self.now)
                best["starts"].append(self.now)

    def move(self, by: int) -> None:
        for _ in range(by):
            self.now += 1
            self.settle()


STEPS = st.lists(
    st.tuples(st.sampled_from(["create"] * 4 + ["pause", "resume", "cancel", "wait"]), st.integers(0, 7), st.integers(0, 3), st.integers(1, 4)),
    min_size=1,
    max_size=25,
)  # fmt: skip


def played(yard: Yard, steps: list[Step], ask: bool) -> tuple[list[Task], list[Any]]:
    """The tasks after the steps, each a moment after the one before it, and what each event was answered with."""
    tasks: list[Task] = []
    answers: list[Any] = []
    now = 0
    for what, which, priority, by in steps:
        now += by
        if what == "create":
            tasks.append(yard.create(now, ("one", "two")[which % 2], priority))
        elif what != "wait" and tasks:
            answers.append(yard.tasks.happen(tasks[which % len(tasks)], what, now))
        if ask:
            for task in tasks:
                yard.standing(task, now)
    return tasks, answers


def story(yard: Yard, tasks: list[Task], until: float) -> list[Any]:
    kept = []
    for task in tasks:
        yard.standing(task, until)
        current = yard.tasks.get("task", ME, task.id)
        assert current is not None
        kept.append((current.events, yard.standing(task, until)))
    return kept


@LAW
@given(steps=STEPS, after=st.sampled_from([0, 1, 2]))
def test_asking_after_every_step_gives_the_same_as_asking_once_at_the_end(
    contracts: dict[int, Any], steps: list[Step], after: int
) -> None:
    often, once = Yard(contracts[after]), Yard(contracts[after])
    asked, unasked = played(often, steps, ask=True), played(once, steps, ask=False)
    assert asked[1] == unasked[1]
    assert story(often, asked[0], HORIZON * 2) == story(once, unasked[0], HORIZON * 2)


@LAW
@given(steps=STEPS, after=st.sampled_from([0, 1, 2]))
def test_starts_and_ends_are_those_of_a_simulation_moment_by_moment(
    contracts: dict[int, Any], steps: list[Step], after: int
) -> None:
    simulation = Simulation(after)
    answers = []
    for what, which, priority, by in steps:
        simulation.move(by)
        if what == "create":
            simulation.create(("one", "two")[which % 2], priority)
        elif what != "wait" and simulation.tasks:
            answers.append(simulation.happen(which % len(simulation.tasks), what))
        simulation.settle()
    simulation.move(HORIZON * 2)
    yard = Yard(contracts[after])
    tasks, answered = played(yard, steps, ask=False)
    assert answered == answers
    for task, (events, standing), wanted in zip(tasks, story(yard, tasks, simulation.now), simulation.tasks, strict=True):
        starts = [event.at for event in events if event.name == DISPATCH]
        assert (starts, standing.ended, standing.state.name) == (wanted["starts"], wanted["ended"], wanted["state"]), task.id


@LAW
@given(steps=STEPS, after=st.sampled_from([0, 1, 2]))
def test_there_are_never_more_at_once_than_places_nobody_overtakes_and_no_place_stays_empty(
    contracts: dict[int, Any], steps: list[Step], after: int
) -> None:
    yard = Yard(contracts[after])
    tasks, _ = played(yard, steps, ask=False)
    story(yard, tasks, HORIZON * 2)
    for queue, limit in (("one", 1), ("two", 2)):
        mine = [task for task in tasks if task.facts.request["queue"] == queue]
        for now in range(HORIZON):
            standings = [yard.standing(task, now) for task in mine]
            busy = [standing for standing in standings if standing.state.phase == "running"]
            ready = [
                (task, standing)
                for task, standing in zip(mine, standings, strict=True)
                if standing.state.name == "New" and standing.updated + after <= now and task.created <= now
            ]
            assert len(busy) <= limit, now
            assert not ready or len(busy) == limit, f"a place of {queue} is empty at {now}"
            entered = [task for task, standing in zip(mine, standings, strict=True) if standing.state.name == "Busy" and standing.updated == now]  # fmt: skip
            for task in entered:
                for other, _ in ready:
                    rank, than = task.facts.request["priority"], other.facts.request["priority"]
                    assert (rank, -mine.index(task)) > (than, -mine.index(other)), f"{task.id} overtakes {other.id} at {now}"


class Counting(MemoryStore[Any]):
    """A store that counts how often it is read."""

    reads = 0

    def get(self, key: Any) -> Any:
        self.reads += 1
        return super().get(key)


@pytest.mark.parametrize("queue", ["one", "open"])
@pytest.mark.parametrize("after", [0, 2])
def test_5000_tasks_of_one_queue_at_one_moment_cost_a_few_reads_and_standings_each(
    contracts: dict[int, Any], monkeypatch: pytest.MonkeyPatch, queue: str, after: int
) -> None:
    from mockcloud.state import dispatch as module

    yard, count, stood = Yard(contracts[after]), 5000, 0

    def counted(*about: Any) -> Any:
        nonlocal stood
        stood += 1
        return tasks_module.state_at(*about)

    monkeypatch.setattr(module, "state_at", counted)
    yard.store.__class__ = Counting
    tasks = []
    for _ in range(count):
        tasks.append(yard.create(0, queue))
        yard.standing(tasks[-1], 0)
    assert yard.store.reads < 8 * count
    assert stood < 8 * count
    assert yard.standing(tasks[-1], count * RUN + 10).ended == (count * RUN if queue == "one" else RUN) + after
    assert yard.store.reads < 16 * count, "letting them in costs more than a few reads each"
    assert stood < 16 * count


def test_a_queue_remembers_nobody_who_is_through(yard: Yard) -> None:
    tasks = [yard.create(0, "two") for _ in range(20)]
    yard.tasks.happen(tasks[5], "cancel", 1)
    yard.tasks.remove(tasks[6], 1)
    yard.started(tasks)
    late = yard.create(1000, "two")
    yard.standing(late, 1002)
    assert list(yard.dispatcher._line_of) == [late.key]
    (line,) = yard.dispatcher._lines.values()
    assert (list(line.places), line.busy, line.coming, line.ready, line.changed) == ([late.key], 1, [], [], set())


def test_8_threads_that_ask_create_and_cancel_at_once_leave_no_place_lost(yard: Yard) -> None:
    made_by: list[Task] = []
    failed: list[BaseException] = []

    def work(which: int) -> None:
        try:
            for now in range(60):
                task = yard.create(now, "two")
                made_by.append(task)
                if now % 3 == which % 3:
                    yard.tasks.happen(task, ("cancel", "pause")[which % 2], now)
                for other in made_by[-5:]:
                    yard.standing(other, now)
        except BaseException as problem:  # noqa: BLE001  # whatever it is, the test has to know
            failed.append(problem)

    threads = [threading.Thread(target=work, args=(which,)) for which in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    end = 60 + len(made_by) * RUN
    left = [yard.state(task, end) for task in made_by]
    assert set(left) <= {"Good", "Off", "Held"}
    for now in range(0, end, 5):
        assert sum(yard.state(task, now) == "Busy" and task.created <= now for task in made_by) <= 2


def test_the_contract_of_a_dispatch_waits_for_a_place_and_not_for_time(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    contract_of(folder)
    table = load(folder).lifecycles["task"]
    assert table.dispatch is not None
    assert (table.states["New"].then, table.states["New"].after, table.states["New"].on[DISPATCH]) == (None, None, "Busy")
    assert (table.dispatch.state, table.dispatch.after, table.dispatch.queue, table.dispatch.limit) == ("New", 2, "queue", "size")


def test_who_is_cancelled_while_it_waits_is_passed_over_for_one_of_lower_priority(yard: Yard) -> None:
    first, urgent, other = yard.create(0), yard.create(0, priority=1), yard.create(0)
    assert [yard.state(task, 3) for task in (first, urgent, other)] == ["New", "Busy", "New"]
    best = yard.create(3, priority=9)
    assert yard.state(best, 5) == "Busy"
    late = yard.create(5, priority=9)
    assert yard.state(late, 7) == "New"
    assert yard.tasks.happen(late, "cancel", 7)
    assert yard.started([first, other]) == [8, 11]


def test_a_task_that_rests_after_it_ran_gives_its_place_back_and_one_that_runs_for_ever_keeps_it(tmp_path: Path) -> None:
    kinds = lifecycle()
    states = kinds["task"]["states"]
    states["Busy"] = {**states["Busy"], "then": "Rest", "on": {"stay": "Stays"}}
    states["Rest"] = {"phase": "paused", "on": {"end": "Good"}, "evidence": WHY}
    states["Stays"] = {"phase": "running", "on": {"end": "Good"}, "evidence": WHY}
    yard = Yard(contract_of(tmp_path / "made", lifecycle=kinds))
    first, second, third = (yard.create(0) for _ in range(3))
    assert [yard.state(task, 5) for task in (first, second, third)] == ["Rest", "Busy", "New"]
    assert yard.tasks.happen(second, "stay", 6)
    assert yard.state(third, 1000) == "New"
    assert yard.tasks.happen(second, "end", 1001)
    assert yard.started([third], 1001) == [1001]


def with_room() -> dict[str, Any]:
    kinds = lifecycle()
    kinds["task"]["dispatch"]["room"] = "room"
    return kinds


def test_a_queue_refuses_whom_it_has_no_room_for_and_keeps_nothing_of_them(tmp_path: Path) -> None:
    contract = contract_of(tmp_path / "made", lifecycle=with_room())
    assert "full-queue" in contract.errors.conditions
    yard = Yard(contract)
    yard.items.add("queue", ME, 0, "small", {"size": 1, "room": 2})
    first = [yard.create(0, "small") for _ in range(2)]
    with pytest.raises(Refusal) as refused:
        yard.create(0, "small")
    assert (refused.value.reason, refused.value.fields) == ("full-queue", {"id": "small", "limit": 2.0})
    assert len(yard.tasks.all("task", ME)) == 2
    # At 2 the first one has its place, so one more may wait; the queue need not have been asked about in between.
    third = yard.create(2, "small")
    with pytest.raises(Refusal):
        yard.create(2, "small")
    assert yard.create(2, "one") is not None
    assert yard.started([*first, third]) == [2, 5, 8]


def test_several_tasks_of_one_request_enter_a_queue_together_or_not_at_all(tmp_path: Path) -> None:
    queue = made.resource({"id": "one", "size": 1, "room": 2})
    folder = tmp_path / "made"
    made.loaded(folder, {"make": {"effect": {"create": "task", "each": "/parts"}}}, lifecycle=with_room(), resources={"queue": queue})  # fmt: skip
    cloud = made.cloud_of(folder)
    assert made.ask(cloud, "make", queue="one", parts=[1, 2, 3])[0] == "No full-queue"
    assert cloud.tasks("made") == []
    made.done(cloud, "make", queue="one", parts=[1, 2])
    assert len(cloud.tasks("made")) == 2
