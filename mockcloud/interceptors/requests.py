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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from http import HTTPStatus
from io import BytesIO
from typing import Any

import requests
import urllib3.util.url
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse
from urllib3.exceptions import MaxRetryError

from mockcloud.interceptors import Gate, Way
from mockcloud.messages import Pairs, Request, Response

Send = Callable[..., requests.Response]

_open: list[Gate] = []
_lock = threading.Lock()
_beneath: dict[str, Send] = {"send": HTTPAdapter.send}
"""What our patches stand in for, by the name of the method."""

_REASONS = {status.value: status.phrase for status in HTTPStatus}
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
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
        if "responses" in sys.modules:
            _unpatch(sys.modules["responses"].RequestsMock, "_on_request", _on_request)


def _patch(owner: type, name: str, ours: Send) -> None:
    current = getattr(owner, name, None)
    if current is not None and current is not ours:
        _beneath[name] = current
        setattr(owner, name, ours)


def _unpatch(owner: type, name: str, ours: Send) -> None:
    # Somebody who patched on top of us still holds ours, which does nothing when no interception is open.
    if getattr(owner, name, None) is ours:
        setattr(owner, name, _beneath[name])


def _send(adapter: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
    beneath = _beneath["send"]
    if not _open:
        return beneath(adapter, request, *args, **kwargs)
    scheme, netloc = _address(request.url or "")
    gates = _open[::-1]
    for gate in gates:
        if gate.way(netloc) is Way.CLOUD:
            return _answer(gate, adapter, request, scheme, netloc)
    # `responses` refuses what it does not know, as we do; anything else beneath may be the network.
    if beneath.__module__ == "responses" or any(gate.way(netloc) is Way.NETWORK for gate in gates):
        return beneath(adapter, request, *args, **kwargs)
    raise gates[0].unknown(netloc)


def _on_request(
    mock: object, adapter: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **kwargs: Any
) -> requests.Response:
    scheme, netloc = _address(request.url or "")
    for gate in _open[::-1]:
        if gate.way(netloc) is Way.CLOUD:
            return _answer(gate, adapter, request, scheme, netloc)
    return _beneath["_on_request"](mock, adapter, request, *args, **kwargs)


def _address(url: str) -> tuple[str, str]:
    scheme, _, rest = url.partition("://")
    netloc = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    port = _DEFAULT_PORTS.get(scheme.lower(), "")
    return scheme, netloc[: -len(port)] if port and netloc.endswith(port) else netloc


def _answer(gate: Gate, adapter: HTTPAdapter, prepared: requests.PreparedRequest, scheme: str, netloc: str) -> requests.Response:
    request = _request(prepared, netloc)
    retries = adapter.max_retries
    while True:
        answer = gate.cloud.handle(request)
        response = adapter.build_response(prepared, _raw(answer, request.method))
        if _plain(answer) and request.method != "HEAD":
            # The body is whole and at hand: reading it through urllib3's stream would cost as much as the answer.
            vars(response).update(_content=answer.body, _content_consumed=True)
        # urllib3 repeats below the adapter; without this a client's Retry(status_forcelist=...) would never be met.
        if not retries.is_retry(request.method, response.status_code, "Retry-After" in response.headers):
            return response
        try:
            retries = retries.increment(request.method, prepared.url, response=response.raw)
        except MaxRetryError as error:
            if retries.raise_on_status:
                raise requests.exceptions.RetryError(error, request=prepared) from error
            return response


def _plain(answer: Response) -> bool:
    """Whether the body is what the client will see: all of it, and not compressed."""
    return answer.header("content-length") == str(len(answer.body)) and answer.header("content-encoding") is None


def _request(prepared: requests.PreparedRequest, netloc: str) -> Request:
    # The stored pairs: iterating the mapping looks each of them up once more.
    stored = vars(prepared.headers)["_store"].values()
    headers = tuple([(_text(name), _text(value)) for name, value in stored])
    host = prepared.headers.get("Host")
    if host is None:
        host, headers = netloc, (("Host", netloc), *headers)
    target = prepared.path_url
    if _ODD.search(target):
        # A URL that was set by hand: urllib3 requotes it on its way to the socket.
        target = getattr(urllib3.util.url, "_encode_target", str)(target)
    return Request(prepared.method or "GET", target, _text(host), headers, _body(prepared.body))


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


def _raw(response: Response, method: str) -> HTTPResponse:
    headers = HTTPHeaderDict()
    for name, value in response.headers:
        headers.add(name, value)
    return HTTPResponse(
        body=BytesIO(b"" if method == "HEAD" else response.body),
        headers=headers,
        status=response.status,
        version=11,
        reason=_REASONS.get(response.status, ""),
        preload_content=False,
        decode_content=False,
        original_response=_Original(response.headers) if "set-cookie" in headers else None,  # type: ignore[arg-type]  # the two methods and `msg` are all that is used
        request_method=method,
    )
