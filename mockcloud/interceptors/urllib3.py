"""urllib3's response, as requests wants it, so that streams, cookies, redirects, hooks and `raw` are its own code's work.

Knows urllib3; knows nothing of requests. Law: what few clients look at is made when somebody does.
"""

from __future__ import annotations

from collections.abc import Generator
from email.message import Message
from http import HTTPStatus
from io import BytesIO
from typing import Any

from urllib3 import HTTPResponse

from mockcloud.messages import Pairs, Response

_Headers = type(HTTPResponse().headers)
"""urllib3's own mapping, which it exports from 2.0 on only."""

_REASONS = {status.value: status.phrase for status in HTTPStatus}


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


class Raw(HTTPResponse):
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
