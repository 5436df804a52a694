"""requests, at the transport adapter.

Knows how requests spells a request and what it wants for a response (a urllib3 one, so that streams, cookies,
redirects, hooks and `raw` are its own code's work); knows nothing of what is answered. Law: one patch stands however
many interceptions are open; the innermost one that knows the host answers; what was patched in before us
is put back as it was.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from http import HTTPStatus
from io import BytesIO
from typing import Any

import requests
import urllib3.util.url
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from urllib3.exceptions import MaxRetryError

from mockcloud.interceptors import Gate, Way, host_of
from mockcloud.messages import Pairs, Request, Response

Replaced = Callable[..., Any]

_open: list[Gate] = []
_lock = threading.Lock()
_beneath: dict[str, Replaced] = {
    "send": HTTPAdapter.send,
    "merge_environment_settings": requests.Session.merge_environment_settings,
}
"""What our patches stand in for, by the name of the method."""

_Headers = type(HTTPResponse().headers)
"""urllib3's own mapping, which it exports from 2.0 on only."""

_REASONS = {status.value: status.phrase for status in HTTPStatus}
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_URL = re.compile(r"([^:/?#]*)://(?:[^/?#]*@)?([^/?#]*)")
_ODD = re.compile(r"%(?![0-9A-F]{2})|[^\x21-\x7e]|[\"<>\\^`{|}#]")


@contextmanager
def opened(gate: Gate) -> Iterator[None]:
    """Intercept while open."""
    with _lock:
        _enter(gate)
    try:
        yield
    finally:
        with _lock:
            _leave(gate)


def _enter(gate: Gate) -> None:
    if not _open:
        # Once: what stands on top of us by now would be put back after it is gone.
        _patch(HTTPAdapter, "send", _send)
        _patch(requests.Session, "merge_environment_settings", _merge_environment_settings)
    if "responses" in sys.modules:
        # Inside us it stands on top and would refuse the vendors' hosts before we see them.
        _patch(sys.modules["responses"].RequestsMock, "_on_request", _on_request)
    _open.append(gate)


def _leave(gate: Gate) -> None:
    # By identity, the last one: interceptions may end in any order, and two gates may be equal.
    index = max(i for i, other in enumerate(_open) if other is gate)
    del _open[index]
    if not _open:
        _unpatch(HTTPAdapter, "send", _send)
        _unpatch(requests.Session, "merge_environment_settings", _merge_environment_settings)
        if "responses" in sys.modules:
            _unpatch(sys.modules["responses"].RequestsMock, "_on_request", _on_request)


def _patch(owner: type, name: str, ours: Replaced) -> None:
    current = getattr(owner, name, None)
    if current is not None and current is not ours:
        _beneath[name] = current
        setattr(owner, name, ours)


def _unpatch(owner: type, name: str, ours: Replaced) -> None:
    # Somebody who patched on top of us still holds ours, which does nothing when no interception is open.
    if getattr(owner, name, None) is ours:
        setattr(owner, name, _beneath[name])


def _merge_environment_settings(
    session: requests.Session, url: str, proxies: Any, stream: Any, verify: Any, cert: Any
) -> dict[str, Any]:
    netloc = _netloc(url)
    spared = session.trust_env and _answering(netloc) is not None and _reaches_us(session, url)
    if spared and not any("no_proxy" in given for given in (proxies, session.proxies) if given):
        # No proxy stands between a client and us, and looking for one walks through the environment several times,
        # which costs half as much as all else that requests does. This is its own way of being told.
        proxies = {**(proxies or {}), "no_proxy": host_of(netloc).lower()}
    else:
        spared = False
    settings: dict[str, Any] = _beneath["merge_environment_settings"](session, url, proxies, stream, verify, cert)
    if spared:
        settings["proxies"].pop("no_proxy", None)
    return settings


def _reaches_us(session: requests.Session, url: str) -> bool:
    # An adapter with a `send` of its own may look at the proxies, and may send elsewhere.
    try:
        return getattr(session.get_adapter(url).send, "__func__", None) is _send
    except requests.exceptions.InvalidSchema:
        return False


def _answering(netloc: str) -> Gate | None:
    for gate in reversed(_open):
        if gate.way(netloc) is Way.CLOUD:
            return gate
    return None


