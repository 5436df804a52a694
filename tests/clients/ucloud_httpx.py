"""A small correct client of UCloud's media tasks, with httpx.

Every step is a method of its own, so that a defect is one method written as people write it wrong.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

import httpx

URL = "https://api.ucloud.cn/"
POLLS = 50


class MediaError(Exception):
    """A call that was refused, a task that failed, or an answer that says nothing. `code` is the vendor's RetCode, if any."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message if code is None else f"{code}: {message}")
        self.code = code


class Task(NamedTuple):
    """A task that was created, where, and what the vendor said of it."""

    region: str
    zone: str
    said: Mapping[str, Any]


class Media:
    """Calls actions, and waits for the end of tasks."""

    library = "httpx"
    caught: Any = httpx.HTTPError
    """What of the library's errors becomes the client's own."""
    timeout = 10.0

    def __init__(self, public_key: str, private_key: str) -> None:
        self.public_key = public_key
        self.private_key = private_key

    def call(self, action: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Call an action; the members of its answer. Nothing is tried again: a task may have been created all the same."""
        if not action:
            raise ValueError("no action was named")
        parameters = self.signed(self.parameters(action, arguments))
        try:
            answer = self.send(parameters)
        except self.caught as broken:
            raise MediaError(f"no answer: {broken}") from broken
        return self.read(answer)

    def create(self, arguments: Mapping[str, Any]) -> Task:
        """Create a task."""
        said = self.call("CreateMediaTask", arguments)
        return Task(arguments["Region"], arguments["Zone"], said)

    # Sending

    def parameters(self, action: str, arguments: Mapping[str, Any]) -> dict[str, str]:
        given = {name: self.text(name, value) for name, value in arguments.items() if value is not None}
        return {**given, "Action": action, "PublicKey": self.public_key}

    def text(self, name: str, value: Any) -> str:
        del name
        return str(value).lower() if isinstance(value, bool) else str(value)

    def send(self, parameters: Mapping[str, str]) -> httpx.Response:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        with httpx.Client(timeout=self.timeout) as http:
            return http.post(URL, content=self.form(parameters), headers=headers)

    def form(self, parameters: Mapping[str, str]) -> bytes:
        return urlencode(parameters).encode()

    # Signing

    def signed(self, parameters: dict[str, str]) -> dict[str, str]:
        return {**parameters, "Signature": self.signature(parameters)}

    def signature(self, parameters: Mapping[str, str]) -> str:
        text = "".join(f"{name}{self.signed_value(parameters[name])}" for name in self.ordered(parameters))
        return hashlib.sha1(f"{text}{self.private_key}".encode()).hexdigest()  # the vendor signs with SHA-1

    def ordered(self, parameters: Mapping[str, str]) -> list[str]:
        return sorted(parameters)

    def signed_value(self, value: str) -> str:
        return value

    # Reading

    def read(self, answer: httpx.Response) -> dict[str, Any]:
        """The answer's members. Raises MediaError for a refusal and for what is no answer."""
        if not self.well(answer.status_code):
            raise MediaError(f"HTTP {answer.status_code}")
        found = self.parsed(answer.content)
        if not isinstance(found, dict) or "RetCode" not in found:
            raise MediaError("the answer has no RetCode")
        if self.code_in(found) != 0:
            raise MediaError(self.message_in(found), self.code_in(found))
        return found

    def well(self, status: int) -> bool:
        return status == 200

    def parsed(self, body: bytes) -> Any:
        try:
            return json.loads(body)
        except ValueError as wrong:
            raise MediaError(f"the answer cannot be read: {wrong}") from wrong

    def code_in(self, answer: Mapping[str, Any]) -> int:
        return int(answer["RetCode"])

    def message_in(self, answer: Mapping[str, Any]) -> str:
        return str(answer.get("Message", ""))

    # Waiting

    def wait(self, task: Task) -> str:
        """Wait until a task has ended well; its final state. Raises MediaError for one that ended otherwise or does not end."""
        for _ in range(POLLS):
            state = self.state(self.look(task))
            if self.ended(state):
                return state
            self.pause()
        raise MediaError(f"the task has not ended after {POLLS} looks")

    def look(self, task: Task) -> dict[str, Any]:
        wanted = {"Region": task.region, "Zone": task.zone, "TaskId": task.said["TaskId"]}
        return self.call("DescribeMediaTask", wanted)

    def state(self, answer: Mapping[str, Any]) -> str:
        tasks = answer.get("Tasks") or []
        if not tasks:
            raise MediaError("there is no such task")
        return str(tasks[0].get("Status", ""))

    def ended(self, state: str) -> bool:
        if state == "failed":
            raise MediaError("the task failed")
        return state == "finished"

    def pause(self) -> None:
        time.sleep(1)  # as a client of the real vendor waits; the tests let no time pass
