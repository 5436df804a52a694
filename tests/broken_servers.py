"""Servers that are broken on purpose: each answers as its contract says but for one thing.

A defect is in the contract's data (a copy of the folder, changed in one place) or in what stands before the cloud (requests and
answers on their way). Beside it stand the operations that have to be asked about, and what has to be found: a kind of deviation,
and a part of its rule.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cases import ROOT

from mockcloud.cloud import Cloud
from mockcloud.contracts.sketches import sketch
from mockcloud.drafting import decks
from mockcloud.drafting.requests import parameters
from mockcloud.fuzzing.target import NoAnswer, Target
from mockcloud.messages import Request, Response
from mockcloud.pipeline.service import WELL_KNOWN
from mockcloud.reports.dossier import dossier
from mockcloud.state.clock import VirtualClock

START = 1_767_268_800.0
Handle = Callable[[Request], Response]
Breaking = Callable[[Handle], Handle]
Edits = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Defect:
    """One way to be broken. `edits` are file to what stands there and what is put there; `before` stands before the cloud."""

    name: str
    operations: tuple[str, ...]
    kind: str
    rule: str = ""
    edits: Edits = field(default_factory=dict)
    before: Breaking | None = None
    auth: str = "strict"
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def provider(self) -> str:
        """Whose contract it is."""
        return self.operations[0].partition(".")[0]


def server(provider: str, folder: Path | None = None, defect: Defect | None = None) -> Target:
    """A server in this process: as the contract says, or with a defect. Its clock is virtual, a second for each request."""
    settings = {provider: defect.settings} if defect else None
    auth = defect.auth if defect else "strict"
    cloud = Cloud([provider], auth, VirtualClock(START), settings=None if folder else settings)
    if folder is not None:
        cloud._sketches[provider] = sketch(folder)
    cloud.report = lambda problem: None
    handle: Handle = lambda request: cloud.handle_for(provider, request)  # noqa: E731
    if defect and defect.before:
        handle = defect.before(handle)
    names = iter(range(1000, 10_000_000))
    return Target(handle, "127.0.0.1:8080", now=lambda: cloud.clock.now() + 1, wait=lambda seconds: None, names=names)


def changed(defect: Defect, into: Path) -> Path | None:
    """The contract's folder with the defect's edits; None where it has none."""
    if not defect.edits:
        return None
    folder = into / defect.provider
    shutil.copytree(ROOT / "schemas" / defect.provider, folder)
    for file, (old, new) in defect.edits.items():
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


# What stands before a cloud ------------------------------------------------------------------------------------------


def answering(change: Callable[[Request, Response], Response]) -> Breaking:
    """Answers are changed on their way."""
    return lambda handle: lambda request: change(request, handle(request))


def asking(change: Callable[[Request], Request]) -> Breaking:
    """Requests are changed on their way."""
    return lambda handle: lambda request: handle(change(request))


def body_of(change: Callable[[Any], Any], when: str = "") -> Breaking:
    """The JSON of answers is changed; `when`: of those to requests whose target or body has this."""

    def one(request: Request, response: Response) -> Response:
        if response.status != 200 or when not in request.target + request.body.decode("latin-1"):
            return response
        data = json.loads(response.body)
        change(data)
        return response._replace(body=json.dumps(data).encode())

    return answering(one)


def text_of(old: bytes, new: bytes, when: str = "") -> Breaking:
    """A text in the bodies of answers is another one."""

    def one(request: Request, response: Response) -> Response:
        return response._replace(body=response.body.replace(old, new)) if when in request.target else response

    return answering(one)


def resigned(provider: str, request: Request) -> Request:
    """The request as whoever is let in would have signed it."""
    sign = dossier(provider).contract.behaviours.sign
    assert sign is not None
    return sign(request, WELL_KNOWN, START)


def _without_client_code(request: Request) -> Request:
    """A verifier that takes the client code for part of the text and compares it with nobody's."""
    code = request.header("apiclientcode")
    if not code or code == WELL_KNOWN.client_code or request.header("apipublickey") != WELL_KNOWN.access_key:
        return request
    return resigned("pontus", request)


