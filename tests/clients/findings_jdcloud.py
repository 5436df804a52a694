"""What the contract finds in `jdcloud_sdk`, used as its vendor shows: send, look at `error`, read `result`.

Each client is a user's who has mended what stands above it, so that the next finding shows. Law: nothing here is wrong but what
the SDK does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

from .defects import GIVEN, SIGNS, SURVIVES, of
from .findings import Finding
from .jdcloud_contracts import Creating, Getting, Listing
from .jdcloud_editions import OLD
from .jdcloud_sdk_client import OldSdk, Sdk
from .jdcloud_tasks import MpsError


class AsShown(Sdk):
    """As the vendor's examples have it."""

    def part(self, text: str) -> str:
        return text

    def value(self, text: str) -> str:
        return text

    def sent(self, request: Any, *, resulting: bool = True) -> Mapping[str, Any]:
        answer = self._client.send(request)
        if answer.error is not None:
            raise MpsError(str(answer.error.status), str(answer.error.message))
        return answer.result


class OldAsShown(AsShown):
    """The same with 1.6.51."""

    home = OLD


class WithConnectionsCaught(AsShown):
    """A user who has learnt that the errors of requests pass."""

    def sent(self, request: Any, *, resulting: bool = True) -> Mapping[str, Any]:
        try:
            return super().sent(request, resulting=resulting)
        except requests.RequestException as error:
            raise MpsError("", str(error)) from error


class WithPagesCaught(WithConnectionsCaught):
    """One who has learnt that those of json do too."""

    def sent(self, request: Any, *, resulting: bool = True) -> Mapping[str, Any]:
        try:
            return super().sent(request, resulting=resulting)
        except ValueError as error:
            raise MpsError("", str(error)) from error


NEW = "jdcloud_sdk 1.6.354"
OLDER = "jdcloud_sdk 1.6.51"
MISSING = "" if OLD.is_dir() else "jdcloud_sdk 1.6.51 is not installed beside the current one; make test installs it"

FINDINGS = (
    Finding("JdcloudQuery", "Values of a query are not escaped", NEW, of(Listing, AsShown), GIVEN, "marker was given as"),
    Finding("JdcloudPath", "A name in a path is not escaped", NEW, of(Getting, AsShown), GIVEN, "taskId was given as"),
    Finding(
        "JdcloudOldPath",
        "What is sent in a path is not what is signed",
        OLDER,
        of(Getting, OldSdk),
        SIGNS,
        "ACCESS_ERROR",
        MISSING,
        beside=True,
    ),
    Finding(
        "JdcloudOldQuery",
        "What is sent in a query is not what is signed",
        OLDER,
        of(Listing, OldAsShown),
        SIGNS,
        "ACCESS_ERROR",
        MISSING,
        beside=True,
    ),
    Finding(
        "JdcloudConnection",
        "A broken connection raises an error of requests",
        NEW,
        of(Creating, AsShown),
        SURVIVES,
        "raised ConnectionError",
    ),
    Finding(
        "JdcloudPage",
        "An answer that is no JSON raises an error of json",
        NEW,
        of(Creating, WithConnectionsCaught),
        SURVIVES,
        "JSON",
    ),
    Finding(
        "JdcloudLost", "An empty answer is a success without a result", NEW, of(Getting, WithPagesCaught), SURVIVES, "NoneType"
    ),
)
