"""The cloud that a client is tried on, and the ways in: an interception, and a loopback server for who asks for its URL.

Knows what the client asked and what it shall be answered; knows no question. Law: a request is always handled as the cloud
would, and only then answered otherwise, so that what was asked is judged even where the answer is made up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from types import TracebackType
from typing import Any, Final, Self

from mockcloud.cloud import Cloud
from mockcloud.conduct import certificates, timeless
from mockcloud.conduct.calling import Stopped, stop
from mockcloud.errors import MissingExtra
from mockcloud.interceptors import intercept
from mockcloud.messages import Request, Response, TransportFault
from mockcloud.state.clock import VirtualClock
from mockcloud.state.journal import Exchange

REQUESTS: Final = 200
"""How many requests a client may send in one call before it is taken for endless."""

Plan = Callable[[Exchange], Response]
"""What is answered in place of the cloud's own answer, given what was asked and how the cloud would have answered."""

NO_ANSWER: Final = Response(0)
"""What a client saw of an answer that was lost; the exchange's note says how."""


class Bench(Cloud):
    """A cloud of one provider, and what its client asked of it through the doors.

    `asked` are the client's exchanges as it saw them, `handled` the same as the cloud saw them; `base_url` is a loopback server
    in front of this cloud. Whatever asks `handle` itself is no client and leaves no trace in either.
    """

    def __init__(self, doors: Doors, provider: str, **options: Any) -> None:
        super().__init__([provider], **{"clock": VirtualClock(), **options})
        self.asked: list[Exchange] = []
        self.handled: list[Exchange] = []
        self.serving: Callable[[Request], Response] = self.handle
        """What handles a client's requests."""
        self.plan: Plan | None = None
        self.limit = REQUESTS
        self._doors = doors
        # What no operation documents is a failure of the client's and told as such.
        self.report = lambda problem: None

    @property
    def base_url(self) -> str:
        """The URL of a loopback server over this cloud, without a slash at its end."""
        return self._doors.base_url

    @property
    def wsgi_app(self) -> Callable[..., Iterable[bytes]]:
        """This cloud as a WSGI application."""
        from mockcloud.server.application import application

        return application(self._doors)

    def intercept(self, allow: Sequence[str] = ()) -> AbstractContextManager[None]:
        """As `Cloud.intercept`; whoever is tried on a bench is intercepted already."""
        return intercept(self._doors, allow)

    def deliver(self) -> None:
        """Nothing: no callback leaves a bench."""

    def receive(self, request: Request) -> Response:
        """Answer a request of the client, as planned where there is a plan. May raise what a plan raises."""
        response = self.serving(request)
        exchange = self.journal.last
        self.asked.append(exchange)
        self.handled.append(exchange)
        if len(self.asked) > self.limit:
            raise Stopped(f"it had sent {self.limit} requests and went on")
        if self.plan is None:
            return response
        try:
            planned = self.plan(exchange)
        except TransportFault as fault:
            self.asked[-1] = exchange._replace(response=NO_ANSWER, violations=(), refusal="", note=str(fault), reason="")
            raise
        if planned is not response:
            self.asked[-1] = exchange._replace(response=planned, violations=(), refusal="", note="", reason="")
        return planned


class Doors:
    """The ways in, open for a whole test: whoever comes is led to the bench that stands now."""

    def __init__(self, provider: str) -> None:
        self._provider = provider
        self._stack = ExitStack()
        self._url = ""
        # Again by who holds it: what is collected while a request is answered may send one itself.
        self._one_by_one = threading.RLock()
        self._client = threading.get_ident()
        self.bench = Bench(self, provider)

    def fresh(self, **options: Any) -> Bench:
        """A bench on which nothing happened yet, in place of the one before."""
        self.bench = Bench(self, self._provider, **options)
        return self.bench

    def __enter__(self) -> Self:
        self._stack.enter_context(certificates.read_once())
        self._stack.enter_context(timeless.no_sleep())
        # Without either library there is nothing to intercept; clients that take a base URL need none.
        with suppress(MissingExtra):
            self._stack.enter_context(intercept(self))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()

    @property
    def served(self) -> bool:
        """Whether a client has asked for the server."""
        return bool(self._url)

    @property
    def base_url(self) -> str:
        """The URL of the server, which is started when it is first asked for."""
        if not self._url:
            from mockcloud.server.application import application
            from mockcloud.server.server import serve

            self._url = self._stack.enter_context(serve(application(self, self._provider))).url
        return self._url

    def handle(self, request: Request) -> Response:
        """Lead a request to the bench."""
        with self._one_by_one:
            try:
                return self.bench.receive(request)
            except Stopped:
                if threading.get_ident() != self._client:
                    # It waits elsewhere for what a thread of its own, or of the server's, does here.
                    stop(self._client)
                raise

    def handle_for(self, provider: str, request: Request) -> Response:
        """Lead a request to the bench, which has one provider, on a thread of the server: there is nobody to be stopped."""
        try:
            return self.handle(request)
        except Stopped:
            return Response(503)

    def answers(self, host: str) -> bool:
        """Whether a host is the vendor's."""
        return self.bench.answers(host)

    def nearest_host(self, host: str) -> str:
        """A sentence that names the nearest vendor host."""
        return self.bench.nearest_host(host)
