"""Interception in process: what a client library sends to a vendor's host is answered here.

Knows which hosts are the cloud's, which may pass and what to say of the others; knows no client library (the two
modules beside this one do, loaded on first use). Law: nothing that is sent to a loaded vendor's host leaves the
process, and nothing leaves for a host that nobody named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from fnmatch import fnmatchcase
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from mockcloud.errors import EndlessWait, MissingExtra, UnknownHost, UsageError
from mockcloud.messages import Request, Response
from mockcloud.pipeline.routing import is_loopback

_REMEMBERED = 1024


class Answering(Protocol):
    """What an interceptor needs of a cloud."""

    def handle(self, request: Request) -> Response:
        """Answer one request. Raises TransportFault for the client to meet in place of an answer."""

    def answers(self, host: str) -> bool:
        """Whether a host is a loaded vendor's."""

    def nearest_host(self, host: str) -> str:
        """A sentence that names the nearest vendor host."""


class Way(Enum):
    """Where a request goes."""

    CLOUD = auto()
    NETWORK = auto()
    NOWHERE = auto()


@dataclass(frozen=True, slots=True)
class Gate:
    """Decides where requests go, by the host that they would connect to."""

    cloud: Answering
    allow: tuple[str, ...] = ()
    _known: dict[str, Way] = field(default_factory=dict, init=False, repr=False, compare=False)

    def way(self, netloc: str) -> Way:
        """Where a request for `host` or `host:port` goes."""
        known = self._known.get(netloc)
        return known if known is not None else self._remember(netloc, self._decide(netloc.lower()))

    def _remember(self, netloc: str, way: Way) -> Way:
        if len(self._known) < _REMEMBERED:
            self._known[netloc] = way
        return way

    def _decide(self, netloc: str) -> Way:
        if self.cloud.answers(netloc):
            return Way.CLOUD
        host = host_of(netloc)
        if is_loopback(host) or any(fnmatchcase(name, entry) for entry in self.allow for name in (netloc, host)):
            return Way.NETWORK
        return Way.NOWHERE

    def unknown(self, netloc: str) -> UnknownHost:
        """The error for a host that is nobody's."""
        host = host_of(netloc)
        return UnknownHost(
            f"nothing was sent to {netloc}: {self.cloud.nearest_host(host)} "
            f'To let requests to this host pass: intercept(allow=["{host}"]), in a test @pytest.mark.mockcloud(allow=["{host}"]).'
        )


def host_of(netloc: str) -> str:
    """The host of `host`, `host:port` or `[v6]:port`, without port and brackets."""
    if netloc.startswith("["):
        return netloc[1:].partition("]")[0]
    # A bare IPv6 address has no port; anything else has at most one colon.
    return netloc if netloc.count(":") > 1 else netloc.partition(":")[0]


def warn_endless(host: str) -> None:
    """Tell the developer of a client that would wait for ever, for it sets no timeout."""
    from warnings import warn

    warn(f"no answer came from {host}, and the client set no timeout: it would wait for ever", EndlessWait, stacklevel=2)


_INTERCEPTORS = {"httpx": ("httpx", "respx"), "requests": ("requests",)}
"""Module beside this one to the packages that it needs, the client library first."""


@contextmanager
def intercept(cloud: Answering, allow: Iterable[str] = ()) -> Iterator[None]:
    """While the context is open, answer what the installed client libraries send to the vendors' hosts.

    `allow` holds hosts, or patterns such as `*.example.com`, that go to the network, with or without a port. A
    vendor's host is answered even when a pattern of `allow` fits it.

    Raises:
        MissingExtra: when neither httpx (with respx) nor requests is installed.
        UsageError: when `allow` is one text instead of several.
    """
    gate = Gate(cloud, tuple(entry.lower() for entry in _several(allow)))
    usable = [name for name, packages in _INTERCEPTORS.items() if all(map(_installed, packages))]
    if not usable:
        raise MissingExtra("interception in process", "httpx")
    with ExitStack() as stack:
        for name in usable:
            opened: Callable[[Gate], AbstractContextManager[None]] = import_module(f"{__name__}.{name}").opened
            stack.enter_context(opened(gate))
        if "httpx" not in usable and _installed("httpx"):
            stack.enter_context(_unarmed(gate))
        yield


def _several(allow: Iterable[str]) -> tuple[str, ...]:
    if isinstance(allow, str):
        raise UsageError(f"allow is several hosts, found one text: write allow=[{allow!r}]")
    return tuple(allow)


def _installed(package: str) -> bool:
    return find_spec(package) is not None


@contextmanager
def _unarmed(gate: Gate) -> Iterator[None]:
    # httpx without respx cannot be answered; but a call to a vendor must say so instead of reaching the vendor.
    from unittest import mock

    import httpx

    def refuse(transport: object, request: httpx.Request) -> httpx.Response:
        if gate.way(request.url.netloc.decode("ascii")) is Way.NETWORK:
            return sync(transport, request)  # type: ignore[arg-type]  # the method that we stand in for
        raise MissingExtra("intercepting httpx", "httpx")

    async def arefuse(transport: object, request: httpx.Request) -> httpx.Response:
        if gate.way(request.url.netloc.decode("ascii")) is Way.NETWORK:
            return await asynchronous(transport, request)  # type: ignore[arg-type]  # as above
        raise MissingExtra("intercepting httpx", "httpx")

    sync, asynchronous = httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request
    with (
        mock.patch.object(httpx.HTTPTransport, "handle_request", refuse),
        mock.patch.object(httpx.AsyncHTTPTransport, "handle_async_request", arefuse),
    ):
        yield
