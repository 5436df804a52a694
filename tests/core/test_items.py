"""Items and tasks as they are kept, without requests: several threads, a full store, what is looked at and what is not."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, NamedTuple

import made
import pytest

from mockcloud.messages import Refusal
from mockcloud.state.clock import VirtualClock
from mockcloud.state.identifiers import Identifiers
from mockcloud.state.items import Items
from mockcloud.state.shown import shower
from mockcloud.state.stores.memory import Full, MemoryStore
from mockcloud.state.tasks import Facts, Tasks

ME = ("me",)
FACTS = Facts({}, {"a": 1}, {}, {}, "")


@pytest.fixture
def contract(tmp_path: Path) -> Any:
    books = made.resource({"id": "b1", "name": "Emma"}, unique=["name"], presets="changeable")
    return made.loaded(tmp_path / "made", {}, resources={"book": books, "page": made.resource()})


def items(contract: Any, store: Any = None) -> Items:
    return Items(contract, MemoryStore() if store is None else store, Identifiers(contract.identifiers, 0, "made"))


def tasks(contract: Any, store: Any = None) -> Tasks:
    return Tasks(contract, MemoryStore() if store is None else store, VirtualClock(0), Identifiers(contract.identifiers, 0, "made"))  # fmt: skip


def at_once(work: Any, count: int = 8) -> list[Any]:
    """What so many threads get that do the same at once: a value or a refusal's reason."""
    answers: list[Any] = []
    barrier = threading.Barrier(count)

    def run(which: int) -> None:
        barrier.wait(30)
        try:
            answers.append(work(which))
        except Refusal as refused:
            answers.append(refused.reason)

    threads = [threading.Thread(target=run, args=(which,)) for which in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def test_of_8_threads_that_make_the_same_item_one_does(contract: Any) -> None:
    kept = items(contract)
    answers = at_once(lambda which: kept.add("book", ME, which, "b2", {"n": which})["id"])
    assert sorted(answers) == ["b2", *["duplicate-book"] * 7]


def test_of_8_threads_that_take_the_same_name_one_does(contract: Any) -> None:
    kept = items(contract)
    answers = at_once(lambda which: kept.add("book", ME, which, f"c{which}", {"name": "Emil"})["name"])
    assert sorted(answers) == ["Emil", *["duplicate-book"] * 7]
    assert len(kept.all("book", ME)) == 2


def test_a_kind_of_resource_keeps_to_itself(contract: Any) -> None:
    kept = items(contract)
    kept.add("page", ME, 0, "", {"name": "Emma"})
    assert [item["id"] for item in kept.all("page", ME)] == ["page-1"]
    assert kept.get("book", ME, "page-1") is None
    assert kept.get("page", ME, "page-1") == {"id": "page-1", "name": "Emma", "created_at": 0, "updated_at": 0}


def test_watchers_are_told_before_and_after_an_item_comes_changes_and_goes(contract: Any) -> None:
    kept = items(contract)
    told: list[Any] = []
    kept.watchers.append(lambda kind, tenancy, name, now: told.append((name, now, kept.get(kind, tenancy, name) is not None)))
    kept.add("book", ME, 1, "b2", {})
    kept.change("book", ME, 2, kept.get("book", ME, "b2") or {}, {"name": "x"})
    kept.remove("book", ME, 3, "b2")
    assert told == [("b2", 1, False), ("b2", 1, True), ("b2", 2, True), ("b2", 2, True), ("b2", 3, True), ("b2", 3, False)]


def test_a_full_store_refuses_and_loses_nothing(contract: Any) -> None:
    kept = items(contract, MemoryStore(1))
    kept.add("book", ME, 0, "b2", {})
    with pytest.raises(Refusal) as caught:
        kept.add("book", ME, 0, "b3", {})
    assert caught.value.reason == "too-many-tasks"
    kept.remove("book", ME, 0, "b2")
    assert kept.add("book", ME, 0, "b3", {})["id"] == "b3"


def test_a_store_counts_what_it_holds_and_lists_what_begins_with_a_key() -> None:
    class Kept:
        weight = 1

        def __init__(self, *key: str) -> None:
            self.key = key

    store: MemoryStore[Any] = MemoryStore(3)
    one, two, three = Kept("p", "k", "me", "1"), Kept("p", "k", "you", "1"), Kept("p", "other", "me", "1")
    for kept in (one, two, three, Kept("p", "k", "me", "1")):
        store.put(kept)
    with pytest.raises(Full):
        store.put(Kept("p", "k", "me", "2"))
    assert [kept.key for kept in store.below(("p", "k"))] == [one.key, two.key]
    assert store.below(("p", "k", "you")) == [two]
    assert store.below(("q", "k")) == []
    store.remove(("q", "k", "x"))
    store.remove(two.key)
    store.remove(two.key)
    assert store.get(two.key) is None
    assert store.get(("q", "k", "x")) is None
    store.put(Kept("p", "k", "me", "2"))


class Heavy(NamedTuple):
    key: tuple[str, ...]
    weight: int


def test_a_store_keeps_100000_things_of_256_mib_by_default() -> None:
    store: MemoryStore[Any] = MemoryStore()
    store.put(Heavy(("p", "k", "large"), 256 * 1024 * 1024))
    with pytest.raises(Full):
        store.put(Heavy(("p", "k", "1"), 1))
    for number in range(99_999):
        store.put(Heavy(("p", "k", str(number)), 0))
    with pytest.raises(Full):
        store.put(Heavy(("p", "k", "one more"), 0))


def test_a_store_is_full_of_bytes_too_and_has_room_again_for_what_was_removed() -> None:
    store: MemoryStore[Any] = MemoryStore(bytes=10)
    store.put(Heavy(("p", "k", "1"), 6))
    store.put(Heavy(("p", "k", "2"), 4))
    for refused in (Heavy(("p", "k", "3"), 1), Heavy(("p", "k", "1"), 7)):
        with pytest.raises(Full):
            store.put(refused)
    assert [(kept.key[-1], kept.weight) for kept in store.below(("p", "k"))] == [("1", 6), ("2", 4)]
    store.put(Heavy(("p", "k", "1"), 3))
    store.put(Heavy(("p", "k", "3"), 3))
    store.remove(("p", "k", "2"))
    store.put(Heavy(("p", "k", "4"), 4))
    with pytest.raises(Full):
        store.put(Heavy(("p", "k", "5"), 1))


def test_of_8_threads_that_cancel_the_same_task_one_does(contract: Any) -> None:
    kept = tasks(contract)
    task = kept.create("task", ME, 0, FACTS)
    assert sorted(at_once(lambda which: kept.happen(task, "cancel", 1))) == [*[False] * 7, True]
    assert [event.name for event in kept.all("task", ME)[0].events] == ["cancel"]


def test_what_happens_to_a_removed_task_does_not_bring_it_back(contract: Any) -> None:
    kept = tasks(contract)
    task = kept.create("task", ME, 0, FACTS)
    kept.remove(task, 1)
    assert not kept.happen(task, "cancel", 1)
    assert kept.everything() == []


def test_the_events_of_a_task_are_kept_in_the_order_of_their_times(contract: Any) -> None:
    kept = tasks(contract)
    task = kept.create("task", ME, 0, FACTS)
    assert kept.happen(task, "pause", 1.5)
    assert kept.happen(task, "resume", 1)
    current = kept.get("task", ME, task.id)
    assert current is not None
    assert [(event.name, event.at) for event in current.events] == [("pause", 1.5), ("resume", 1.5)]


@pytest.mark.parametrize(
    ("speaks_of", "members"),
    [
        ([], {"id"}), (["request", "tasks"], {"id"}), (["task.created"], {"id", "created"}), (["task.state", "task.request"], {"id", "state", "request"}), (["task.failure", "task.ended"], {"id"}),
        (["task"], {"id", "kind", "state", "phase", "created", "updated", "created_at", "sent", "request", "resource", "host"}),
    ],
)  # fmt: skip
def test_of_a_task_is_found_out_what_a_view_speaks_of_and_its_id(contract: Any, speaks_of: list[str], members: set[str]) -> None:
    kept = tasks(contract)
    task = kept.create("task", ME, 0, FACTS)
    assert shower(contract, kept, speaks_of)(task, 0).keys() == members
