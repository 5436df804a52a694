"""Wrong clients of Pontus: what they make of answers, refusals, tasks that take long and broken connections.

Each class is the correct client with one thing done as somebody once thought it was right.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import httpx
import requests

from .defects import ALLOWED, RAISES, READS, SURVIVES, TWICE, UNKNOWN, WAITS, Defect
from .pontus_contracts import Adding, AsyncAdding, AsyncCreating, AsyncGetting, Creating, Getting, Listing
from .pontus_httpx_async import AsyncPontus
from .pontus_requests import Pontus
from .pontus_speech import PAUSE, Asked, Made, PontusError, Profile, Task

# What is read


class ATaskAlwaysHasAnEnd(Pontus):
    """`end_time` is read of a task that still runs."""

    def task(self, said: Mapping[str, Any]) -> Task:
        return super().task(said)._replace(ended=said["end_time"])


class ATaskAlwaysHasAProfile(AsyncPontus):
    """`profile_name` is read of a task that was made without one."""

    def task(self, said: Mapping[str, Any]) -> Task:
        return super().task(said)._replace(profile=said["profile_name"])


class ATaskHasOneTarget(Pontus):
    """The first target is read, the others are not."""

    def task(self, said: Mapping[str, Any]) -> Task:
        return super().task(said)._replace(targets=[said["targets"][0]["target_url"]])


class EveryProfileIsDescribed(Pontus):
    """`description` is read of profiles that have none."""

    def profile(self, said: Mapping[str, Any]) -> Profile:
        return super().profile(said)._replace(description=said["description"])


class ThereIsAlwaysAProfile(Pontus):
    """The newest of the profiles is looked for in a list that may be empty."""

    def profiles(self, said: Mapping[str, Any]) -> list[Profile]:
        found = super().profiles(said)
        newest = max(found, key=lambda one: one.created or "")
        return [one if one.name != newest.name else newest for one in found]


class EveryAnswerHasABody(Pontus):
    """A profile is answered with a JSON content type and no body, which is read as JSON."""

    def answered(self, status: int, body: bytes) -> Mapping[str, Any]:
        return json.loads(body) if status == 200 else super().answered(status, body)


# What nobody knows yet


class Status(StrEnum):
    """The states of today."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"


class EveryStateIsKnown(AsyncPontus):
    """A state becomes a member of an enumeration, which refuses the one that comes next year."""

    def task(self, said: Mapping[str, Any]) -> Task:
        found = super().task(said)
        return found._replace(status=Status(found.status))


class EveryMemberHasAField(Pontus):
    """A profile's members become the arguments of a function that has those of today."""

    def profile(self, said: Mapping[str, Any]) -> Profile:
        return self._described(**said)

    def _described(
        self, profile_name: str, qlties: Any = (), description: Any = None, create_time: Any = None, qlties_length: int = 0
    ) -> Profile:
        return Profile(profile_name, description, create_time, list(qlties))


# Refusals


class TheCodeStandsInAnError(Pontus):
    """The code is looked for in `error`, where failed tasks have theirs; refusals have it at the top."""

    def refused(self, said: Mapping[str, Any]) -> str:
        return str((said.get("error") or {}).get("code") or "")


class TheMessageIsTheCode(AsyncPontus):
    """A refusal is told by its sentence, which changes, not by its code, which does not."""

    def refused(self, said: Mapping[str, Any]) -> str:
        return str(said.get("message") or "")


class TheStatusIsRaisedAsItIs(Pontus):
    """`raise_for_status` stands before the body is looked at, which alone has the vendor's code."""

    def sent(self, asked: Asked) -> requests.Response:
        answer = super().sent(asked)
        answer.raise_for_status()
        return answer


class AnAnswerIsATask(AsyncPontus):
    """The status is not looked at: a refusal is read as a task."""

    def answered(self, status: int, body: bytes) -> Mapping[str, Any]:
        said = self.read(status, body) if body else {}
        said["task_id"]
        return said


# Waiting


