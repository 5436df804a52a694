"""The vendor's own `jdcloud_sdk`, wrapped with the care that it needs.

Knows the SDK's classes. Law: whatever goes wrong is an MpsError; the SDK itself raises for hardly anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from .jdcloud_editions import OLD, edition
from .jdcloud_tasks import Made, MpsError, Page, Tasks, Thumbnail, flat


class Sdk(Tasks):
    """The current edition."""

    library = "jdcloud_sdk"
    home: Path | None = None

    def __init__(self, access_key: str, secret_key: str) -> None:
        self.sdk = edition(self.home)
        self._client = self.sdk.MpsClient(self.sdk.Credential(access_key, secret_key), logger=self.sdk.Logger(0))

    def create_thumbnail(
        self, region: str, source: Mapping[str, Any], target: Mapping[str, Any], rule: Mapping[str, Any] | None = None
    ) -> Made:
        """Let pictures be taken of a video."""
        sdk = self.sdk
        said = sdk.CreateThumbnailTaskParameters(
            self.part(region), sdk.ThumbnailTaskSource(**source), sdk.ThumbnailTaskTarget(**target)
        )
        if rule is not None:
            said.setRule(sdk.ThumbnailTaskRule(**rule))
        return self.made(region, self.sent(sdk.CreateThumbnailTaskRequest(said)))

    def get_thumbnail(self, region: str, task: str) -> Thumbnail:
        """A task as it stands."""
        said = self.sdk.GetThumbnailTaskParameters(self.part(region), self.part(task))
        return self.thumbnail(flat(self.sent(self.sdk.GetThumbnailTaskRequest(said)), "thumbnailTask"))

    def list_thumbnails(self, region: str, **filters: str) -> Page:
        """The tasks of a region, newest first."""
        values = {name: self.value(value) for name, value in filters.items()}
        said = filled(self.sdk.ListThumbnailTaskParameters(self.part(region)), values)
        return self.page(flat(self.sent(self.sdk.ListThumbnailTaskRequest(said)), "thumbnailQuery"))

    def set_notification(self, region: str, enabled: bool, **rest: Any) -> None:
        """Say where messages go."""
        said = filled(self.sdk.SetNotificationParameters(self.part(region), enabled), rest)
        self.sent(self.sdk.SetNotificationRequest(said), resulting=False)

    def part(self, text: str) -> str:
        """A text as a part of a path, which the SDK puts in as it stands."""
        return quote(text, safe="")

    def value(self, text: str) -> str:
        """A text as a value of a query. Raises ValueError for one that the SDK would send as another query."""
        if set(text) & set("&=?"):
            raise ValueError(f"jdcloud_sdk does not escape {text!r}")
        return text

    def sent(self, request: Any, *, resulting: bool = True) -> Mapping[str, Any]:
        """The result of a request."""
        try:
            answer = self._client.send(request)
        except (requests.RequestException, ValueError, AttributeError, self.sdk.ClientException) as error:
            # AttributeError: it looks into an answer before it looks what it is.
            raise MpsError("", f"no answer: {error}") from error
        if answer.error is not None:
            raise MpsError(str(answer.error.status), str(answer.error.message))
        if not answer.request_id or (resulting and not isinstance(answer.result, dict)):
            raise MpsError("", "the answer says nothing")
        return answer.result or {}


class OldSdk(Sdk):
    """1.6.51, one of those that sign by generation 2."""

    library = "jdcloud_sdk 1.6.51"
    home = OLD

    def part(self, text: str) -> str:
        """As it stands: what is escaped, this edition escapes once more when it signs."""
        return text


def filled(parameters: Any, values: Mapping[str, Any]) -> Any:
    """The parameters with these optional ones set. Raises TypeError for one that there is not."""
    for name, value in values.items():
        setter = getattr(parameters, f"set{name[:1].upper()}{name[1:]}", None)
        if setter is None:
            raise TypeError(f"there is no parameter {name}")
        setter(value)
    return parameters
