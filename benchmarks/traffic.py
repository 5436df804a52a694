"""The requests that are measured, made of the fixtures, signed as the vendors' clients sign.

Law: what is asked is what a client sends (its usual headers too), and it is accepted: a benchmark of refusals would be a lie.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from mockcloud import Cloud, Credential, Request, VirtualClock
from mockcloud.contracts import folders
from mockcloud.contracts.loader import load
from mockcloud.contracts.model import Contract

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
SIGNATURES = 16
"""So many differently signed requests take turns, so that nothing is gained by remembering one."""

USUAL = (
    ("User-Agent", "python-client/1.0"),
    ("Accept", "*/*"),
    ("Accept-Encoding", "gzip, deflate"),
    ("Connection", "keep-alive"),
)
"""What HTTP libraries send beside what the vendor's client asks them to."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: the creation in a fixture or, with a target, a look at the task that this creation made, 30 seconds later."""

    name: str
    provider: str
    fixture: str
    target: str = ""


ASKED = {
    asked.name: asked
    for asked in (
        Asked("jdcloud create", "jdcloud", "createThumbnailTask.whole-average"),
        Asked("jdcloud get", "jdcloud", "createThumbnailTask.whole-average", "/v1/regions/cn-north-1/thumbnail/{task}"),
        Asked("ucloud create", "ucloud", "CreateMediaTask.form"),
        Asked(
            "ucloud describe",
            "ucloud",
            "CreateMediaTask.form",
            "/?Action=DescribeMediaTask&Region=cn-bj2&Zone=cn-bj2-02&ProjectId=org-1&TaskId={task}",
        ),
        Asked("pontus create", "pontus", "createTranscodingTask.seed-example"),
        Asked("pontus get", "pontus", "createTranscodingTask.seed-example", "/api/v1/task/transcoding/{task}"),
        Asked("tencent_ci MediaInfo create", "tencent_ci", "CreateMediaJobs.MediaInfo.document-example"),
        Asked("tencent_ci VoiceSeparate create", "tencent_ci", "CreateMediaJobs.VoiceSeparate.document-example-by-parameters"),
        Asked("tencent_ci MediaInfo describe", "tencent_ci", "CreateMediaJobs.MediaInfo.document-example", "/jobs/{task}"),
    )
}


def fresh_cloud() -> Cloud:
    """A cloud with its checks on whose clock stands still, so that what was signed for it stays fresh."""
    cloud = Cloud(clock=VirtualClock(tick=0))
    cloud.report = _fail
    return cloud


def ready(cloud: Cloud, asked: Asked) -> list[Request]:
    """The signed requests for this cloud. Creates the task that they look at, and asks each one once."""
    bare = creation(asked)
    if asked.target:
        _accepted(cloud, signed(asked.provider, bare, cloud.clock.now()))
        cloud.clock.advance(30)
        bare = look(asked, bare.host, cloud.tasks(asked.provider)[-1].id)
    requests = [signed(asked.provider, bare, cloud.clock.now() - age) for age in range(SIGNATURES)]
    for request in requests:
        _accepted(cloud, request)
    return requests


def creation(asked: Asked, host: str = "") -> Request:
    """The unsigned creation of the fixture, for the vendor's host or for another."""
    path = FIXTURES / asked.provider / "accepted" / f"{asked.fixture}.json"
    data = json.loads(path.read_text(encoding="utf-8"))["request"]
    body = data["body"].encode()
    headers = [(name, value) for name, value in data["headers"]]
    return _usual(
        Request(data["method"], data["target"], host or data["host"], (*headers, ("Content-Length", str(len(body)))), body)
    )


def look(asked: Asked, host: str, task: str) -> Request:
    """The unsigned look at a task."""
    return _usual(Request("GET", asked.target.replace("{task}", task), host))


def signed(provider: str, request: Request, now: float) -> Request:
    """The request as a client of the provider signs it at a time."""
    sign = contract(provider).behaviours.sign
    assert sign is not None
    return sign(request, Credential("mockcloud", "mockcloud-secret", "mockcloud"), now)


def contract(provider: str) -> Contract:
    """The contract of a provider."""
    return load(folders.chosen([provider])[provider])


def canned(asked: Asked) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Status, headers and body of mockcloud's answer, for stubs to say by heart."""
    cloud = fresh_cloud()
    response = cloud.handle(ready(cloud, asked)[0])
    return response.status, response.headers, response.body


def _usual(request: Request) -> Request:
    return replace(request, headers=(("Host", request.host), *USUAL, *request.headers))


def _accepted(cloud: Cloud, request: Request) -> None:
    response = cloud.handle(request)
    # UCloud refuses with status 200: the journal knows.
    assert response.status == 200, response
    assert not cloud.journal.last.refusal, response


def _fail(problem: str) -> None:
    raise AssertionError(problem)