def _unsigned_let_in(request: Request) -> Request:
    return request if request.header("authorization") else resigned("jdcloud", request)


def _malformed_let_in(request: Request) -> Request:
    try:
        json.loads(request.body or b"{}")
    except ValueError:
        whole = decks.drafts("jdcloud.createTranscodeTemplate")[0].request(request.host)
        return resigned("jdcloud", replace(whole, target=request.target))
    return request


def _decoded_twice(request: Request) -> Request:
    """A form that is decoded by two layers: what a plus sign was is a blank."""
    return parameters.with_body(request, request.body.replace(b"%2B", b"+")) if request.body else request


class MovesOn:
    """A task that was seen to have succeeded is running when it is looked at again."""

    def __init__(self, handle: Handle) -> None:
        self._handle, self._ended = handle, set[str]()

    def __call__(self, request: Request) -> Response:
        """Answer."""
        response = self._handle(request)
        if request.target in self._ended:
            return response._replace(body=response.body.replace(b"SUCCESS", b"RUNNING"))
        if request.method == "GET" and b"SUCCESS" in response.body:
            self._ended.add(request.target)
        return response


class Forgetful:
    """What is removed is said to be, and is not."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def __call__(self, request: Request) -> Response:
        """Answer."""
        return Response(200) if request.method == "DELETE" else self._handle(request)


class Stubborn:
    """Every task that is looked at is the first that anybody made."""

    def __init__(self, handle: Handle) -> None:
        self._handle, self._first = handle, b""

    def __call__(self, request: Request) -> Response:
        """Answer."""
        response = self._handle(request)
        if b"task_status" in response.body:
            self._first = self._first or response.body
            return response._replace(body=self._first)
        return response


def _first_id(handle: Handle) -> Handle:
    """Whatever is made has the id of the first."""
    first: list[bytes] = []

    def answer(request: Request) -> Response:
        response = handle(request)
        if b"Action=CreateMediaTask" in request.body and b"TaskId" in response.body:
            first.append(response.body)
            return response._replace(body=first[0])
        return response

    return answer


def _silent(handle: Handle) -> Handle:
    def answer(request: Request) -> Response:
        if "channels" in request.target:
            raise NoAnswer("the connection was closed without an answer")
        return handle(request)

    return answer


def _unknown_is_fine(handle: Handle) -> Handle:
    """An unknown task is answered like a known one."""
    known: list[Response] = []

    def answer(request: Request) -> Response:
        response = handle(request)
        if "/task/transcoding/" in request.target and request.method == "GET":
            if response.status == 200:
                known.append(response)
            elif known and b"NoSuchTask" in response.body:
                return known[0]
        return response

    return answer


def _again(handle: Handle) -> Handle:
    """A name that is taken is given again."""

    def answer(request: Request) -> Response:
        response = handle(request)
        return Response(200, (("Content-Type", "application/json"),), b"{}") if b"exist" in response.body.lower() else response

    return answer


def _page(request: Request, response: Response) -> Response:
    """An error page of a proxy in the place of every refusal."""
    page = b"<html><body><h1>Bad Request</h1></body></html>"
    return Response(response.status, (("Content-Type", "text/html"),), page) if response.status >= 400 else response


def _without(name: str) -> Callable[[Any], Any]:
    return lambda data: data.pop(name, None)


def _as_text(*path: str) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data.get(step, {})
        if path[-1] in data:
            data[path[-1]] = str(data[path[-1]])

    return change


def _numbers(request: Request) -> Request:
    """A count that is written as a text is taken for the number."""
    data = json.loads(request.body) if request.body.startswith(b'{"') and b'"count":"' in request.body else {}
    if not isinstance(data.get("rule"), dict) or not isinstance(data["rule"].get("count"), str):
        return request
    data["rule"]["count"] = 1
    return resigned("jdcloud", parameters.with_body(request, json.dumps(data).encode()))


def _without_end(request: Request) -> Request:
    data = json.loads(request.body) if b"endTimeInSecond" in request.body else {}
    if not isinstance(data, dict) or not isinstance(data.get("rule"), dict):
        return request
    data["rule"].pop("endTimeInSecond", None)
    return resigned("jdcloud", parameters.with_body(request, json.dumps(data).encode()))


def _accepted(response: Response, when: bytes) -> Response:
    """The answer of whoever does not look: fine."""
    if when not in response.body:
        return response
    body = b'{"task_id":"1"}' if response.body.startswith(b"{") else b""
    return Response(200, (("Content-Type", "application/json"),) if body else (), body)


def _refused(handle: Handle) -> Handle:
    """Nobody may cancel anything."""
    body = b"<Error><Code>AccessDenied</Code><Message>no</Message><Resource>x</Resource><RequestId>x</RequestId><TraceId>x</TraceId></Error>"
    refusal = Response(403, (("Content-Type", "application/xml"),), body)
    return lambda request: refusal if request.method == "PUT" and "/jobs/" in request.target else handle(request)


THUMBNAIL = "jdcloud.createThumbnailTask"
THUMBNAILS = "requests/createThumbnailTask.schema.json"
GET_THUMBNAIL = "jdcloud.getThumbnailTask"
MEDIA_TASK = "ucloud.CreateMediaTask"
TRANSCODING = "pontus.createTranscodingTask"
GET_TRANSCODING = "pontus.getTranscodingTask"
JOB = "tencent_ci.CreateMediaJobs.MediaInfo"

DEFECTS = (
    # Requests: what is taken and what is not.
    Defect("a required member may be missing", (THUMBNAIL,), "accepted", "/source/bucket:required", {THUMBNAILS: ('"required": [\n        "bucket",\n        "key"\n      ]', '"required": [\n        "key"\n      ]')}),
    Defect("a maximum is one too large", (THUMBNAIL,), "accepted", "/rule/count:maximum", {THUMBNAILS: ('"maximum": 3600', '"maximum": 3601')}),
    Defect("a maximum is one too small", (THUMBNAIL,), "refused", "valid", {THUMBNAILS: ('"maximum": 4096', '"maximum": 4095')}),
    Defect("a value of a list is unknown", (THUMBNAIL,), "refused", "valid", {THUMBNAILS: ('"average"\n          ],\n          "default"', '"averaged"\n          ],\n          "default"')}),
    Defect("a value that nobody lists is taken", (MEDIA_TASK,), "accepted", ":enum", {"requests/CreateMediaTask.schema.json": ('"enum": ["US3"],', '"minLength": 1,')}),
    Defect("a number may be a text", (THUMBNAIL,), "accepted", "/rule/count:type", before=asking(_numbers)),
    Defect("a condition between two members is not checked", (THUMBNAIL,), "accepted", "end-forbidden-when-single", before=asking(_without_end)),
    Defect("what a request names need not be there", (TRANSCODING,), "accepted", "unknown-profile", before=answering(lambda request, response: _accepted(response, b"NoSuchProfile"))),
    Defect("malformed JSON is taken", ("jdcloud.createTranscodeTemplate",), "accepted", "malformed-body", before=asking(_malformed_let_in)),
    Defect("a name may be given twice", ("pontus.createProfile",), "accepted", "duplicate-profile", before=_again),
    Defect("an unknown task is answered like a known one", (GET_TRANSCODING,), "accepted", "unknown-task", before=_unknown_is_fine),
    # Who is let in.
    Defect("no signature is checked", (THUMBNAIL,), "accepted", "signature-mismatch", auth="off"),
    Defect("who signs nothing is let in", (THUMBNAIL,), "accepted", "authorization-missing", before=asking(_unsigned_let_in)),
    Defect("one component of the signature is not checked", (GET_TRANSCODING,), "accepted", "client-code-mismatch", before=asking(_without_client_code)),
    Defect("a signature holds for ever", (THUMBNAIL,), "accepted", "date-expired", settings={"signature_window_seconds": 10_000_000}),
    # Refusals: code, status and envelope.
    Defect("a rule is refused with another code", (THUMBNAIL,), "code", "/request#", before=text_of(b'"INVALID_ARGUMENT"', b'"OUT_OF_RANGE"')),
    Defect("an unknown task is refused with another status", (GET_TRANSCODING,), "status", "unknown-task", {"errors.json": ('"unknown-task": {"code": "NoSuchTask",', '"unknown-task": {"code": "NoSuchTask", "status": 410,')}),
    Defect("a refusal lacks its message", (GET_TRANSCODING,), "answer", "refusal/response#/message:required", before=text_of(b'"message"', b'"text"')),
    Defect("a refusal is the page of a proxy", (THUMBNAIL,), "code", "", before=answering(_page)),
    Defect("a method that a path does not have is answered", ("pontus.listProfiles",), "accepted", "unknown-method", before=asking(lambda request: replace(request, method="GET") if request.method == "PATCH" else request)),
    # Answers.
    Defect("an answer lacks a member", ("ucloud.CreateMediaTask",), "answer", "task-id-on-success", before=body_of(_without("TaskId"))),
    Defect("a number is answered as a text", (MEDIA_TASK,), "answer", "/RetCode", before=body_of(_as_text("RetCode"), "Action=CreateMediaTask")),
    Defect("an answer has another root element", ("tencent_ci.DescribeMediaQueues",), "unreadable", "", before=answering(lambda request, response: response._replace(body=response.body.replace(b"Response>", b"Answer>")) if "/queue?" in request.target else response)),
    Defect("one operation is never answered", ("pontus.listChannels", "pontus.listProfiles"), "no-answer", "valid", before=_silent),
    Defect("a form is decoded twice", ("ucloud.CreateFunctionTemplate",), "echo", "/Templates/Name", before=asking(_decoded_twice), auth="off"),
    # Tasks.
    Defect("a state is left out", (GET_TRANSCODING,), "state", "skipped:RUNNING", before=text_of(b"RUNNING", b"PENDING")),
    Defect("a task that has succeeded runs on", (GET_TRANSCODING,), "state", "edge", before=MovesOn),
    Defect("a task is in a state that nobody knows", (GET_TRANSCODING,), "state", "word:DONE", before=text_of(b"SUCCESS", b"DONE")),
    Defect("a task never ends", (GET_TRANSCODING,), "state", "without-end", before=text_of(b"SUCCESS", b"RUNNING")),
    Defect("a finished task can be cancelled", ("tencent_ci.CancelMediaJob", JOB), "state", "event:cancel", before=answering(lambda request, response: _accepted(response, b"cannot be cancelled"))),
    Defect("a task that waits cannot be cancelled", ("tencent_ci.CancelMediaJob", JOB), "state", "event:cancel", before=_refused),
    Defect("a second task has the id of the first", (MEDIA_TASK,), "identity", "given-twice", before=_first_id),
    Defect("another task is shown than the one that was asked for", (GET_TRANSCODING,), "identity", "of-another", before=Stubborn),
    # Things.
    Defect("what was removed is still there", ("pontus.deleteChannel",), "accepted", "unknown-channel", before=Forgetful),
    Defect("what was removed is still listed", ("pontus.deleteChannel",), "identity", "still-listed", before=Forgetful),
    Defect("what was made is not listed", ("pontus.listChannels",), "identity", "not-listed", before=body_of(lambda data: data.get("channels", []).clear(), "channels")),
)  # fmt: skip
"""Every defect: its name, what is asked about, and what has to be found."""
