"""What plain stubs see of a defect: the same call, answered with canned documented answers by respx and `responses`.

Knows the two libraries, and how a good suite of stubs is made: from what a correct client was once answered. Law: measured, never
claimed. A stub sees a defect when the call raises, goes where nothing is stubbed, or returns something else than the correct
client does.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple
from unittest.mock import patch

import httpx
import respx
from responses import RequestsMock

from mockcloud import ClientContract, Cloud, Response, VirtualClock
from mockcloud.conduct import certificates
from mockcloud.conduct.calling import Caller, Endless, Outcome, Raised, Returned, Stopped
from mockcloud.drafting import decks
from mockcloud.drafting.requests.arguments import as_arguments
from mockcloud.drafting.sessions.scene import Scene
from mockcloud.drafting.sessions.session import Session
from mockcloud.state.journal import Exchange

PATIENCE = 50
"""How often a client may sleep on stubs, whose tasks never change."""


class Place(NamedTuple):
    """Where a request goes: its method, its host and path, and the word in its body that tells one operation from another."""

    method: str
    url: str
    word: str


class Canned(NamedTuple):
    """A call's arguments, and for each place the last answer that a correct client got there."""

    arguments: dict[str, Any]
    answers: dict[Place, Response]


class Seen(NamedTuple):
    """What a test on stubs asserts: what the call returned and how the wait ended, or the error."""

    result: Any
    state: Any
    problem: str


def sees(correct: type[ClientContract], wrong: type[ClientContract]) -> str:
    """How a test on stubs of a correct client notices the wrong one; empty when it does not."""
    canned = recorded(correct)
    wanted, found = tried(correct, canned), tried(wrong, canned)
    assert not wanted.problem, f"the correct client fails on stubs: {wanted.problem}"
    if found.problem:
        return found.problem
    if found.result != wanted.result:
        return "returned something else"
    return "" if found.state == wanted.state else "ended otherwise"


@cache
def recorded(contract: type[ClientContract]) -> Canned:
    """What a correct client is answered to the smallest valid call, and to its wait."""
    dossier, operation = decks.operation_of(contract.operation)
    cloud = Cloud([dossier.name], clock=VirtualClock())
    scene = Scene(Session(dossier, cloud), lambda one: iter(decks.drafts(one.id)))
    scene.prepare(operation)
    arguments = as_arguments(dossier.contract, scene.placed(decks.drafts(operation.id)[0]))
    before = len(cloud.journal)
    with cloud.intercept(), sleeping(cloud.clock.advance):
        outcome = walked(contract(), arguments, cloud)
    assert not outcome.problem, outcome.problem
    return Canned(arguments, {_place(one): one.response for one in list(cloud.journal)[before:]})


def tried(contract: type[ClientContract], canned: Canned) -> Seen:
    """The same call on stubs."""
    with stubbed(canned.answers), sleeping(_Patience()):
        return walked(contract(), canned.arguments, Cloud([contract.operation.partition(".")[0]]))


def walked(suite: Any, arguments: dict[str, Any], cloud: Cloud) -> Seen:
    """A call, what was read of it, and the wait for its end."""
    with certificates.read_once(), Caller() as caller:
        client = caller.call(suite.client, cloud)
        called = caller.outcome(suite.call, client, arguments)
        if not isinstance(called, Returned):
            return Seen(None, None, _problem(called))
        result = suite.result(called.value) if hasattr(suite, "result") else None
        waited = caller.outcome(suite.wait, client, called.value) if hasattr(suite, "wait") else Returned(None)
        return Seen(result, waited.value, "") if isinstance(waited, Returned) else Seen(result, None, _problem(waited))


def _problem(outcome: Outcome) -> str:
    if isinstance(outcome, Raised):
        return f"raised {type(outcome.error).__name__}"
    assert isinstance(outcome, Endless)
    return outcome.reason


class _Patience:
    """Sleeps for nothing, and not for ever."""

    def __init__(self) -> None:
        self.left = PATIENCE

    def __call__(self, seconds: float) -> None:
        self.left -= 1
        if not self.left:
            raise Stopped("it waits for ever")


@contextmanager
def sleeping(how: Callable[[float], Any]) -> Iterator[None]:
    """While open, whoever sleeps does this instead."""

    async def asleep(seconds: float, result: Any = None) -> Any:
        how(seconds)
        return result

    with patch("time.sleep", how), patch.object(asyncio, "sleep", asleep):
        yield


@contextmanager
def stubbed(answers: dict[Place, Response]) -> Iterator[None]:
    """While open, both libraries answer so."""
    with respx.mock(assert_all_called=False) as router, RequestsMock(assert_all_requests_are_fired=False) as registry:
        for (method, url, word), answer in answers.items():
            anywhere = re.compile(rf"https?://{re.escape(url)}(\?.*)?$")
            made = httpx.Response(
                answer.status, headers={"Content-Type": answer.header("content-type") or ""}, content=answer.body
            )
            router.request(method, url__regex=anywhere.pattern, content__contains=word.encode()).mock(return_value=made)
            kind = answer.header("content-type") or "text/plain"
            registry.add(method, anywhere, body=answer.body, status=answer.status, content_type=kind, match=[_saying(word)])
        yield


def _saying(word: str) -> Callable[[Any], tuple[bool, str]]:
    """Whether a request of the library requests has a word in its body."""
    return lambda request: (word.encode() in _bytes(request.body), f"{word} is not in the body")


def _bytes(body: str | bytes | None) -> bytes:
    return body.encode() if isinstance(body, str) else body or b""


def _place(exchange: Exchange) -> Place:
    """Where one URL is all operations', the one that is asked for is a word of the body."""
    request, selector = exchange.request, decks.operation_of(exchange.operation)[1].selector
    word = str(selector.equals) if selector is not None and selector.equals is not None else ""
    return Place(request.method, f"{request.host}{request.path}", word if word.encode() in request.body else "")
