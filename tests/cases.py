"""The fixtures as cases, and how one is sent and judged. Cases are data; this is the one runner."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from mockcloud import Cloud, Credential, Request, Response, VirtualClock
from mockcloud.contracts.json_reader import pointed
from mockcloud.pipeline.service import WELL_KNOWN
from mockcloud.state.items import Item

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
START = 1_767_225_600.0
"""The mock's clock in a case that names none: 2026-01-01T00:00:00Z."""

Door = Callable[[Cloud, Request], Response]


@dataclass(frozen=True)
class Case:
    """One fixture file."""

    id: str
    provider: str
    verdict: str
    data: dict[str, Any]

    @property
    def rule(self) -> str:
        return self.data.get("rule", "")


def all_cases(*verdicts: str) -> list[Case]:
    return [case for verdict in verdicts or ("accepted", "refused", "vectors") for case in _read(verdict)]


def _read(verdict: str) -> Iterator[Case]:
    for path in sorted(FIXTURES.glob(f"*/{verdict}/*.json")):
        provider = path.parent.parent.name
        yield Case(f"{provider}/{verdict}/{path.stem}", provider, verdict, json.loads(path.read_text(encoding="utf-8")))


def cloud_of(case: Case, **options: Any) -> Cloud:
    """A fresh cloud for the case: its clock stands at the case's time when the request arrives."""
    return opened(case, float(case.data.get("now", START)) - 1 - len(case.data.get("before", ())), **options)


def opened(case: Case, start: float, **options: Any) -> Cloud:
    """A fresh cloud at a time, with the credentials and settings of the case, and what it keeps and how much it may keep."""
    data = case.data
    first = Credential(**data["credential"]) if "credential" in data else WELL_KNOWN
    known = {case.provider: [first, *(Credential(**one) for one in data.get("credentials", {}).values())]}
    cloud = Cloud(clock=VirtualClock(start, 1), credentials=known, settings=data.get("settings"), **options)
    for item in data.get("items", ()):
        kept = Item(case.provider, item["kind"], tuple(item["tenancy"]), item["id"], start, start, item["members"])
        cloud._store.put(kept)
    cloud._store._limit = data.get("store", cloud._store._limit)
    return cloud


def request_of(data: dict[str, Any]) -> Request:
    body = base64.b64decode(data["body_base64"]) if "body_base64" in data else data.get("body", "").encode()
    body *= data.get("body_times", 1)
    given = {name.lower() for name, _ in data.get("headers", [])}
    headers = [(name, value) for name, value in data.get("headers", []) if value is not None]
    if "content-length" not in given and "transfer-encoding" not in given and (body or data["method"] in ("POST", "PUT")):
        headers.append(("Content-Length", str(len(body))))
    return Request(data["method"], data["target"], data["host"], tuple(headers), body)


def signed(cloud: Cloud, provider: str, request: Request, credential: Credential | None = None) -> Request:
    """The request as a client of the provider signs it at the moment when it will be handled."""
    sign = cloud._service(provider).contract.behaviours.sign
    assert sign is not None
    return sign(request, credential or cloud.credentials(provider), cloud.clock.now() + 1)


def send(case: Case, cloud: Cloud, door: Door) -> Response:
    """Send what comes before, then the request of the case; `{task}` is the last created task's id, `{name}` what was kept."""
    kept: dict[str, str] = {}
    for step in case.data.get("before", ()):
        if "advance" in step:
            cloud.clock.advance(step["advance"])
            continue
        response = door(
            cloud, _ready(case, cloud, request_of(_with_task(cloud, case, step["request"], kept)), step.get("signed", True))
        )
        assert response.status == 200, response
        kept.update(taken(step.get("keep", {}), response))
    request = request_of(_with_task(cloud, case, case.data["request"], kept))
    return door(cloud, _ready(case, cloud, request, case.data.get("signed", case.verdict != "vectors")))


def taken(keep: dict[str, str], response: Response) -> dict[str, str]:
    """What is kept of an answer: by JSON pointer, or by element path below the root."""
    found = {}
    for name, place in keep.items():
        if place.startswith("/"):
            value = json.loads(response.body)
            for part in place.split("/")[1:]:
                value = value[int(part)] if isinstance(value, list) else value[part]
        else:
            value = ET.fromstring(response.body).findtext(place)
        assert isinstance(value, (str, int)), f"nothing stands at {place} of {response.body.decode()}"
        found[name] = str(value)
    return found


def filled(data: Any, kept: dict[str, str]) -> Any:
    """The data with `{name}` in its texts replaced by what was kept."""
    text = json.dumps(data)
    for name, value in kept.items():
        text = text.replace(f"{{{name}}}", json.dumps(value)[1:-1])
    return json.loads(text)


def _with_task(cloud: Cloud, case: Case, data: dict[str, Any], kept: dict[str, str] | None = None) -> dict[str, Any]:
    tasks = cloud.tasks(case.provider)
    return filled(data, {**({"task": tasks[-1].id} if tasks else {}), **(kept or {})})


def _ready(case: Case, cloud: Cloud, request: Request, sign: bool) -> Request:
    return signed(cloud, case.provider, request) if sign else request


def judge(case: Case, response: Response) -> None:
    """Assert that the answer is the one that the case expects."""
    wanted = case.data.get("response", {})
    assert response.status == wanted.get("status", 200), (response.status, response.body[:2000])
    for name, value in wanted.get("headers", {}).items():
        assert response.header(name.lower()) == value, (name, response.header(name.lower()))
    if "contains" in wanted:
        problem = lacking(wanted["contains"], json.loads(response.body))
        assert not problem, f"{problem} in {response.body.decode()}"
    for place in wanted.get("lacks", ()):
        assert pointed(json.loads(response.body), place) is None, f"{place} in {response.body.decode()}"
    for path, text in wanted.get("xml", {}).items():
        assert ET.fromstring(response.body).findtext(path) == text, f"{path} in {response.body.decode()}"


def lacking(wanted: Any, found: Any, at: str = "") -> str:
    """What the found data lacks of the wanted, empty for nothing."""
    if isinstance(wanted, dict):
        if not isinstance(found, dict):
            return f"{at}: an object is wanted, found {found!r}"
        problems = (
            lacking(value, found[name], f"{at}/{name}") if name in found else f"{at}/{name} is missing"
            for name, value in wanted.items()
        )
        return next((problem for problem in problems if problem), "")
    if isinstance(wanted, list):
        if not isinstance(found, list) or len(wanted) != len(found):
            return f"{at}: {wanted!r} is wanted, found {found!r}"
        return next((p for i, value in enumerate(wanted) if (p := lacking(value, found[i], f"{at}/{i}"))), "")
    return "" if wanted == found and type(wanted) is type(found) else f"{at}: {wanted!r} is wanted, found {found!r}"
