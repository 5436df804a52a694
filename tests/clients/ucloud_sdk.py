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

from mockcloud import ClientContract, Cloud
from mockcloud.messages import Credential

from .ucloud_httpx import CreatesTasks

POLLS = 50
ERRORS = exc.UCloudException
"""What the SDK raises, by its documentation: RetCodeException for a refusal, others of this family for everything else."""

logging.getLogger("ucloud").setLevel(logging.CRITICAL)


class TaskEnded(exc.UCloudException):
    """A task that did not end well."""


def connected(credential: Credential, **config: Any) -> Client:
    """The SDK's client, with its own defaults."""
    keys = {"public_key": credential.access_key, "private_key": credential.secret_key}
    return Client({**keys, **config})


TYPED = {
    "CreateMediaTask": "create_media_task",
    "DescribeMediaTask": "describe_media_task",
    "CreateFunctionTemplate": "create_function_template",
    "DescribeFunctionTemplate": "describe_function_template",
    "DescribeMediaFunctions": "describe_media_functions",
    "DeleteFunctionTemplate": "delete_function_template",
}


def typed(client: Client, arguments: Mapping[str, Any]) -> Any:
    """Call an action by the SDK's method for it."""
    given = dict(arguments)
    return getattr(client.udi(), TYPED[given.pop("Action")])(given)


def generic(client: Client, arguments: Mapping[str, Any]) -> Any:
    """Call an action by its name, as the SDK offers for what it has no method for."""
    given = dict(arguments)
    return client.invoke(given.pop("Action"), given)


def wait(client: Client, region: str, zone: str, task: str) -> str:
    """Wait until a task has ended well; its final state."""
    for _ in range(POLLS):
        tasks = client.udi().describe_media_task({"Region": region, "Zone": zone, "TaskId": task})["Tasks"]
        if not tasks:
            raise TaskEnded("there is no such task")
        if tasks[0].get("Status") == "finished":
            return "finished"
        if tasks[0].get("Status") == "failed":
            raise TaskEnded("the task failed")
        time.sleep(1)  # noqa: TID251  # as a client of the real vendor waits; the tests let no time pass
    raise TaskEnded(f"the task has not ended after {POLLS} looks")


def code(error: Exception) -> Any:
    """The vendor's code that an error carries."""
    return getattr(error, "code", "")


class CreatesTasksBySdk(ClientContract):
    """Tasks: created and waited for."""

    operation = "ucloud.CreateMediaTask"
    arguments = CreatesTasks.arguments
    error = ERRORS

    def client(self, cloud: Cloud) -> Client:
        return connected(cloud.credentials("ucloud"))

    def call(self, client: Client, args: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any]:
        return args, typed(client, {**args, "Action": "CreateMediaTask"})

    def result(self, returned: tuple[Mapping[str, Any], Any]) -> Any:
        return returned[1]

    def code(self, error: Exception) -> Any:
        return code(error)

    def wait(self, client: Client, returned: tuple[Mapping[str, Any], Any]) -> str:
        args, said = returned
        return wait(client, args["Region"], args["Zone"], said["TaskId"])


class ActionsBySdk(ClientContract):
    """Any action, by its name."""

    operation = "ucloud.CreateFunctionTemplate"
    error = ERRORS

    def client(self, cloud: Cloud) -> Client:
        return connected(cloud.credentials("ucloud"))

    def call(self, client: Client, args: Mapping[str, Any]) -> Any:
        return generic(client, args)

    def result(self, returned: Any) -> Any:
        return returned

    def code(self, error: Exception) -> Any:
        return code(error)
