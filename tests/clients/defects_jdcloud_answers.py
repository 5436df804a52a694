"""Wrong clients of JD Cloud MPS: what they make of answers, refusals, tasks that take long, broken connections and messages.

Each class is the correct client with one thing done as somebody once thought it was right.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import httpx
import requests

from .defects import RAISES, READS, RECEIVES, SURVIVES, TWICE, UNKNOWN, WAITS, Defect
from .jdcloud_contracts import Creating, Getting, Listing, Notifying
from .jdcloud_httpx import Mps
from .jdcloud_sdk_client import Sdk
from .jdcloud_tasks import PAUSE, Made, MpsError, Page, Thumbnail

# What is read


class TheIdIsReadFromTheWrapperAlone(Mps):
    """The page shows `result.thumbnailTaskID.taskID`, so that is where it is read; the vendor's own clients read it flat."""

    def made(self, region: str, result: Mapping[str, Any]) -> Made:
        return Made(region, result["thumbnailTaskID"]["taskID"])


class ATaskAlwaysHasARule(Mps):
    """The mode is read of a rule that an answer may leave out."""

    def thumbnail(self, result: Mapping[str, Any]) -> Thumbnail:
        return super().thumbnail({**result, "rule": {"mode": result["rule"]["mode"], **result["rule"]}})


class ATaskAlwaysHasAPicture(Mps):
    """The first picture is looked at before there is one."""

    def thumbnail(self, result: Mapping[str, Any]) -> Thumbnail:
        found = super().thumbnail(result)
        return found._replace(keys=[found.keys[0], *found.keys[1:]])


class AListIsNeverEmpty(Mps):
    """The last task of a page is where the next one begins."""

    def page(self, result: Mapping[str, Any]) -> Page:
        page = super().page(result)
        last = page.thumbnails[-1].id
        return page._replace(next=page.next or (last if page.truncated else None))


class TheListIsNeverTruncated(Mps):
    """The page says `isTruncated` in a sentence, the member is `truncated`: every list seems to end."""

    def page(self, result: Mapping[str, Any]) -> Page:
        return super().page(result)._replace(truncated=bool(result.get("isTruncated")))


# What nobody knows yet


class EveryMemberHasAField(Mps):
    """An answer's members become the arguments of a class that has those of today."""

    def thumbnail(self, result: Mapping[str, Any]) -> Thumbnail:
        return self._made(**result)

    def _made(
        self,
        taskID: str,  # noqa: N803
        status: str,
        source: Any,
        target: Any,
        errorCode: int | None = None,  # noqa: N803
        createdTime: str | None = None,  # noqa: N803
        lastUpdatedTime: str | None = None,  # noqa: N803
        rule: Any = None,
        thumbnailTask: Any = None,  # noqa: N803
    ) -> Thumbnail:
        keys = list(target.get("keys") or [])
        return Thumbnail(taskID, status, errorCode, createdTime, lastUpdatedTime, source, target, rule or {}, keys)


class Status(StrEnum):
    """The states of today."""

    PENDDING = "PENDDING"
    RUNNING = "RUNNING"
    SUCCESS = "SUCCESS"
    ERROR = "ERROR"


class EveryStateIsKnown(Mps):
    """A state becomes a member of an enumeration, which refuses the one that comes next year."""

    def thumbnail(self, result: Mapping[str, Any]) -> Thumbnail:
        found = super().thumbnail(result)
        return found._replace(status=Status(found.status))


# Refusals


class TheCodeIsTheHttpStatus(Mps):
    """`error.code` is a number that says no more than the status: which refusal it is stands in `error.status`."""

    def refused(self, error: Mapping[str, Any], status: int) -> tuple[str, str]:
        return str(error["code"]), str(error["message"])


class ARefusalAlwaysHasDetails(Mps):
    """The field is read of details that only some refusals have."""

    def refused(self, error: Mapping[str, Any], status: int) -> tuple[str, str]:
        return str(error["status"]), f"{error['details'][0]['field']}: {error['message']}"


class NotFoundIsNothing(Mps):
    """404 is no error but None."""

    def get_thumbnail(self, region: str, task: str) -> Thumbnail | None:
        try:
            return super().get_thumbnail(region, task)
        except MpsError as error:
            if error.code == "NOT_FOUND":
                return None
            raise


class TheSdkRaisesByItself(Sdk):
    """The SDK is trusted to raise; it puts a refusal into `error` and returns."""

    def sent(self, request: Any, *, resulting: bool = True) -> Mapping[str, Any]:
        return self._client.send(request).result


# Waiting


class FailureIsCalledAsInFilters(Mps):
    """The list is filtered by FAILED, so a failed task is waited for as FAILED; it is shown as ERROR, and never comes."""

    def wait(self, made: Made) -> Thumbnail:
        while True:
            found = self.get_thumbnail(made.region, made.id)
            if found.status == "FAILED":
                raise MpsError(str(found.error_code))
            if found.status == "SUCCESS":
                return found
            time.sleep(PAUSE)


class PendingIsSpeltAsItShouldBe(Mps):
    """Waits while a task is PENDING or RUNNING; the vendor writes PENDDING, which is then an end."""

    def wait(self, made: Made) -> Thumbnail:
        while (found := self.get_thumbnail(made.region, made.id)).status in ("PENDING", "RUNNING"):
            time.sleep(PAUSE)
        return found


class WhatHasEndedIsWell(Mps):
    """Whatever is neither waiting nor running has been done."""

    def wait(self, made: Made) -> Thumbnail:
        while (found := self.get_thumbnail(made.region, made.id)).status in ("PENDDING", "RUNNING"):
            time.sleep(PAUSE)
        return found._replace(status="SUCCESS")


