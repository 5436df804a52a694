"""Clients that do what few do: each is told right from wrong all the same."""

from __future__ import annotations

import asyncio
import time
import warnings
from typing import Any

import httpx
import pytest
from conduct.clients import AsyncCreating, AsyncPontus, Creating, Getting, Pontus, PontusError
from conduct.running import over, run
from conduct.wrong import ALLOWED, FORBIDDEN, GIVEN, IGNORED, ONCE, RAISED, READ, SURVIVED, WAITED

from mockcloud import ClientContract, Cloud, Credential
from mockcloud.drafting import decks
from mockcloud.drafting.requests.arguments import drafted


def test_a_client_that_tries_again_once_survives_what_happens_once() -> None:
    class Patient(Pontus):
        def send(self, method: str, path: str, content: bytes = b"") -> dict[str, Any]:
            for _ in range(3):
                try:
                    return super().send(method, path, content)
                except PontusError as problem:
                    last = problem
                    time.sleep(30)
            raise last

    assert not run(over(Creating, Patient), SURVIVED).page


@pytest.mark.parametrize("clock", ["time", "monotonic"])
def test_a_client_that_tries_again_until_a_deadline_ends(clock: str) -> None:
    class Persistent(Pontus):
        def send(self, method: str, path: str, content: bytes = b"") -> dict[str, Any]:
            end = getattr(time, clock)() + 60
            while True:
                try:
                    return super().send(method, path, content)
                except PontusError:
                    if getattr(time, clock)() >= end:
                        raise
                    time.sleep(10)

    before = (time.time, time.monotonic)
    assert not run(over(Creating, Persistent), SURVIVED).page
    assert (time.time, time.monotonic) == before


@pytest.mark.parametrize("contract", [Creating, AsyncCreating])
def test_a_client_that_sets_no_timeout_is_told_of_in_a_page_and_by_no_warning(contract: type[ClientContract]) -> None:
    class Sync(Pontus):
        def __init__(self, *given: str) -> None:
            super().__init__(*given)
            self.http = httpx.Client(timeout=None)  # noqa: S113  # which is the point

    class Async(AsyncPontus):
        timeout = None

    suite = over(contract, Sync if contract is Creating else Async)
    page = run(suite, SURVIVED).page
    assert "it sets no timeout and would wait for ever when it meets: timeout again and again" in page.split("\n", 1)[0]
    assert not run(suite, ONCE).page


def test_what_a_client_warns_of_under_faults_is_warned_of() -> None:
    class Warned(Pontus):
        def read(self, status: int, body: bytes) -> dict[str, Any]:
            warnings.warn("this is old", DeprecationWarning, stacklevel=1)
            return super().read(status, body)

    with pytest.warns(DeprecationWarning, match="this is old"):
        assert not run(over(Creating, Warned), SURVIVED).page


def test_a_client_that_changes_its_arguments_hides_nothing_by_it() -> None:
    class Dropping(Creating):
        examples = 0

        def call(self, client: Any, args: dict[str, Any]) -> Any:
            args.pop("profile_name", None)
            return client.create(**args)

    class Rewriting(Pontus):
        def body(self, body: dict[str, Any]) -> dict[str, Any]:
            body["source"]["source_url"] = "http://own/x"
            return body

    assert "profile_name was given as 'x' and does not arrive" in run(Dropping, GIVEN).page
    assert "source.source_url was given as 'x' and arrives as 'http://own/x'" in run(over(Creating, Rewriting), GIVEN).page
    assert not run(Creating, GIVEN).page, "the deck is as it was"


@pytest.mark.parametrize("error", [SystemExit, asyncio.CancelledError])
def test_a_client_that_ends_the_program_crashes_and_one_that_is_to_raises_its_error(error: type[BaseException]) -> None:
    class Ending(Pontus):
        def read(self, status: int, body: bytes) -> dict[str, Any]:
            if status != 200:
                raise error(self.parsed(body)["code"])
            return super().read(status, body)

    assert "it crashes when it is refused" in run(over(Creating, Ending, code=None), RAISED).page
    assert not run(over(Creating, Ending, code=None, error=error), RAISED).page


