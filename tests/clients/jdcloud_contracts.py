"""The contracts of the JD Cloud clients: one for each operation, over any client that has the operation.

Law: a contract says how a client is called and what it read, and corrects nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from mockcloud import ClientContract

from .defects import SURVIVES, of
from .findings import excluding
from .jdcloud_editions import OLD
from .jdcloud_httpx import Mps
from .jdcloud_sdk_client import OldSdk, Sdk
from .jdcloud_tasks import Made, MpsError, Page, Thumbnail

NAMES = {"regionId": "region", "taskId": "task"}
"""What the clients call by other names than the vendor."""


class OfMps(ClientContract):
    """What all have. `made_of` is the client's class."""

    made_of: ClassVar[type] = Mps
    error = MpsError

    def client(self, cloud: Any) -> Any:
        known = cloud.credentials("jdcloud")
        return self.made_of(known.access_key, known.secret_key)

    def code(self, error: MpsError) -> str:
        return error.code


class Creating(OfMps):
    operation = "jdcloud.createThumbnailTask"

    def call(self, client: Any, args: dict[str, Any]) -> Made:
        return client.create_thumbnail(**renamed(args))

    def result(self, returned: Made) -> dict[str, Any]:
        return {"taskID": returned.id}

    def wait(self, client: Any, returned: Made) -> str:
        return client.wait(returned).status

    def on_callback(self, client: Any, headers: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
        return client.received(headers, body)[1]


class Getting(OfMps):
    operation = "jdcloud.getThumbnailTask"

    def call(self, client: Any, args: dict[str, Any]) -> Thumbnail:
        return client.get_thumbnail(**renamed(args))

    def result(self, returned: Thumbnail) -> dict[str, Any]:
        return told(returned)


class Listing(OfMps):
    operation = "jdcloud.listThumbnailTask"

    def call(self, client: Any, args: dict[str, Any]) -> Page:
        return client.list_thumbnails(**renamed(args))

    def result(self, returned: Page) -> dict[str, Any]:
        read = {"taskList": [told(one) for one in returned.thumbnails], "truncated": returned.truncated}
        return read if returned.next is None else {**read, "nextMarker": returned.next}


class Notifying(OfMps):
    operation = "jdcloud.setNotification"

    def call(self, client: Any, args: dict[str, Any]) -> None:
        client.set_notification(**renamed(args))


def renamed(args: Mapping[str, Any]) -> dict[str, Any]:
    """Documented arguments as the clients take them."""
    return {NAMES.get(name, name): value for name, value in args.items()}


def told(one: Thumbnail) -> dict[str, Any]:
    """What a client read of a task, by the vendor's names."""
    return {
        "taskID": one.id,
        "status": one.status,
        "errorCode": one.error_code,
        "createdTime": one.created,
        "lastUpdatedTime": one.changed,
        "source": one.source,
        "target": {**one.target, "keys": one.keys},
        "rule": one.rule,
    }


class SdkListing(Listing):
    """By the SDK, without `marker`, of which JdcloudQuery and JdcloudOldQuery are the findings."""

    made_of = Sdk
    arguments = frozenset({"regionId", "status", "begin", "end", "limit"})


old = pytest.mark.skipif(
    not OLD.is_dir(), reason="jdcloud_sdk 1.6.51 is not installed beside the current one; make test installs it"
)
CORRECT = (
    Creating,
    Getting,
    Listing,
    Notifying,
    of(Creating, Sdk),
    of(Getting, Sdk),
    SdkListing,
    excluding(of(Notifying, Sdk), {SURVIVES: "JdcloudLost"}),
    old(of(Creating, OldSdk)),
    old(of(SdkListing, OldSdk)),
)
"""Not among them: what the old edition gets, whose every id is the finding JdcloudOldPath."""
