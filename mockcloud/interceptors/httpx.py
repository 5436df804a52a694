"""httpx, sync and async, through respx.

Knows respx's mockers and how httpx spells a request; knows nothing of what is answered. Vendors' hosts are answered
at httpx's own transports, where a request and a response need no translation. What is for others goes on to where
respx listens: there our router stands first in respx's list and asks the routers behind it, so that a user's own respx
routes keep working, and speaks only when none of them has a route. Law: the router keeps no calls (respx's own would
keep every one, and build a mock for each); the cloud's journal does.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import AsyncIterable, Callable, Iterable, Iterator
from contextlib import contextmanager
from inspect import iscoroutinefunction
from types import ModuleType
from typing import Any, ClassVar, cast

import httpcore
import httpx
from respx.mocks import HTTPCoreMocker, Mocker
from respx.models import AllMockedAssertionError, PassThrough, Route

from mockcloud.errors import UnknownHost
from mockcloud.interceptors import Gate, Way
from mockcloud.interceptors import httpx_faults as faults
from mockcloud.messages import Pairs, Request, Response, TransportFault

_OURS = Route()
"""respx wants to know which route let a request pass."""


class Router:
    """One open interception in one of respx's mockers."""

    __slots__ = ("_library", "_mocker", "gate")

    def __init__(self, gate: Gate, mocker: type[Mocker]) -> None:
        self.gate = gate
        self._mocker = mocker
        self._library = httpcore if mocker is HTTPCoreMocker else httpx

    def handler(self, request: httpx.Request) -> httpx.Response:
        """Answer, or let pass, or refuse: respx calls this for each request of a sync client."""
        netloc = _netloc(request)
        way = self.gate.way(netloc)
        if way is Way.CLOUD:
            return _answered(self.gate, request, netloc, request.content, library=self._library)
        for router in self._behind():
            try:
                return router.handler(request)
            except (AllMockedAssertionError, UnknownHost):
                continue
        raise self._unmatched(request, way)

    async def async_handler(self, request: httpx.Request) -> httpx.Response:
        """The same for an async client."""
        netloc = _netloc(request)
        way = self.gate.way(netloc)
        if way is Way.CLOUD:
            return _answered(self.gate, request, netloc, request.content, asynchronous=True, library=self._library)
        for router in self._behind():
            try:
                return await router.async_handler(request)
            except (AllMockedAssertionError, UnknownHost):
                continue
        raise self._unmatched(request, way)

    def _behind(self) -> list[Router]:
        # Only those behind: the ones before have asked us, and would again.
        routers: list[Router] = self._mocker.routers  # type: ignore[assignment]  # ours and respx's, alike in two methods
        return routers[routers.index(self) + 1 :] if self in routers else []

    def _unmatched(self, request: httpx.Request, way: Way) -> Exception:
        if way is Way.NETWORK:
            return PassThrough("mockcloud lets this host pass", request=request, origin=_OURS)
        return self.gate.unknown(_netloc(request))


class TransportMocker(Mocker, ABC):
    """Answers at httpx's transports; what is not for a vendor takes its usual way through them.

    A class with ABC among its bases stays out of respx's registry: it is nothing for users to choose.
    """

    routers: ClassVar[list[Any]] = []
    _patches: ClassVar[list[Any]] = []
    targets: ClassVar[list[str]] = ["httpx.HTTPTransport", "httpx.AsyncHTTPTransport"]
    target_methods: ClassVar[list[str]] = ["handle_request", "handle_async_request"]

    @classmethod
    def mock(cls, spec: Callable[..., Any]) -> Callable[..., Any]:
        """What stands in for a transport's method."""

        def handle_request(transport: object, request: httpx.Request) -> httpx.Response:
            netloc = _netloc(request)
            gate = cls._gate(netloc)
            if gate is None:
                return cast(httpx.Response, spec(transport, request))
            return _answered(gate, request, netloc, _body(request))

        async def handle_async_request(transport: object, request: httpx.Request) -> httpx.Response:
            netloc = _netloc(request)
            gate = cls._gate(netloc)
            if gate is None:
                return cast(httpx.Response, await spec(transport, request))
            return _answered(gate, request, netloc, await _abody(request), asynchronous=True)

        return handle_async_request if iscoroutinefunction(spec) else handle_request

    @classmethod
    def _gate(cls, netloc: str) -> Gate | None:
        for router in cls.routers:
            gate: Gate = router.gate
            if gate.way(netloc) is Way.CLOUD:
                return gate
        return None


@contextmanager
def opened(gate: Gate) -> Iterator[None]:
    """Intercept while open."""
    mockers: list[type[Mocker]] = [TransportMocker, *Mocker.registry.values()]
    routers = [Router(gate, mocker) for mocker in mockers]
    for mocker, router in zip(mockers, routers, strict=True):
        mocker.routers.insert(0, router)  # type: ignore[arg-type]  # respx calls nothing but the two handlers
    # Below the client's transport: a client with a transport of its own (WSGI, ASGI, a stub) is left alone. The other
    # mockers start when the user starts them, and must find us there.
    HTTPCoreMocker.start()
    TransportMocker.start()
    try:
        yield
    finally:
        for mocker, router in zip(mockers, routers, strict=True):
            mocker.unregister(router)  # type: ignore[arg-type]  # as above
            mocker.stop()


def _netloc(request: httpx.Request) -> str:
    return request.url.netloc.decode("ascii")


def _body(request: httpx.Request) -> bytes:
    try:
        return request.content
    except httpx.RequestNotRead:
        # Read as a connection would: it is spent afterwards, and the client's request does not know it.
        return b"".join(cast(Iterable[bytes], request.stream))


async def _abody(request: httpx.Request) -> bytes:
    try:
        return request.content
    except httpx.RequestNotRead:
        return b"".join([part async for part in cast(AsyncIterable[bytes], request.stream)])


def _request(request: httpx.Request, netloc: str, body: bytes) -> Request:
    headers = tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw])
    raw: bytes = request.extensions.get("target") or request.url.raw_path
    # httpx puts it first; its own look-up by name decodes every header anew.
    host = next((value for name, value in headers if name.lower() == "host"), "") or netloc
    return Request(request.method, raw.decode("latin-1"), host, headers, body)


def _answered(
    gate: Gate,
    request: httpx.Request,
    netloc: str,
    body: bytes,
    *,
    asynchronous: bool = False,
    library: ModuleType = httpx,
) -> httpx.Response:
    try:
        response = gate.cloud.handle(_request(request, netloc, body))
    except TransportFault as fault:
        if fault.kind != "truncate":
            raise faults.error(fault, request, library, asynchronous=asynchronous) from fault
        part = fault.truncated
        return _built(part, httpx.ByteStream(b"") if request.method == "HEAD" else faults.Truncated(part, library))
    # A stream, not content: httpx would decode content here, and once more in the client.
    return _built(response, httpx.ByteStream(b"" if request.method == "HEAD" else response.body))


def _built(response: Response, stream: httpx.ByteStream | faults.Truncated) -> httpx.Response:
    try:
        return httpx.Response(response.status, headers=response.headers, stream=stream)
    except UnicodeEncodeError:
        return httpx.Response(response.status, headers=_encoded(response.headers), stream=stream)


def _encoded(headers: Pairs) -> list[tuple[bytes, bytes]]:
    return [(name.encode("utf-8"), value.encode("utf-8")) for name, value in headers]