class TheNewestTaskIsOurs(Mps):
    """A list has the newest task first, and that is the one that was just made: others make tasks too."""

    def wait(self, made: Made) -> Thumbnail:
        while (found := self.list_thumbnails(made.region).thumbnails[0]).status in ("PENDDING", "RUNNING"):
            time.sleep(PAUSE)
        if found.status != "SUCCESS":
            raise MpsError(str(found.error_code))
        return found


# Connections that break


class ACreateIsRepeated(Mps):
    """Whatever got no answer is sent again, though it may have been done."""

    def tries(self, method: str) -> int:
        return 3


class OnlyRefusedConnectionsAreKnown(Mps):
    """A connection that cannot be made is caught; one that breaks later is not."""

    caught = httpx.ConnectError


class EveryAnswerIsJson(Mps):
    """Whatever comes is read as JSON: what is cut off, or a proxy's page, raises what the parser raises."""

    def answered(self, answer: httpx.Response) -> Mapping[str, Any]:
        json.loads(answer.content)
        return super().answered(answer)


class AnEmptyAnswerIsAYes(Mps):
    """No body, no error."""

    def answered(self, answer: httpx.Response) -> Mapping[str, Any]:
        return super().answered(answer) if answer.content else {}


class TheSdksExceptionsPass(Sdk):
    """The SDK's own exception is caught, which it hardly raises; those of requests are not."""

    def sent(self, request: Any, *, resulting: bool = True) -> Mapping[str, Any]:
        try:
            return super().sent(request, resulting=resulting)
        except MpsError as error:
            if isinstance(error.__cause__, requests.RequestException):
                raise error.__cause__ from None
            raise


# Messages


class AMessageIsTheBody(Mps):
    """The body is the message, also where it is an envelope."""

    def message(self, body: bytes) -> bytes:
        return body


class AMessageComesOnce(Mps):
    """What a message tells of is struck off a list; the vendor sends a message again that got no answer in time."""

    def received(self, headers: Mapping[str, str], body: bytes) -> tuple[bytes, Mapping[str, Any]]:
        answer, said = super().received(headers, body)
        done = vars(self).setdefault("done", set())
        if said.get("taskID") in done:
            raise KeyError(said["taskID"])
        done |= {said["taskID"]} if said else set()
        return answer, said


class AMessageAlwaysBringsAPicture(Mps):
    """The first picture is looked at, also of a task that failed."""

    def received(self, headers: Mapping[str, str], body: bytes) -> tuple[bytes, Mapping[str, Any]]:
        answer, said = super().received(headers, body)
        return answer, {**said, "first": said["target"]["keys"][0]} if said else {}


class AMessageIsReadAsLatin(Mps):
    """The body is decoded as Latin-1, which never fails and is right for every name in the team's own tests."""

    def received(self, headers: Mapping[str, str], body: bytes) -> tuple[bytes, Mapping[str, Any]]:
        return super().received(headers, body.decode("latin-1").encode())


class TheHandshakeIsAMessage(Mps):
    """Whatever comes is about a task; the vendor first asks whether anybody is there."""

    def received(self, headers: Mapping[str, str], body: bytes) -> tuple[bytes, Mapping[str, Any]]:
        return super().received({}, body)


DEFECTS = (
    Defect(TheIdIsReadFromTheWrapperAlone, Creating, READS, "KeyError"),
    Defect(ATaskAlwaysHasARule, Getting, READS, "KeyError"),
    Defect(ATaskAlwaysHasAPicture, Getting, READS, "IndexError"),
    Defect(AListIsNeverEmpty, Listing, READS, "IndexError"),
    Defect(TheListIsNeverTruncated, Listing, READS, "truncated"),
    Defect(EveryMemberHasAField, Getting, UNKNOWN, "TypeError"),
    Defect(EveryStateIsKnown, Getting, UNKNOWN, "ValueError"),
    Defect(TheCodeIsTheHttpStatus, Creating, RAISES, "400"),
    Defect(ARefusalAlwaysHasDetails, Creating, RAISES, "KeyError"),
    Defect(NotFoundIsNothing, Getting, RAISES, "NOT_FOUND"),
    Defect(TheSdkRaisesByItself, Creating, RAISES, "AttributeError"),
    Defect(FailureIsCalledAsInFilters, Creating, WAITS, "ERROR"),
    Defect(PendingIsSpeltAsItShouldBe, Creating, WAITS, "PENDDING"),
    Defect(WhatHasEndedIsWell, Creating, WAITS, "ERROR"),
    Defect(TheNewestTaskIsOurs, Creating, WAITS, "ERROR"),
    Defect(ACreateIsRepeated, Creating, TWICE, "it makes the same thing 3 times"),
    Defect(OnlyRefusedConnectionsAreKnown, Getting, SURVIVES, "raised ReadError"),
    Defect(EveryAnswerIsJson, Getting, SURVIVES, "JSONDecodeError"),
    Defect(AnEmptyAnswerIsAYes, Notifying, SURVIVES, "returned"),
    Defect(TheSdksExceptionsPass, Creating, SURVIVES, "ConnectionError"),
    Defect(AMessageIsTheBody, Creating, RECEIVES, "it raises its error at a message"),
    Defect(AMessageComesOnce, Creating, RECEIVES, "it crashes at a message after another"),
    Defect(AMessageAlwaysBringsAPicture, Creating, RECEIVES, "IndexError"),
    Defect(AMessageIsReadAsLatin, Creating, RECEIVES, "the client reports 'Ã"),
    Defect(TheHandshakeIsAMessage, Creating, RECEIVES, "it raises its error at a message"),
)
