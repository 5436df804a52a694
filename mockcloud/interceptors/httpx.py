"""httpx, sync and async, through respx.

Knows respx's mockers and how httpx spells a request; knows nothing of what is answered. Our router stands first in
respx's list and matches vendor hosts only: for every other host it asks the routers behind it, so that a user's own
respx routes keep working, and speaks only when none of them has a route. Law: the router keeps no calls (respx's
own would keep every one, and build a mock for each); the cloud's journal does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from respx.mocks import HTTPCoreMocker, Mocker
from respx.models import AllMockedAssertionError, PassThrough, Route

from mockcloud.errors import UnknownHost
from mockcloud.interceptors import Gate, Way
from mockcloud.messages import Pairs, Request, Response

_OURS = Route()
"""respx wants to know which route let a request pass."""


class Router:
    """One open interception in one of respx's mockers."""

    __slots__ = ("_gate", "_mocker")

    def __init__(self, gate: Gate, mocker: type[Mocker]) -> None:
        self._gate = gate
        self._mocker = mocker

    def handler(self, request: httpx.Request) -> httpx.Response:
        """Answer, or let pass, or refuse: respx calls this for each request of a sync client."""
        way = self._gate.way(_netloc(request))
        if way is Way.CLOUD:
            return _built(self._gate.cloud.handle(_request(request)), request.method)
        for router in self._behind():
            try:
                return router.handler(request)
            except (AllMockedAssertionError, UnknownHost):
                continue
        raise self._unmatched(request, way)

    async def async_handler(self, request: httpx.Request) -> httpx.Response:
        """The same for an async client."""
        way = self._gate.way(_netloc(request))
        if way is Way.CLOUD:
            return _built(self._gate.cloud.handle(_request(request)), request.method)
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
        return self._gate.unknown(_netloc(request))


@contextmanager
def opened(gate: Gate) -> Iterator[None]:
    """Intercept while open."""
    mockers = list(Mocker.registry.values())
    routers = [Router(gate, mocker) for mocker in mockers]
    for mocker, router in zip(mockers, routers, strict=True):
        mocker.routers.insert(0, router)  # type: ignore[arg-type]  # respx calls nothing but the two handlers
    # Below the client's transport: a client with a transport of its own (WSGI, ASGI, a stub) is left alone. The other
    # mockers start when the user starts them, and must find us there.
    HTTPCoreMocker.start()
    try:
        yield
    finally:
        for mocker, router in zip(mockers, routers, strict=True):
            mocker.unregister(router)  # type: ignore[arg-type]  # as above
            mocker.stop()


def _netloc(request: httpx.Request) -> str:
    return request.url.netloc.decode("ascii")


def _request(request: httpx.Request) -> Request:
    headers = tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw])
    raw: bytes = request.extensions.get("target") or request.url.raw_path
    host = request.headers.get("host") or _netloc(request)
    return Request(request.method, raw.decode("latin-1"), host, headers, request.content)


def _built(response: Response, method: str) -> httpx.Response:
    # A stream, not content: httpx would decode content here, and once more in the client.
    stream = httpx.ByteStream(b"" if method == "HEAD" else response.body)
    try:
        return httpx.Response(response.status, headers=response.headers, stream=stream)
    except UnicodeEncodeError:
        return httpx.Response(response.status, headers=_encoded(response.headers), stream=stream)


def _encoded(headers: Pairs) -> list[tuple[bytes, bytes]]:
    return [(name.encode("utf-8"), value.encode("utf-8")) for name, value in headers]
