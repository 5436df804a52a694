"""The one place that reads time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcloud.contracts.times import TimeFormat, http_date
from mockcloud.errors import UsageError
from mockcloud.state import clock as module
from mockcloud.state.clock import RealClock, VirtualClock, moment, opened_clock, seconds

LAW = settings(max_examples=100, deadline=None, database=None, derandomize=True)


def test_a_virtual_clock_moves_by_its_tick_and_by_what_it_is_advanced() -> None:
    clock = VirtualClock(100, 0.5)
    assert [clock.now(), clock.tick(), clock.now(), clock.advance(10), clock.advance("2m"), clock.tick()] == [
        100,
        100.5,
        100.5,
        110.5,
        230.5,
        231,
    ]


def test_a_virtual_clock_starts_at_a_whole_second_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.time, "time", lambda: 1234.9)
    assert VirtualClock().now() == 1234.0


def test_a_tick_of_0_stands_still_and_a_negative_one_is_refused() -> None:
    assert VirtualClock(5, 0).tick() == 5
    with pytest.raises(UsageError, match="a tick is not negative"):
        VirtualClock(tick=-1)


@pytest.mark.parametrize(
    ("text", "wanted"), [(0, 0), (1.5, 1.5), ("90", 90), ("90s", 90), ("10m", 600), ("2h", 7200), ("1d", 86400), (" 1.5h ", 5400)]
)
def test_a_duration_is_seconds_or_a_number_with_a_unit(text: float | str, wanted: float) -> None:
    assert seconds(text) == wanted


@pytest.mark.parametrize(
    "text", [-1, "-1s", "", "m", "1 m", "1w", "1e3", "0x1", "inf", float("nan"), float("inf"), "1.", ".5", None, True, "１"]
)
def test_a_duration_that_is_none_is_refused(text: object) -> None:
    with pytest.raises(UsageError, match="a duration is not negative"):
        seconds(text)  # type: ignore[arg-type]


@LAW
@given(st.floats(0, 1e20, allow_nan=False))
def test_every_number_of_seconds_that_is_not_negative_is_a_duration(number: float) -> None:
    assert seconds(number) == number


@LAW
@given(st.lists(st.floats(0, 1e6).map(lambda x: round(x, 3)), max_size=10))
def test_a_virtual_clock_never_goes_back(steps: list[float]) -> None:
    clock = VirtualClock(0, 0.25)
    seen = [clock.now()]
    for step in steps:
        seen += [clock.advance(step), clock.tick()]
    assert seen == sorted(seen)


def test_no_tick_of_a_virtual_clock_is_lost_between_8_threads() -> None:
    clock = VirtualClock(0, 1)
    threads = [threading.Thread(target=lambda: [clock.tick() for _ in range(500)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.now() == 4000


def test_a_real_clock_runs_at_its_speed_and_is_advanced(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = {"time": 1000.0, "monotonic": 50.0}
    monkeypatch.setattr(module.time, "time", lambda: moment["time"])
    monkeypatch.setattr(module.time, "monotonic", lambda: moment["monotonic"])
    clock = RealClock(2)
    moment["monotonic"] = 53.0
    assert (clock.now(), clock.tick(), clock.advance("1m"), clock.now()) == (1006.0, 1006.0, 1066.0, 1066.0)
    moment["time"] = 0.0  # the machine's clock is set back: ours does not follow
    assert clock.now() == 1066.0


@pytest.mark.parametrize("speed", [0, -1])
def test_a_speed_that_is_not_greater_than_0_is_refused(speed: float) -> None:
    with pytest.raises(UsageError, match="greater than 0"):
        RealClock(speed)


def test_a_clock_is_opened_by_its_name() -> None:
    mine = VirtualClock(1)
    assert opened_clock(mine) is mine
    assert isinstance(opened_clock(None), VirtualClock)
    assert isinstance(opened_clock("real"), RealClock)
    for text, tick in (("virtual", 1), ("virtual:0", 0), ("virtual:10m", 600), ("virtual:0.5", 0.5)):
        clock = opened_clock(text)
        assert clock.tick() - (clock.now() - tick) == tick


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("virtual@0", 1.0),
        ("virtual:0@1767268800", 1_767_268_800.0),
        ("virtual:10m@1767268800.5", 1_767_269_400.5),
        ("virtual@2026-01-01T12:00:00Z", 1_767_268_801.0),
        ("virtual:2@2026-01-01T20:00:00+08:00", 1_767_268_802.0),
        ("virtual:0@2026-01-01T12:00:00", 1_767_268_800.0),
        ("virtual:0@2026-01-01", 1_767_225_600.0),
    ],
)
def test_a_virtual_clock_starts_where_its_name_says(text: str, first: float) -> None:
    assert opened_clock(text).tick() == first


@pytest.mark.parametrize(
    "text", ["", "noon", "-1", "1e9", " 0", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59", "999999999999", "２０２６-01-01", "2026-02-30"]
)  # fmt: skip
def test_a_start_that_is_no_time_is_refused_with_what_one_is_like(text: str) -> None:
    with pytest.raises(UsageError, match="a clock starts at seconds since the epoch or a time like 2026-01-01T12:00:00Z"):
        opened_clock(f"virtual@{text}")


@LAW
@given(st.integers(0, 250_000_000_000))
def test_every_second_of_the_calendar_is_a_start_however_it_is_written(second: int) -> None:
    assert moment(str(second)) == moment(datetime.fromtimestamp(second, UTC).isoformat()) == second


@pytest.mark.parametrize("text", ["", "reel", "real:2", "real@0", "virtual:-1", "virtual:x", "virtual:x@0", "VIRTUAL", "@0"])
def test_a_clock_of_another_name_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        opened_clock(text)


@pytest.mark.parametrize(
    ("pattern", "offset", "wanted"),
    [
        ("%Y-%m-%dT%H:%M:%SZ", "+00:00", "2026-01-01T00:00:00Z"),
        ("%Y-%m-%dT%H:%M:%S.%LZ", "+00:00", "2026-01-01T00:00:00.250Z"),
        ("%Y-%m-%dT%H:%M:%S%z", "+08:00", "2026-01-01T08:00:00+0800"),
        ("%H:%M %z", "-05:30", "18:30 -0530"),
    ],
)
def test_a_time_is_written_as_its_provider_writes_it(pattern: str, offset: str, wanted: str) -> None:
    assert TimeFormat(pattern, offset).render(1_767_225_600.25) == wanted


@LAW
@given(st.integers(0, 4_000_000_000_000))
def test_every_millisecond_is_written_as_itself(milliseconds: int) -> None:
    second, rest = divmod(milliseconds, 1000)
    text = TimeFormat("%L", "+00:00").render(milliseconds / 1000)
    assert int(text) == rest, second


@LAW
@given(st.integers(-4_000_000_000, -1))
def test_every_whole_second_before_1970_is_written_without_milliseconds(second: int) -> None:
    assert TimeFormat("%L", "+00:00").render(float(second)) == "000"


def test_a_date_header_is_in_gmt() -> None:
    assert http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT"
