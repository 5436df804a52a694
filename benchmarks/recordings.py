"""Recordings of any size to be judged: what a browser saves of a working day with a vendor's console.

Law: the same size gives the same bytes; each vendor's message is one that a client sends and the mock answers, and most of the
rest is strangers': scripts, pictures, statistics.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.traffic import ASKED, creation, signed
from mockcloud import Cloud, Request, VirtualClock

START = 1_767_225_600.0
"""2026-01-01, when everything in these recordings happens."""

MEGABYTE = 1_000_000
NONCE = "0f8fad5b-d9cb-469f-a165-70867728950e"
HEAD = '{\n  "log": {\n    "version": "1.2",\n    "creator": {"name": "WebInspector"},\n    "pages": [],\n    "entries": ['
TAIL = "\n    ]\n  }\n}\n"


def write_har(path: Path, megabytes: float) -> int:
    """Write an HTTP archive of so many million bytes, to within an entry; the number of its entries."""
    size, entries = 0, 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        size += file.write(HEAD)
        for entry in cycle(_entries()):
            size += file.write(f"{',' if entries else ''}\n{entry}")
            entries += 1
            if size + len(TAIL) >= megabytes * MEGABYTE:
                break
        file.write(TAIL)
    return entries


def _entries() -> list[str]:
    """The entries of one round, ASCII, indented as browsers do: after each vendor's message three of strangers."""
    strangers = cycle(_strangers())
    found = [entry for vendor in _vendors() for entry in (vendor, next(strangers), next(strangers), next(strangers))]
    return ["      " + json.dumps(entry, indent=2).replace("\n", "\n      ") for entry in found]


def _vendors() -> Iterator[dict[str, Any]]:
    """Creations of every provider with the mock's answers, signed; and some that it refuses."""
    cloud = Cloud(clock=VirtualClock(START, tick=0))
    cloud.report = str
    for asked in ASKED.values():
        if not asked.target:
            right = creation(asked)
            for bare in (right, replace(right, body=right.body.replace(b'"count": 3', b'"count": 3601'))):
                request = signed(asked.provider, bare, START)
                headers = tuple((name, NONCE if "nonce" in name.lower() else value) for name, value in request.headers)
                request = replace(request, headers=headers)
                response = cloud.handle(request)
                yield _entry(request, response.status, response.headers, response.body.decode("utf-8"))


def _strangers() -> Iterator[dict[str, Any]]:
    random = Random(0)
    for kind, name, text in (
        ("text/html", "", _markup(random, 120)),
        ("application/javascript", "app.js", _script(random, 900)),
        ("image/png", "logo.png", None),
        ("text/css", "style.css", _style(random, 300)),
        ("application/json", "api/list", json.dumps([{"id": number, "name": f"clip {number}"} for number in range(200)])),
        ("image/jpeg", "poster.jpg", None),
        ("application/json", "collect", '{"ok": true}'),
    ):  # fmt: skip
        request = Request(
            "GET",
            f"/{name}?v={random.getrandbits(32)}",
            "console.example.com",
            (("Host", "console.example.com"), *_usual(random)),
        )
        yield _entry(request, 200, (("Content-Type", kind), *_usual(random)), text, random.randbytes(20_000))


def _usual(random: Random) -> Sequence[tuple[str, str]]:
    return [(f"X-Header-{number}", random.randbytes(20).hex()) for number in range(12)]


def _markup(random: Random, lines: int) -> str:
    return "".join(f'<p class="c{random.getrandbits(8)}">视频 &amp; "more"</p>\n' for _ in range(lines))


def _script(random: Random, lines: int) -> str:
    return "".join(
        f'function f{random.getrandbits(16)}(a) {{\n\treturn a["x"] + {{b: [1, 2]}}; // \\d+\n}}\n' for _ in range(lines)
    )


def _style(random: Random, lines: int) -> str:
    return "".join(f".c{random.getrandbits(8)} {{ margin: 0 auto; }}\n" for _ in range(lines))


def _entry(
    request: Request, status: int, headers: Sequence[tuple[str, str]], text: str | None, data: bytes = b""
) -> dict[str, Any]:
    """An entry as Chromium's developer tools write it."""
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    content = {"size": len(data), "mimeType": kind, "text": b64encode(data).decode("ascii"), "encoding": "base64"}
    if text is not None:
        content = {"size": len(text.encode("utf-8")), "mimeType": kind, "text": text}
    post = {"postData": {"mimeType": request.header("content-type"), "text": request.body.decode("utf-8")}}
    return {
        "_initiator": {"type": "script", "stack": {"callFrames": [{"functionName": "send", "scriptId": "7", "lineNumber": 1}]}},
        "_priority": "High",
        "_resourceType": "fetch",
        "cache": {},
        "pageref": "page_1",
        "request": {
            "method": request.method,
            "url": f"https://{request.host}{request.target}",
            "httpVersion": "http/2.0",
            "headers": _named(request.headers),
            "queryString": [],
            "cookies": [],
            "headersSize": -1,
            "bodySize": len(request.body),
            **(post if request.body else {}),
        },
        "response": {
            "status": status,
            "statusText": "",
            "httpVersion": "http/2.0",
            "headers": _named(headers),
            "cookies": [],
            "content": content,
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "startedDateTime": "2026-01-01T00:00:00.000Z",
        "time": 12.5,
        "timings": {"blocked": 1.5, "dns": -1, "connect": -1, "send": 0.5, "wait": 10, "receive": 0.5},
    }


def _named(headers: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]
