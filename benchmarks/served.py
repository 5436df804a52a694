"""Servers, each a process of its own, under the load of another process."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from urllib.request import Request as UrlRequest
from urllib.request import urlopen

from benchmarks.targets import HTTPSERVER, HTTPSERVER_THREADED
from benchmarks.traffic import ASKED, SIGNATURES, Asked, creation, look, signed
from mockcloud import RealClock, Request

CONNECTIONS = 8
_ADDRESS = re.compile(r"http://([0-9.]+):([0-9]+)(?: (\S+))?")

Address = tuple[str, int, str]
"""Host, port and, of a canned server, the path that it answers."""


@dataclass(frozen=True, slots=True)
class Served:
    """A server that is started for each sample, in requests per second."""

    name: str
    command: tuple[str, ...]
    requests: Callable[[Address], list[Request]]

    def sample(self, seconds: float) -> float:
        """Answers per second under the load."""
        with _running(self.command) as address:
            sent = "\n".join(base64.b64encode(_wire(request)).decode() for request in self.requests(address))
            host, port, _ = address
            command = [sys.executable, "-m", "benchmarks.load", host, str(port), str(CONNECTIONS), str(seconds)]
            done = subprocess.run(command, input=sent, capture_output=True, text=True, timeout=60 + seconds, check=False)
            assert done.returncode == 0, done.stderr
            return float(done.stdout)


def subjects() -> list[Served]:
    """All of the group."""
    ours = ("-m", "mockcloud", "serve", "--port", "0")
    canned = ("-m", "benchmarks.canned_server")
    return [
        Served(HTTPSERVER, canned, _looks),
        Served(HTTPSERVER_THREADED, (*canned, "threaded"), _looks),
        Served("mockcloud serve: pontus get", ours, partial(_ours, ASKED["pontus get"])),
        Served("mockcloud serve: jdcloud create", ours, partial(_ours, ASKED["jdcloud create"])),
    ]


@contextmanager
def _running(command: tuple[str, ...]) -> Iterator[Address]:
    # Into a file, as under pytest: a line for each request on a terminal would be a part of the figure.
    with tempfile.TemporaryFile("w+") as errors:
        with subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, stderr=errors, text=True) as server:
            try:
                assert server.stdout is not None
                found = _ADDRESS.search(server.stdout.readline())
                if found:
                    yield found[1], int(found[2]), found[3] or ""
            finally:
                server.terminate()
        errors.seek(0)
        assert found, f"{command} did not start: {errors.read()}"


def _looks(address: Address) -> list[Request]:
    """The same signed GETs that our own server gets, to a server that does not look at the signature."""
    host, port, path = address
    bare = look(ASKED["pontus get"], f"{host}:{port}", path.rpartition("/")[2])
    return [signed("pontus", bare, RealClock().now() - age) for age in range(SIGNATURES)]


def _ours(asked: Asked, address: Address) -> list[Request]:
    host = f"{address[0]}:{address[1]}"
    bare = creation(asked, host)
    if asked.target:
        bare = look(asked, host, _created(signed(asked.provider, bare, RealClock().now())))
    return [signed(asked.provider, bare, RealClock().now() - age) for age in range(SIGNATURES)]


def _created(request: Request) -> str:
    sent = UrlRequest(f"http://{request.host}{request.target}", request.body, dict(request.headers), method=request.method)
    with urlopen(sent, timeout=10) as answer:  # noqa: S310  # our own server
        return str(json.load(answer)["task_id"])


def _wire(request: Request) -> bytes:
    lines = [f"{request.method} {request.target} HTTP/1.1", *(f"{name}: {value}" for name, value in request.headers), "\r\n"]
    return "\r\n".join(lines).encode("latin-1") + request.body
