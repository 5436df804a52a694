"""What came once is known again, as long as it is remembered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from mockcloud.state.replays import Replays


def test_a_text_is_new_once() -> None:
    replays = Replays()
    assert [replays.is_new(text) for text in ("a", "b", "a", "b", "c")] == [True, True, False, False, True]


def test_the_oldest_text_is_forgotten_first() -> None:
    replays = Replays(2)
    assert [replays.is_new(text) for text in ("a", "b", "c", "b", "a")] == [True, True, True, False, True]


def test_of_many_threads_with_one_text_one_is_told_that_it_is_new() -> None:
    replays = Replays()
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(replays.is_new, [str(n // 8) for n in range(800)]))
    assert sum(told) == 100
