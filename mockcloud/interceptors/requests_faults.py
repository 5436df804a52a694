"""What requests meets when a connection misbehaves: urllib3's errors, its retries, and requests' own errors around them.

Knows urllib3's and requests' words for each fault. Law: type, text and retries are those of a real socket; but nobody waits
between two tries.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from errno import ECONNRESET
from http.client import BadStatusLine, RemoteDisconnected
from typing import Any, Final

import requests
import urllib3
from urllib3.exceptions import MaxRetryError, ProtocolError, ReadTimeoutError
from urllib3.util import Retry, Timeout

from mockcloud.interceptors import warn_endless
from mockcloud.messages import MALFORMED, TransportFault

_ABORTED: Final[dict[str, Callable[[], Exception]]] = {
    "reset": lambda: ConnectionResetError(ECONNRESET, os.strerror(ECONNRESET)),
    "malformed": lambda: BadStatusLine(MALFORMED.decode("ascii").partition("\n")[0] + "\n"),
    "empty": lambda: RemoteDisconnected("Remote end closed connection without response"),
}
"""What http.client says of a fault that is no timeout."""


def after(
    fault: TransportFault,
    retries: Retry,
    prepared: requests.PreparedRequest,
    stream: Any = False,
    timeout: Any = None,
    *_: Any,
    **__: Any,
) -> Retry:
    """The retries that are left, where urllib3 would send the request again. Raises what requests raises where it would not.

    Takes the arguments of an adapter's `send`.
    """
    pool = urllib3.connection_from_url(prepared.url or "")
    error = (
        _timed_out(pool, prepared, timeout)
        if fault.kind == "timeout"
        else ProtocolError("Connection aborted.", _ABORTED[fault.kind]())
    )
    try:
        return retries.increment(prepared.method, prepared.path_url, error=error, _pool=pool)
    except ReadTimeoutError as met:
        raise requests.exceptions.ReadTimeout(met, request=prepared) from fault
    except (ProtocolError, MaxRetryError) as met:
        raise requests.exceptions.ConnectionError(met, request=prepared) from fault


def _timed_out(pool: Any, prepared: requests.PreparedRequest, timeout: Any) -> ReadTimeoutError:
    seconds = _read_timeout(timeout)
    if seconds is None:
        warn_endless(f"{pool.host}")
    return ReadTimeoutError(pool, prepared.path_url, f"Read timed out. (read timeout={seconds})")


def _read_timeout(timeout: Any) -> Any:
    if isinstance(timeout, Timeout):
        begun = timeout.clone()
        begun.start_connect()
        return begun.read_timeout
    return timeout[1] if isinstance(timeout, tuple) else timeout