def _send(adapter: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
    beneath = _beneath["send"]
    gates = _open[::-1]
    if gates:
        netloc = _netloc(request.url or "")
        gate = _answering(netloc)
        if gate is not None:
            return _answer(gate, adapter, request, netloc)
        # `responses` refuses what it does not know, as we do; anything else beneath may be the network.
        if beneath.__module__ != "responses" and not any(gate.way(netloc) is Way.NETWORK for gate in gates):
            raise gates[0].unknown(netloc)
    response: requests.Response = beneath(adapter, request, *args, **kwargs)
    return response


def _on_request(
    mock: object, adapter: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **kwargs: Any
) -> requests.Response:
    netloc = _netloc(request.url or "")
    gate = _answering(netloc)
    if gate is not None:
        return _answer(gate, adapter, request, netloc)
    response: requests.Response = _beneath["_on_request"](mock, adapter, request, *args, **kwargs)
    return response


def _netloc(url: str) -> str:
    parts = _URL.match(url)
    if parts is None:
        return ""
    scheme, netloc = parts.group(1, 2)
    port = _DEFAULT_PORTS.get(scheme.lower(), "")
    return netloc[: -len(port)] if port and netloc.endswith(port) else netloc


def _answer(gate: Gate, adapter: HTTPAdapter, prepared: requests.PreparedRequest, netloc: str) -> requests.Response:
    request = _request(prepared, netloc)
    retries = adapter.max_retries
    while True:
        response = adapter.build_response(prepared, _Raw(gate.cloud.handle(request), request.method))
        # urllib3 repeats below the adapter; without this a client's Retry(status_forcelist=...) would never be met.
        if not retries.is_retry(request.method, response.status_code, "retry-after" in response.raw.headers):
            return response
        try:
            retries = retries.increment(request.method, prepared.url, response=response.raw)
        except MaxRetryError as error:
            if retries.raise_on_status:
                raise requests.exceptions.RetryError(error, request=prepared) from error
            return response


def _request(prepared: requests.PreparedRequest, netloc: str) -> Request:
    stored = _stored(prepared.headers)
    headers: Pairs = tuple(stored.values())
    if {type(part) for pair in headers for part in pair} != {str}:
        headers = tuple([(_text(name), _text(value)) for name, value in headers])
    if "host" in stored:
        host = _text(stored["host"][1])
    else:
        host, headers = netloc, (("Host", netloc), *headers)
    target = prepared.path_url
    if _ODD.search(target):
        # A URL that was set by hand: urllib3 requotes it on its way to the socket.
        target = getattr(urllib3.util.url, "_encode_target", str)(target)
    return Request(prepared.method or "GET", target, host, headers, _body(prepared.body))


def _stored(headers: Any) -> Mapping[str, tuple[Any, Any]]:
    """Lower-case name to the pair as it is sent."""
    # As requests keeps them: iterating its mapping looks each of them up once more. Headers set by hand may be any mapping.
    stored: Mapping[str, tuple[Any, Any]] | None = getattr(headers, "_store", None)
    return {_text(name).lower(): (name, value) for name, value in headers.items()} if stored is None else stored


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def _body(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode("utf-8")
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    if hasattr(body, "read"):
        return _body(body.read())
    try:
        return bytes(memoryview(body))
    except TypeError:
        return b"".join(map(_body, body))


class _Original:
    """As much of http.client's response as the cookie jar looks at."""

    __slots__ = ("msg",)

    def __init__(self, headers: Pairs) -> None:
        self.msg = Message()
        for name, value in headers:
            self.msg[name] = value

    def isclosed(self) -> bool:
        return True

    def close(self) -> None:
        pass


class _Raw(HTTPResponse):
    """urllib3's response, made in full when somebody looks at more of it than every client does.

    Nearly all take status and headers, and the body once and in one piece.
    """

    def __init__(self, response: Response, method: str) -> None:
        headers = _Headers()
        for name, value in response.headers:
            headers.add(name, value)
        self.status = response.status
        self.reason = _REASONS.get(response.status, "")
        self.headers = headers
        # The cookie jar looks at it after each request.
        self._original_response = _Original(response.headers) if "set-cookie" in headers else None  # type: ignore[assignment]  # the two methods and `msg` are all that is used
        self._unmade: tuple[str, bytes] = method, b"" if method == "HEAD" else response.body
        self._spent = False

    def __getattr__(self, name: str) -> Any:
        # Called for what is not there: everything but the above, until it is made.
        unmade = vars(self).pop("_unmade", None)
        if unmade is None:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
        self._make(*unmade)
        return getattr(self, name)

    def _make(self, method: str, body: bytes) -> None:
        found = dict(vars(self))
        super().__init__(
            body=BytesIO(body),
            headers=self.headers,
            status=self.status,
            version=11,
            reason=self.reason,
            preload_content=False,
            decode_content=False,
            request_method=method,
        )
        # What a client has set meanwhile (`raw.decode_content = True`) is not undone.
        vars(self).update(found)
        if self._spent:
            self.read()
            self.close()

    def stream(self, amt: int | None = 2**16, decode_content: bool | None = None) -> Generator[bytes, None, None]:
        """The body in parts; urllib3's own work unless it is one part that needs none."""
        _, body = vars(self).get("_unmade", ("", b""))
        if body and not self._spent and (amt is None or amt >= len(body)) and self._plain(len(body)):
            self._spent = True
            yield body
        else:
            yield from super().stream(amt, decode_content)

    def _plain(self, length: int) -> bool:
        if "content-encoding" in self.headers or "transfer-encoding" in self.headers:
            return False
        return self.headers.get("content-length") == str(length)

    def __del__(self) -> None:
        # A file's would ask whether it is closed, for which it would have to be made. There is nothing to close.
        pass
