"""`ucloud-sdk-python3` as a team uses it for media tasks that knows its ways: the vendor's own client.

Law: what the SDK does wrong is put right in `call`, and nowhere else; `findings_ucloud.py` has it as it comes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

import requests
from ucloud.client import Client
from ucloud.core import exc

from .ucloud_httpx import POLLS, Task

ERRORS = exc.UCloudException
"""What the SDK raises, by its documentation: RetCodeException for a refusal, others of this family for everything else."""

TYPED = {
    "CreateMediaTask": "create_media_task",
    "DescribeMediaTask": "describe_media_task",
    "DescribeFunctionTemplate": "describe_function_template",
    "DescribeMediaFunctions": "describe_media_functions",
    "DeleteFunctionTemplate": "delete_function_template",
}
"""The actions that are called by the SDK's methods for them; the others by their names."""

logging.getLogger("ucloud").setLevel(logging.CRITICAL)


class TaskFailed(exc.UCloudException):
    """A task that did not end well, or an answer that says nothing."""


class UdiTasks:
    """Actions by the SDK."""

    library = "ucloud-sdk-python3"
    config: Mapping[str, Any] = {}

    def __init__(self, public_key: str, private_key: str) -> None:
        self.sdk = Client({"public_key": public_key, "private_key": private_key, **self.config})

    def call(self, action: str, arguments: Mapping[str, Any]) -> Any:
        """Call an action; the members of its answer."""
        try:
            return self.called(action, dict(arguments))
        except (requests.RequestException, AttributeError) as broken:
            raise TaskFailed(f"no answer: {broken}") from broken

    def called(self, action: str, arguments: dict[str, Any]) -> Any:
        """What the SDK returns."""
        if action in TYPED:
            return getattr(self.sdk.udi(), TYPED[action])(arguments)
        return self.sdk.invoke(action, arguments)

    def create(self, arguments: Mapping[str, Any]) -> Task:
        """Create a task."""
        said = self.call("CreateMediaTask", arguments)
        return Task(arguments["Region"], arguments["Zone"], said)

    def look(self, task: Task) -> str:
        """The state of a task."""
        wanted = {"Region": task.region, "Zone": task.zone, "TaskId": task.said["TaskId"]}
        tasks = self.call("DescribeMediaTask", wanted)["Tasks"]
        return str(tasks[0].get("Status")) if tasks else "gone"

    def wait(self, task: Task) -> str:
        """Wait until a task has ended well; its final state."""
        for _ in range(POLLS):
            state = self.look(task)
            if state == "finished":
                return state
            if state in ("failed", "gone"):
                raise TaskFailed(f"the task is {state}")
            time.sleep(1)  # as a client of the real vendor waits; the tests let no time pass
        raise TaskFailed(f"the task has not ended after {POLLS} looks")


def code(error: Exception) -> Any:
    """The vendor's code that an error carries."""
    return getattr(error, "code", "")
