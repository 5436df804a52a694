"""`ucloud-sdk-python3` as a team uses it for media tasks: the vendor's own client, unmodified.

Law: nothing is put right here that the SDK does wrong; what it does is in docs/findings.md.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from ucloud.client import Client
from ucloud.core import exc

from .ucloud_httpx import POLLS, Task

ERRORS = exc.UCloudException
"""What the SDK raises, by its documentation: RetCodeException for a refusal, others of this family for everything else."""

TYPED = {
    "CreateMediaTask": "create_media_task",
    "DescribeMediaTask": "describe_media_task",
    "CreateFunctionTemplate": "create_function_template",
    "DescribeFunctionTemplate": "describe_function_template",
    "DescribeMediaFunctions": "describe_media_functions",
    "DeleteFunctionTemplate": "delete_function_template",
}
"""The actions, and the SDK's methods for them."""

logging.getLogger("ucloud").setLevel(logging.CRITICAL)


class TaskEnded(exc.UCloudException):
    """A task that did not end well."""


class TypedMedia:
    """Actions by the SDK's method for each, with the SDK's own defaults."""

    library = "ucloud-sdk-python3"
    config: Mapping[str, Any] = {}

    def __init__(self, public_key: str, private_key: str) -> None:
        self.sdk = Client({"public_key": public_key, "private_key": private_key, **self.config})

    def call(self, action: str, arguments: Mapping[str, Any]) -> Any:
        """Call an action; the members of its answer."""
        return getattr(self.sdk.udi(), TYPED[action])(dict(arguments))

    def create(self, arguments: Mapping[str, Any]) -> Task:
        """Create a task."""
        said = self.call("CreateMediaTask", arguments)
        return Task(arguments["Region"], arguments["Zone"], said)

    def wait(self, task: Task) -> str:
        """Wait until a task has ended well; its final state."""
        wanted = {"Region": task.region, "Zone": task.zone, "TaskId": task.said["TaskId"]}
        for _ in range(POLLS):
            tasks = self.call("DescribeMediaTask", wanted)["Tasks"]
            state = tasks[0].get("Status") if tasks else "gone"
            if state == "finished":
                return "finished"
            if state in ("failed", "gone"):
                raise TaskEnded(f"the task is {state}")
            time.sleep(1)  # noqa: TID251  # as a client of the real vendor waits; the tests let no time pass
        raise TaskEnded(f"the task has not ended after {POLLS} looks")


class GenericMedia(TypedMedia):
    """Actions by their names, as the SDK offers for those that it has no method for."""

    def call(self, action: str, arguments: Mapping[str, Any]) -> Any:
        """Call an action; the members of its answer."""
        return self.sdk.invoke(action, dict(arguments))


def code(error: Exception) -> Any:
    """The vendor's code that an error carries."""
    return getattr(error, "code", "")
