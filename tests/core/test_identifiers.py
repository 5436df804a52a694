"""Identifiers: the shape that each provider declares, the same for the same seed, no two alike."""

from __future__ import annotations

import base64
import random
import re
import threading
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcloud.contracts import folders
from mockcloud.contracts.loader import load
from mockcloud.state.identifiers import Identifiers

LAW = settings(max_examples=60, deadline=None, database=None, derandomize=True)
NOW = 1_767_225_600.123


def made(*parts: Any, now: float = NOW, seed: int = 0, times: int = 1) -> list[str]:
    identifiers = Identifiers({"x": list(parts)}, seed, "p")
    return [identifiers.make("x", now) for _ in range(times)]


@pytest.mark.parametrize(
    ("parts", "shape"),
    [
        (["a-", "b"], "a-b"),
        (["a%s-%"], "a%s-%"),
        (["%d", {"count": 1}, "%"], "%d1%"),
        ([{"random": "xyz", "length": 8}], "[xyz]{8}"),
        ([{"time": "seconds"}], "1767225600"),
        ([{"time": "milliseconds"}], "1767225600123"),
        ([{"time": "hex-seconds"}], "6955b900"),
        ([{"sequence": 4}], "0000"),
        ([{"count": 7}], "7"),
        ([{"uuid": 4}], "[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}"),
        ([{"uuid": 4, "hyphens": True}], "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        ([{"uuid": 1}], "[0-9a-f]{12}1[0-9a-f]{3}[89ab][0-9a-f]{15}"),
        ([{"base64": ["abc", {"count": 1}]}], "YWJjMQ=="),
    ],
)
def test_an_identifier_has_the_shape_of_its_parts(parts: list[Any], shape: str) -> None:
    (one,) = made(*parts)
    assert re.fullmatch(shape, one), one


def test_a_uuid_1_carries_its_time() -> None:
    one = UUID(made({"uuid": 1})[0])
    assert one.version == 1
    ticks = one.time
    assert abs((ticks / 10_000_000 - 12_219_292_800) - NOW) < 0.01


@pytest.mark.parametrize("seed", range(20))
def test_a_uuid_4_is_random_but_for_its_version_and_its_variant(seed: int) -> None:
    one = UUID(made({"uuid": 4}, seed=seed)[0])
    drawn = random.Random(f"{seed}/p").getrandbits(128)
    assert one == UUID(int=drawn, version=4)


def test_a_count_goes_on_from_its_first_and_two_counts_do_not_disturb_each_other() -> None:
    identifiers = Identifiers({"a": [{"count": 5}, "-", {"count": 5}], "b": [{"count": 5}]}, 0, "p")
    assert [identifiers.make("a", 0), identifiers.make("b", 0), identifiers.make("a", 0)] == ["5-5", "5", "6-6"]


def test_a_sequence_restarts_each_millisecond() -> None:
    identifiers = Identifiers({"x": [{"sequence": 2}]}, 0, "p")
    assert [identifiers.make("x", now) for now in (1.0, 1.0, 1.0004, 1.001, 1.002, 1.002)] == ["00", "01", "02", "00", "00", "01"]


def test_a_sequence_begins_at_0_also_at_the_epoch() -> None:
    assert made({"sequence": 1}, now=0.0, times=2) == ["0", "1"]


def test_a_sequence_keeps_its_width_and_begins_anew() -> None:
    assert made({"sequence": 1}, times=12)[-3:] == ["9", "0", "1"]


def test_random_letters_may_be_of_any_alphabet() -> None:
    assert re.fullmatch("[你é]{8}", made({"random": "你é", "length": 8})[0])


@LAW
@given(st.integers(), st.sampled_from(sorted(folders.known())), st.floats(1, 4e9))
def test_the_same_seed_gives_the_same_identifiers_and_no_two_are_alike(seed: int, provider: str, now: float) -> None:
    shapes = load(folders.known()[provider]).identifiers
    one, two = (Identifiers(shapes, seed, provider) for _ in range(2))
    for name in shapes:
        first = [one.make(name, now) for _ in range(20)]
        assert [two.make(name, now) for _ in range(20)] == first
        assert len(set(first)) == 20


def test_another_seed_and_another_provider_give_other_identifiers() -> None:
    shape = {"x": [{"random": "0123456789abcdef", "length": 16}]}
    made = {Identifiers(shape, seed, provider).make("x", 0) for seed in (0, 1) for provider in ("p", "q")}
    assert len(made) == 4


def test_4000_identifiers_of_8_threads_are_all_different() -> None:
    identifiers = Identifiers({"x": [{"time": "milliseconds"}, "-", {"sequence": 4}, "-", {"count": 0}]}, 0, "p")
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.extend([identifiers.make("x", NOW) for _ in range(500)])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 4000
    assert sorted(int(one.rpartition("-")[2]) for one in found) == list(range(4000))


def test_base64_parts_are_joined_before_they_are_encoded() -> None:
    (one,) = made({"base64": [{"time": "hex-seconds"}, "_", {"random": "ab", "length": 3}]})
    assert re.fullmatch("6955b900_[ab]{3}", base64.b64decode(one).decode())
