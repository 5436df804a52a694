"""What is answered and told when a request is for no provider: ours, not a vendor's, so it says whose it is."""

from __future__ import annotations

from collections.abc import Iterable

from mockcloud.codecs import json_body
from mockcloud.contracts.sketches import Sketch
from mockcloud.errors import nearest
from mockcloud.messages import Request, Response
from mockcloud.pipeline.routing import host_name


def nearest_host(host: str, sketches: Iterable[Sketch]) -> str:
    """A sentence that names the nearest vendor host."""
    examples = [entry["example"] for sketch in sketches for entry in sketch.hosts]
    return f"no loaded provider answers {host_name(host)!a}.{nearest(host_name(host), examples)}"


def sentence(request: Request, sketches: Iterable[Sketch]) -> str:
    """What was asked, and what would be answered."""
    listed = list(sketches)
    paths = ", ".join(f"{path} ({sketch.name})" for sketch in listed for path in sketch.paths)
    asked = f"{request.method} {request.target!r} at host {request.host!r}"
    return f"mockcloud has no provider for {asked}: {nearest_host(request.host, listed)} Paths: {paths}."


def response(problem: str) -> Response:
    """404, in our own words."""
    body = json_body.encode({"mockcloud": problem})
    return Response(404, (("Content-Type", "application/json"), ("Content-Length", str(len(body)))), body)
