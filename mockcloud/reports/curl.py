"""A request as a command that a person can run.

Knows the quoting of bash and zsh. Law: the bytes are the request's own, with no header that curl would add; nothing is printed
that was not sent, and no secret is ever sent.
"""

from __future__ import annotations

import shlex
from typing import Final

from mockcloud.messages import Request
from mockcloud.pipeline.routing import host_name, is_loopback

LONGEST: Final = 20_000
"""Characters of a command; what is longer stands in the JSON report whole."""

SHORT: Final = 500
"""Characters of a body in a command that is only to be read."""

_OWN: Final = frozenset({"host", "content-length"})
_COMMON: Final = _OWN | {"accept", "accept-encoding", "connection", "user-agent"}
"""What every library puts in and no vendor looks at."""

_ADDED: Final = ("accept", "user-agent", "content-type")


def command(url: str, request: Request) -> str:
    """The command for a server's URL, such as `http://127.0.0.1:8080`."""
    given = {name.lower() for name, _ in request.headers}
    parts = ["curl", "-sS", "-i", "--path-as-is", "--globoff", "-X", request.method]
    for name, value in request.headers:
        if name.lower() not in _OWN:
            parts += ["-H", f"{name}: {value}" if value else f"{name};"]
    # Without data curl says no length, not even 0.
    data = bool(request.body) or "content-length" in given
    # No word of a shell holds a NUL, and curl takes what stands behind an @ for a file's name.
    fed = b"\0" in request.body or request.body.startswith(b"@")
    parts += [f"-H{name}:" for name in _ADDED if name not in given and (name != "content-type" or data)]
    if data:
        parts += ["--data-binary", "@-" if fed else _text(request.body)]
    parts.append(f"{url.rstrip('/')}{request.target}")
    told = f"printf '{_format(request.body)}' | {_joined(parts)}" if fed else _joined(parts)
    return told if len(told) <= LONGEST else f"{told[:LONGEST]}... ({len(told)} characters)"


def brief(request: Request) -> str:
    """The command for the request's own host, in brief: without what every library puts in, and with a body that is cut."""
    scheme = "http" if is_loopback(host_name(request.host)) else "https"
    parts = ["curl", "-X", request.method, f"{scheme}://{request.host}{request.target}"]
    for name, value in request.headers:
        if name.lower() not in _COMMON:
            parts += ["-H", f"{name}: {value}"]
    if request.body:
        left = len(request.body) - SHORT
        parts += ["--data-binary", _text(request.body) if left <= 0 else f"{_text(request.body[:SHORT])}... ({left} more bytes)"]
    return _joined(parts)


def _joined(parts: list[str]) -> str:
    return " ".join(part if part.startswith("$'") else shlex.quote(part) for part in parts)


def _text(body: bytes) -> str:
    """A body as one word of a shell; bytes that are no text as escapes."""
    text = body.decode("utf-8", "surrogateescape")  # what is no UTF-8 becomes what nobody can print
    if text.isprintable() and not text.startswith("$'"):
        return text
    return "$'" + "".join(chr(one) if 32 <= one < 127 and one not in b"'\\" else f"\\x{one:02x}" for one in body) + "'"


def _format(body: bytes) -> str:
    """A body as the format of `printf`, in single quotes."""
    return "".join(chr(one) if 32 <= one < 127 and one not in b"%-'\\" else f"\\{one:03o}" for one in body)
