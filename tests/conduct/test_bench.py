"""The bench: ways in, clients that do not end, sleep that takes no time, and nothing left behind."""

from __future__ import annotations

import asyncio
import importlib
import os
import ssl
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import sleep as taken_by_name
from typing import Any

import httpx
import pytest
from cases import ROOT
from conduct.clients import AsyncCreating, AsyncPontus, Creating, Pontus
from conduct.running import over, run
from conduct.wrong import ALLOWED, GIVEN, SIGNED, WAITED
from werkzeug.test import Client

from mockcloud.conduct.bench import Doors
from mockcloud.conduct.certificates import read_once
from mockcloud.conduct.signing import local_time, strict_of_repeats, strict_of_time
from mockcloud.conduct.timeless import no_sleep
from mockcloud.messages import Response
from mockcloud.state.journal import Exchange

PATH = "/api/v1/profiles"


def test_every_door_leads_to_the_bench_that_stands_now() -> None:
    with Doors("pontus") as doors:
        first, second = doors.fresh(), doors.fresh()
        httpx.get(f"https://media.pontus.com{PATH}")
        httpx.get(f"{second.base_url}{PATH}")
        Client(second.wsgi_app).get(PATH, base_url="http://media.pontus.com")
        with second.intercept():
            httpx.get(f"https://media.pontus.com{PATH}")
        assert [len(first.asked), len(second.asked)] == [0, 4]


def test_what_is_asked_of_the_bench_itself_is_no_clients() -> None:
    with Doors("pontus") as doors:
        bench = doors.fresh()
        httpx.get(f"https://media.pontus.com{PATH}")
        bench.handle(bench.journal.last.request)
        assert [len(bench.asked), len(bench.journal)] == [1, 2]


def test_who_asks_while_the_same_thread_is_answered_is_answered_too() -> None:
    with Doors("pontus") as doors:
        bench = doors.fresh()

        def collected(exchange: Exchange) -> Response:
            if len(bench.asked) < 2:
                httpx.get(f"https://media.pontus.com{PATH}")
            return exchange.response

        bench.plan = collected
        assert httpx.get(f"https://media.pontus.com{PATH}").status_code == 403
        assert len(bench.asked) == 2


def test_a_client_that_asks_for_ever_is_stopped_whatever_it_catches() -> None:
    class Endless(Pontus):
        def create(self, version: str, **body: Any) -> dict[str, Any]:
            while True:
                with suppress(Exception):
                    super().create(version, **body)

    page = run(over(Creating, Endless), ALLOWED).page
    assert "it does not end" in page.split("\n", 1)[0]
    assert "was stopped: it had sent 200 requests and went on" in page


def test_an_awaited_client_that_asks_for_ever_is_stopped() -> None:
    class Endless(AsyncPontus):
        async def wait(self, version: str, task: str) -> str:
            while True:
                await self.send("GET", f"{self.tasks(version)}/{task}")
                await asyncio.sleep(60)

        async def create(self, version: str, **body: Any) -> dict[str, Any]:
            return await self.send("POST", self.tasks(version), self.encoded(body))

    contract = type("OfEndless", (Creating,), {"made_of": Endless, "call": _created, "wait": _waited})
    assert "its waiting does not end" in run(contract, WAITED).page


def test_a_client_that_asks_for_ever_in_a_thread_of_its_own_is_stopped_there() -> None:
    asked: list[int] = []

    class Threaded(Pontus):
        def wait(self, version: str, task: str) -> str:
            with ThreadPoolExecutor(1) as pool:
                return pool.submit(self.polled, version, task).result()

        def polled(self, version: str, task: str) -> str:
            for number in range(1000):
                asked.append(number)
                with suppress(Exception):
                    self.get(version, task)
            return "never"

    assert "its waiting does not end" in run(over(Creating, Threaded), WAITED).page
    assert len(asked) < 100


async def _created(self: Any, client: Any, args: dict[str, Any]) -> Any:
    return await client.create(**args)


async def _waited(self: Any, client: Any, returned: Any) -> Any:
    return await client.wait("v1", returned["task_id"])