class FailureIsCalledAsInTheTable(Pontus):
    """The table says TaskFail, the wire says FAILED: a failed task is waited for for ever."""

    def wait(self, made: Made) -> Task:
        while True:
            found = self.get_task(made.version, made.id)
            if found.status == "TaskFail":
                raise PontusError(found.code or "")
            if found.status == "SUCCESS":
                return found
            time.sleep(PAUSE)


class WhatHasEndedIsWell(AsyncPontus):
    """Whatever has an `end_time` has been done."""

    async def wait(self, made: Made) -> Task:
        while (found := await self.get_task(made.version, made.id)).ended is None:
            await asyncio.sleep(PAUSE)
        return found._replace(status="SUCCESS")


class TwoLooksAreEnough(AsyncPontus):
    """Whatever has not ended after two looks has failed."""

    async def wait(self, made: Made) -> Task:
        for _ in range(2):
            found = await self.get_task(made.version, made.id)
            if self.over(found):
                return found
            await asyncio.sleep(PAUSE)
        raise PontusError("TimeOut")


# Connections that break


class ACreateIsRepeated(AsyncPontus):
    """Whatever got no answer is sent again, though it may have been done."""

    def tries(self, asked: Asked) -> int:
        return 3


class TimeoutsPass(Pontus):
    """What is wrong with a connection is caught; that it takes too long is not."""

    caught = requests.ConnectionError


class ReadErrorsPass(AsyncPontus):
    """A connection that breaks while it is read is not caught."""

    caught = (httpx.ConnectError, httpx.TimeoutException)


class EveryRefusalIsJson(Pontus):
    """The page of a proxy is read as JSON."""

    def read(self, status: int, body: bytes) -> Mapping[str, Any]:
        return super().read(status, body) if status == 200 else json.loads(body)


class OnlyFourHundredsAreRefusals(AsyncPontus):
    """Whatever is not the client's fault has been done."""

    def answered(self, status: int, body: bytes) -> Mapping[str, Any]:
        return super().answered(status, body) if status < 500 else {}


DEFECTS = (
    Defect(ATaskAlwaysHasAnEnd, Getting, READS, "KeyError"),
    Defect(ATaskAlwaysHasAProfile, AsyncGetting, READS, "KeyError"),
    Defect(ATaskHasOneTarget, Getting, READS, "targets"),
    Defect(EveryProfileIsDescribed, Listing, READS, "KeyError"),
    Defect(ThereIsAlwaysAProfile, Listing, READS, "ValueError"),
    Defect(EveryAnswerHasABody, Adding, ALLOWED, "JSONDecodeError"),
    Defect(EveryStateIsKnown, AsyncGetting, UNKNOWN, "ValueError"),
    Defect(EveryMemberHasAField, Listing, UNKNOWN, "TypeError"),
    Defect(TheCodeStandsInAnError, Creating, RAISES, "does not carry the code NoSuchProfile"),
    Defect(TheMessageIsTheCode, AsyncGetting, RAISES, "does not carry the code NoSuchProfile"),
    Defect(TheStatusIsRaisedAsItIs, Getting, RAISES, "`code` gives ''"),
    Defect(AnAnswerIsATask, AsyncCreating, RAISES, "KeyError"),
    Defect(FailureIsCalledAsInTheTable, Creating, WAITS, "FAILED"),
    Defect(WhatHasEndedIsWell, AsyncCreating, WAITS, "FAILED"),
    Defect(TwoLooksAreEnough, AsyncCreating, WAITS, "RUNNING"),
    Defect(ACreateIsRepeated, AsyncCreating, TWICE, "it makes the same thing 3 times"),
    Defect(TimeoutsPass, Creating, SURVIVES, "raised ReadTimeout"),
    Defect(ReadErrorsPass, AsyncGetting, SURVIVES, "raised ReadError"),
    Defect(EveryRefusalIsJson, Getting, SURVIVES, "JSONDecodeError"),
    Defect(OnlyFourHundredsAreRefusals, AsyncAdding, SURVIVES, "returned None"),
)
