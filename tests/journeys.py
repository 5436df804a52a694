"""The fixtures that are workflows, and how one is walked: steps that are sent, waited for and judged in their order."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import asdict
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from cases import FIXTURES, START, Case, Door, filled, judge, lacking, opened, request_of, signed, taken

from mockcloud import Cloud, Credential
from mockcloud.outbound import Outbound, Outcome


def all_journeys() -> list[Case]:
    paths = [path for folder in ("journeys", "callbacks") for path in sorted(FIXTURES.glob(f"*/{folder}/*.json"))]
    return [_read(path) for path in paths]


def _read(path: Path) -> Case:
    provider, folder = path.parent.parent.name, path.parent.name
    return Case(f"{provider}/{folder}/{path.stem}", provider, folder, json.loads(path.read_text(encoding="utf-8")))


def walk(case: Case, door: Door, **options: Any) -> Cloud:
    """Walk the journey on a fresh cloud. Raises AssertionError, naming the step that went wrong."""
    cloud = opened(case, float(case.data.get("now", START)), **options)
    kept: dict[str, str] = {}
    told = 0
    for number, step in enumerate(case.data["steps"], 1):
        try:
            told = _take(case, cloud, door, filled(step, kept), kept, told)
        except AssertionError as problem:
            raise AssertionError(f"step {number} of {case.id}: {problem}") from problem
    return cloud


def _received(cloud: Cloud, statuses: list[int], answer: str) -> None:
    """Let everything be sent to a receiver that answers with these statuses, one after the other and the last ever after."""
    waiting = list(statuses)

    def send(message: Outbound) -> Outcome:
        status = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return Outcome(True, status, (), b64encode(message.body) if answer == "base64" else b"", "")

    cloud._sender.allowed, cloud._sender.send = lambda url: "", send  # type: ignore[method-assign]


def _take(case: Case, cloud: Cloud, door: Door, step: dict[str, Any], kept: dict[str, str], told: int) -> int:
    if "advance" in step:
        cloud.clock.advance(step["advance"])
    elif "fail_next" in step:
        cloud.fail_next(step["fail_next"]["operation"], **{k: v for k, v in step["fail_next"].items() if k != "operation"})
    elif "callbacks" in step:
        told = _told(cloud, step["callbacks"], told)
    elif "receiver" in step:
        _received(cloud, step["receiver"], step.get("answer", ""))
    elif "tasks" in step:
        shown = [asdict(task) for task in cloud.tasks(case.provider)]
        problem = lacking(step["tasks"], shown)
        assert not problem, f"{problem} in {shown}"
    else:
        request, name = request_of(step["request"]), step.get("as")
        credential = None if name is None else Credential(**case.data["credentials"][name])
        sign = step.get("signed", True)
        response = door(cloud, signed(cloud, case.provider, request, credential) if sign else request)
        judge(Case(case.id, case.provider, case.verdict, step), response)
        kept.update(taken(step.get("keep", {}), response))
    return told


def _told(cloud: Cloud, wanted: list[dict[str, Any]], told: int) -> int:
    every = list(cloud.callbacks)
    found = every[told:]
    assert len(found) == len(wanted), f"{len(wanted)} messages are wanted, found {found}"
    for one, message in zip(wanted, found, strict=True):
        for name in ("to", "method", "sent", "attempt"):
            assert name not in one or getattr(message, name) == one[name], f"{name}: {message}"
        headers = {name.lower(): value for name, value in message.headers}
        for name, value in one.get("headers", {}).items():
            assert headers.get(name.lower()) == value, f"{name}: {message}"
        if "contains" in one:
            problem = lacking(one["contains"], json.loads(message.body))
            assert not problem, f"{problem} in {message.body.decode()}"
        for path, text in one.get("xml", {}).items():
            assert ET.fromstring(message.body).findtext(path) == text, f"{path} in {message.body.decode()}"
    return len(every)