def test_names_that_no_answer_has_are_told_with_those_that_answers_have() -> None:
    class Renaming(Creating):
        def result(self, returned: Any) -> Any:
            return {"identity": returned["task_id"]}

    page = run(Renaming, READ).page
    assert "`result` reports identity: no member that the fullest answer has" in page
    assert "some of task_id, by the names that answers have" in page


def test_what_a_call_cannot_say_to_its_client_may_fail_within_a_comprehension() -> None:
    class Saying(Creating):
        examples = 0

        def call(self, client: Any, args: dict[str, Any]) -> Any:
            return client.create(**{**args, "targets": [{"target_url": one["target_url"]} for one in args["targets"]]})

    assert not run(Saying, FORBIDDEN).page


class RefusedError(Exception):
    """The vendor said no."""


class Spoken(ClientContract):
    """Of a client that says by itself nothing but what `said` makes of its arguments, and lets us sign it."""

    error = RefusedError
    examples = 0

    def client(self, cloud: Cloud) -> Credential:
        return cloud.credentials(self.operation.partition(".")[0])

    def call(self, client: Credential, args: dict[str, Any]) -> Any:
        known = decks.valid(self.operation)[0]
        asked = known.sign(drafted(known.draft.operation, self.said(args)).request(known.host), client, time.time())
        url = f"https://{asked.host}{asked.target}"
        answer = httpx.request(asked.method, url, headers=list(asked.headers), content=asked.body)
        if answer.status_code != 200 or answer.json().get("RetCode"):
            raise RefusedError(answer.text)

    def said(self, args: dict[str, Any]) -> dict[str, Any]:
        return args


def test_a_client_that_leaves_out_what_is_empty_is_shown_with_what_it_left_out() -> None:
    class Emptied(Spoken):
        operation = "jdcloud.createThumbnailTask"

        def said(self, args: dict[str, Any]) -> dict[str, Any]:
            return {name: value for name, value in args.items() if value not in ([], {})}

    page = run(Emptied, FORBIDDEN).page
    assert "it sends something else than it was given, and the cloud takes it" in page.split("\n", 1)[0]
    assert "'rule': []" in page
    assert "createThumbnailTask/request#/rule:type" in page


def test_what_is_allowed_beside_a_clients_own_values_is_no_fault_of_its() -> None:
    class Filling(Spoken):
        operation = "ucloud.CreateFunctionTemplate"
        arguments = (
            "Region",
            "Zone",
            "ProjectName",
            "TemplateName",
            "Function",
            "ContainerFormat",
            "EncodeFormat",
            "VideoBitRate",
        )

        def said(self, args: dict[str, Any]) -> dict[str, Any]:
            return {"Action": "CreateFunctionTemplate", "VideoBitRateCustom": "1000", **args}

    ended = run(Filling, FORBIDDEN)
    assert not ended.page, ended.page
    assert ended.examples


def test_where_a_client_asks_further_at_every_answer_nothing_tells_what_it_reads() -> None:
    class Further(Creating):
        def call(self, client: Any, args: dict[str, Any]) -> Any:
            return client.get("v1", client.create(**args)["task_id"])

    for test in (READ, IGNORED):
        assert run(Further, test).reason.startswith("its client asked further at every answer and was refused that")


def test_what_is_read_is_learned_from_the_fullest_answer_at_which_the_client_does_not_ask_further() -> None:
    class Following(Getting):
        examples = 0

        def call(self, client: Any, args: dict[str, Any]) -> Any:
            found = client.get(args["version"], args["task_id"])
            return client.get("v1", "another") if "error" in found else found

    ended = run(Following, READ)
    assert not ended.page, ended.page
    assert not ended.reason


def test_every_function_of_a_class_may_be_awaited() -> None:
    class Awaited(Creating):
        examples = 1
        error = (PontusError, ZeroDivisionError)

        async def client(self, cloud: Any) -> Any:
            return super().client(cloud)

        async def call(self, client: Any, args: dict[str, Any]) -> Any:
            return super().call(client, args)

        async def result(self, returned: Any) -> Any:
            return super().result(returned)

        async def code(self, error: PontusError) -> str:
            return super().code(error)

        async def wait(self, client: Any, returned: Any) -> Any:
            return super().wait(client, returned)

    for test in (ALLOWED, READ, RAISED, WAITED):
        ended = run(Awaited, test)
        assert not ended.page, ended.page
        assert ended.examples
