"""requests, at the transport adapter.

Knows how requests spells a request and that it wants a urllib3 response; knows nothing of what is answered. Law: one patch
stands however many interceptions are open; the innermost one that knows the host answers; what was patched in before us is put
back as it was.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests
import urllib3.util.url
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError

from mockcloud.interceptors import Gate, Way, host_of
from mockcloud.interceptors import requests_faults as faults
from mockcloud.interceptors.urllib3 import Raw
from mockcloud.messages import Pairs, Request, TransportFault

Replaced = Callable[..., Any]

_open: list[Gate] = []
_lock = threading.Lock()
_beneath: dict[str, Replaced] = {
    "send": HTTPAdapter.send,
    "merge_environment_settings": requests.Session.merge_environment_settings,
}
"""What our patches stand in for, by the name of the method."""

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
            return _answer(gate, adapter, request, netloc, *args, **kwargs)
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
        return _answer(gate, adapter, request, netloc, *args, **kwargs)
    response: requests.Response = _beneath["_on_request"](mock, adapter, request, *args, **kwargs)
    return response


def _netloc(url: str) -> str:
    parts = _URL.match(url)
    if parts is None:
        return ""
    scheme, netloc = parts.group(1, 2)
    port = _DEFAULT_PORTS.get(scheme.lower(), "")
    return netloc[: -len(port)] if port and netloc.endswith(port) else netloc


def _answer(
    gate: Gate, adapter: HTTPAdapter, prepared: requests.PreparedRequest, netloc: str, *args: Any, **kwargs: Any
) -> requests.Response:
    request = _request(prepared, netloc)
    retries = adapter.max_retries
    while True:
        try:
            response = adapter.build_response(prepared, Raw(gate.cloud.handle(request), request.method))
        except TransportFault as fault:
            if fault.kind == "truncate":
                return adapter.build_response(prepared, Raw(fault.truncated, request.method))
            retries = faults.after(fault, retries, prepared, *args, **kwargs)
            continue
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
