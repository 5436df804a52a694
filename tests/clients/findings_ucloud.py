"""What the contract finds in `ucloud-sdk-python3`, used as its vendor shows: call a method, catch UCloudException.

Each client is a user's who has mended what stands above it, so that the next finding shows. Law: nothing here is wrong but what
the SDK does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import requests
from ucloud.helpers import wait

from .defects import GIVEN, SURVIVES, TWICE, WAITS, of
from .findings import Finding
from .ucloud_contracts import CreatingBySdk, LookingBySdk, MakingTemplatesBySdk
from .ucloud_httpx import Task
from .ucloud_sdk import TYPED, TaskFailed, UdiTasks


class AsShown(UdiTasks):
    """As the vendor's examples have it: every action by its method."""

    def call(self, action: str, arguments: Mapping[str, Any]) -> Any:
        methods = {**TYPED, "CreateFunctionTemplate": "create_function_template"}
        return getattr(self.sdk.udi(), methods[action])(dict(arguments))


class WithConnectionsCaught(AsShown):
    """A user who has learnt that the errors of requests pass."""

    def call(self, action: str, arguments: Mapping[str, Any]) -> Any:
        try:
            return super().call(action, arguments)
        except requests.RequestException as broken:
            raise TaskFailed(str(broken)) from broken


class WithRetries(UdiTasks):
    """A user who lets the SDK try again, which it says it does not do for what creates something."""

    config: ClassVar = {"max_retries": 3}


class WaitingAsShown(UdiTasks):
    """A user who waits with the SDK's own helper, told of the states that go on and of the one that is wanted."""

    def wait(self, task: Task) -> str:
        wait.wait_for_state(pending=["waiting", "processing"], target=["finished"], timeout=300, refresh=lambda: self.look(task))
        return "finished"


SDK = "ucloud-sdk-python3 0.11.150"

FINDINGS = (
    Finding(
        "UcloudCapture",
        "What a template says of pictures is dropped",
        SDK,
        of(MakingTemplatesBySdk, AsShown),
        GIVEN,
        "ImageFormat was given as 'jpg' and does not arrive",
    ),
    Finding(
        "UcloudConnection",
        "A broken connection raises what requests raises",
        SDK,
        of(LookingBySdk, AsShown),
        SURVIVES,
        "raised ConnectionError",
    ),
    Finding(
        "UcloudEmpty",
        "An empty answer raises AttributeError",
        SDK,
        of(LookingBySdk, WithConnectionsCaught),
        SURVIVES,
        "AttributeError",
    ),
    Finding("UcloudDuplicate", "A task is created once for each try", SDK, of(CreatingBySdk, WithRetries), TWICE, "4 times"),
    Finding(
        "UcloudWaiting",
        "The helper waits on for a task that has failed",
        SDK,
        of(CreatingBySdk, WaitingAsShown),
        WAITS,
        "does not end",
    ),
)