def test_sleeping_takes_no_time_under_any_name_and_is_itself_again_afterwards() -> None:
    before = (time.sleep, asyncio.sleep, taken_by_name)
    with no_sleep():
        time.sleep(10_000)
        taken_by_name(10_000)
        assert asyncio.run(_slept()) == "woken"
    assert (time.sleep, asyncio.sleep, taken_by_name) == before


def test_who_is_imported_while_sleeping_takes_no_time_sleeps_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "latecomer.py").write_text("from asyncio import sleep as asleep\nfrom time import sleep\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with no_sleep():
        latecomer = importlib.import_module("latecomer")
        latecomer.sleep(10_000)
    assert (latecomer.sleep, latecomer.asleep) == (time.sleep, asyncio.sleep)


async def _slept() -> str:
    return await asyncio.sleep(10_000, "woken")


def test_certificates_are_read_once_while_it_is_open_by_whoever_took_the_function_then() -> None:
    with read_once():
        taken = ssl.create_default_context
        assert taken() is taken()
    assert taken() is not taken()


def test_a_test_leaves_the_process_as_it_found_it() -> None:
    before = (ssl.create_default_context, time.sleep, os.environ.get("TZ"), time.tzname)
    assert not run(over(Creating, Pontus, examples=1), SIGNED).page
    assert (ssl.create_default_context, time.sleep, os.environ.get("TZ"), time.tzname) == before


def test_a_time_zone_holds_while_it_is_open() -> None:
    with local_time("<+08>-8"):
        assert time.localtime(0).tm_hour == 8
    with local_time(""):
        assert os.environ.get("TZ") != "<+08>-8"


@pytest.mark.parametrize(
    ("operation", "repeats", "old"),
    [
        ("pontus.createTranscodingTask", {"reject_reused_nonce": True}, {"max_skew_seconds": 900}),
        ("tencent_ci.CreateMediaJobs", {}, {}),
    ],
)
def test_the_settings_that_catch_a_repeated_and_an_old_request_are_found(operation: str, repeats: Any, old: Any) -> None:
    assert strict_of_repeats(operation) == repeats
    assert strict_of_time(operation) == old


def test_a_clock_in_local_time_is_found_in_a_zone_and_one_in_milliseconds_is_not_taken_for_it() -> None:
    class Local(Pontus):
        def now(self) -> str:
            return str(int(time.time()) - time.timezone)

    class Milliseconds(Pontus):
        def now(self) -> str:
            return str(int(time.time() * 1000))

    assert "the vendor does not accept its signature in the time zone" in run(over(Creating, Local), SIGNED).page
    assert not run(over(Creating, Milliseconds, examples=1), SIGNED).page


def test_clients_are_closed_when_their_case_is_over() -> None:
    made: list[Any] = []

    class Kept(Pontus):
        def __init__(self, *given: str) -> None:
            super().__init__(*given)
            made.append(self)

    assert not run(over(Creating, Kept, examples=1), ALLOWED).page
    assert made
    assert all(client.http.is_closed for client in made)


def test_what_a_task_of_the_client_sends_at_the_very_end_does_not_leave_the_process() -> None:
    answered: list[int] = []
    tasks: list[asyncio.Task[None]] = []

    class Watching(AsyncPontus):
        async def create(self, version: str, **body: Any) -> dict[str, Any]:
            tasks.append(asyncio.create_task(self.watched()))
            return await super().create(version, **body)

        async def watched(self) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                async with httpx.AsyncClient() as client:
                    answered.append((await client.get(f"{self.url}{PATH}")).status_code)

    arguments = {"version": "v1", "source": {"source_url": "x"}, "targets": [{"target_url": "y"}]}
    assert not run(over(AsyncCreating, Watching), GIVEN, arguments=arguments).page
    assert answered == [403]


TRACED = """
import sys, threading
threading.settrace(lambda *_: None)
from conduct.clients import ServedCreating
from conduct.running import over, run
from conduct.wrong import WAITED, EndlessOnASocket
class Endless(EndlessOnASocket):
    patience = None
print(run(over(ServedCreating, Endless), WAITED).page)
"""


def test_a_client_on_a_socket_is_stopped_while_threads_are_traced_though_it_waits_for_ever() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    done = subprocess.run(
        [sys.executable, "-c", TRACED], capture_output=True, text=True, check=False, timeout=60, env=environment
    )
    assert "its waiting does not end" in done.stdout, done.stderr
