"""Tencent CI's correct clients, made wrong in what they do with an answer, a state, a fault, a message: each class is one defect."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import requests

from .defects import RAISES, READS, RECEIVES, SURVIVES, TWICE, UNKNOWN, WAITS, Defect
from .tencent_contracts import CreatingMediaInfo, Getting, Listing, SeparatingVoices
from .tencent_httpx_async import AsyncJobs
from .tencent_messages import JobError
from .tencent_requests import Jobs

# Reading


class OrderOfNodesAssumed(Jobs):
    """A job's members are told by their place, as in the document's example."""

    def plain(self, element: ET.Element) -> Any:
        found = super().plain(element)
        if element.tag == "JobsDetail":
            found |= {"Code": element[0].text or "", "Message": element[1].text or "", "JobId": element[2].text or ""}
        return found


class LastOfSeveral(Jobs):
    """Of nodes that stand there more than once the last is kept."""

    def plain(self, element: ET.Element) -> Any:
        return {child.tag: self.plain(child) for child in element} if len(element) else element.text or ""


class ListOfOneAssumed(AsyncJobs):
    """JobsDetail is indexed as a list, which the reader makes of two jobs, not of one."""

    def read(self, status: int, body: bytes) -> dict[str, Any]:
        found = super().read(status, body)
        if len(found.get("JobsDetail", [])) == 1:
            found["JobsDetail"] = [found["JobsDetail"][0][0]]
        return found


class OneJobAssumed(Jobs):
    """A page without jobs was not thought of."""

    def read(self, status: int, body: bytes) -> dict[str, Any]:
        found = super().read(status, body)
        return {**found, "first": found["JobsDetail"][0]["JobId"]}


class OptionalAssumed(Jobs):
    """UserData is taken for granted: the team's own jobs always have it."""

    def read(self, status: int, body: bytes) -> dict[str, Any]:
        found = super().read(status, body)
        for job in self.jobs(found):
            job["Operation"]["UserData"] = job["Operation"]["UserData"].strip()
        return found


class NumberAssumed(AsyncJobs):
    """Progress is read as a number, and is not in every answer."""

    def plain(self, element: ET.Element) -> Any:
        found = super().plain(element)
        return {**found, "Progress": int(found["Progress"])} if element.tag == "JobsDetail" else found


class TimeAssumed(Jobs):
    """StartTime is read as a time, which a job that waits does not have."""

    def plain(self, element: ET.Element) -> Any:
        if element.tag == "StartTime":
            datetime.strptime(element.text or "", "%Y-%m-%dT%H:%M:%S%z")
        return super().plain(element)


class StateAssumedKnown(Jobs):
    """States are looked up in a table of those that there were when it was written."""

    def plain(self, element: ET.Element) -> Any:
        found = super().plain(element)
        known = ("Submitted", "Running", "Success", "Failed", "Pause", "Cancel")
        return known[known.index(found)] if element.tag == "State" else found


class UnknownMemberFatal(Jobs):
    """A member of a job that is not in the team's table is an error."""

    def plain(self, element: ET.Element) -> Any:
        known = "Code Message JobId State Progress CreationTime StartTime EndTime QueueId Tag SubTag Input Operation Workflow"
        if element.tag == "JobsDetail" and any(child.tag not in known.split() for child in element):
            raise TypeError("JobsDetail() got an unexpected argument")
        return super().plain(element)


# Errors


class StatusIgnored(Jobs):
    """Every answer is taken for a success, whatever its status: an error's document is returned as a job's."""

    def refused(self, status: int) -> bool:
        return False


class RedirectIsSuccess(Jobs):
    """A status below 400 is a success: a refusal that comes as a redirect is returned as a job."""

    def refused(self, status: int) -> bool:
        return status >= 400


class OutageIsSuccess(Jobs):
    """Whatever is not the client's fault is a success: a status of 500 or more is no refusal."""

    def refused(self, status: int) -> bool:
        return 300 <= status < 500


class CodeUnderAnotherName(Jobs):
    """The code of an error is looked for under the name that another service of the vendor has for it."""

    def code_in(self, error: ET.Element) -> str:
        return error.findtext("ErrorCode") or ""


class StatusForCode(Jobs):
    """The status is taken for the code."""

    def refusal(self, status: int, body: bytes) -> JobError:
        return JobError(str(super().refusal(status, body)), str(status))


class KnownCodesOnly(Jobs):
    """Codes are turned into the team's own by a table that has not all of them."""

    def code_in(self, error: ET.Element) -> str:
        own = ("InvalidArgument", "AccessDenied", "SignatureDoesNotMatch", "QueueNotFound", "InternalError")
        return {code: code for code in own}[super().code_in(error)]


# Waiting


class WaitsForSuccessAlone(Jobs):
    """Only a success ends the waiting: a job that failed is looked at for ever."""

    def wait(self, job_id: str) -> str:
        while self.jobs(self.get(job_id))[0]["State"] != "Success":
            self.pause()
        return "Success"


class CancelForgotten(Jobs):
    """A job that somebody cancelled is waited for for ever."""

    def wait(self, job_id: str) -> str:
        state = ""
        while state not in ("Success", "Failed"):
            self.pause()
            state = self.jobs(self.get(job_id))[0]["State"]
        return state


class FailureIsAnEnd(AsyncJobs):
    """A job that is no longer waiting or running has ended well."""

    def ended(self, job: Mapping[str, Any]) -> str:
        return "" if job["State"] in ("Submitted", "Running", "Pause") else "Success"


class PauseIsAnEnd(Jobs):
    """A job that was paused is given up."""

    def ended(self, job: Mapping[str, Any]) -> str:
        if job["State"] == "Pause":
            raise JobError("the job was paused")
        return super().ended(job)


class OneLookIsEnough(AsyncJobs):
    """A job is looked at once, when the team's own small files have always been done."""

    async def wait(self, job_id: str) -> str:
        return str(self.jobs(await self.get(job_id))[0]["State"])


# Faults


class CreateRepeatedOnOutage(Jobs):
    """A request that was answered 5xx is sent again, whatever it asks for."""

    def send(self, method: str, target: str, body: bytes) -> requests.Response:
        answer = super().send(method, target, body)
        return super().send(method, target, body) if answer.status_code >= 500 else answer


class CreateRepeatedOnReset(Jobs):
    """A request whose connection broke is sent again, whatever it asks for."""

    def send(self, method: str, target: str, body: bytes) -> requests.Response:
        try:
            return super().send(method, target, body)
        except requests.RequestException:
            return super().send(method, target, body)


class LibraryErrorLeaks(Jobs):
    """What requests raises goes past the caller, who waits for the client's own error."""

    caught = ()


class TimeoutAloneCaught(Jobs):
    """Of what can go wrong with a connection only the timeout is caught."""

    caught = requests.Timeout


class ParserErrorLeaks(Jobs):
    """What the parser raises for an answer that cannot be read goes past the caller."""

    def parsed(self, body: bytes) -> ET.Element:
        return ET.fromstring(body)


class NothingIsSuccess(Jobs):
    """An empty body is taken for an answer that says nothing."""

    def nothing(self) -> dict[str, Any]:
        return {}


# Callbacks


class CallbackOnlyXml(Jobs):
    """Callbacks are taken for XML, whatever format was asked for."""

    def told_in_json(self, body: bytes) -> dict[str, Any]:
        found = self.plain(self.parsed(body))
        return found if isinstance(found, dict) else {}


class CallbackOneShape(AsyncJobs):
    """In a JSON callback JobsDetail is taken for an object, which it is on one page and not on the other."""

    def told_in_json(self, body: bytes) -> dict[str, Any]:
        found = json.loads(body)
        return {**found, "JobsDetail": [{**found["JobsDetail"], "State": found["JobsDetail"]["State"]}]}


class CallbackOnceOnly(Jobs):
    """A callback that comes a second time is an error."""

    def told(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        if getattr(self, "last", b"") == body:
            raise KeyError("the job is not open")
        self.last = body
        return super().told(headers, body)


DEFECTS = (
    Defect(OrderOfNodesAssumed, CreatingMediaInfo, READS, "JobsDetail.JobId"),
    Defect(LastOfSeveral, Listing, READS, "the answer has JobsDetail.0."),
    Defect(ListOfOneAssumed, Getting, READS, "crashes at a documented answer"),
    Defect(OneJobAssumed, Listing, READS, "KeyError"),
    Defect(OptionalAssumed, CreatingMediaInfo, READS, "KeyError"),
    Defect(NumberAssumed, SeparatingVoices, READS, "KeyError"),
    Defect(TimeAssumed, CreatingMediaInfo, READS, "ValueError"),
    Defect(StateAssumedKnown, CreatingMediaInfo, UNKNOWN, "ValueError"),
    Defect(UnknownMemberFatal, CreatingMediaInfo, UNKNOWN, "TypeError"),
    Defect(StatusIgnored, CreatingMediaInfo, RAISES, "does not raise its error"),
    Defect(RedirectIsSuccess, CreatingMediaInfo, RAISES, "PermanentRedirect"),
    Defect(OutageIsSuccess, CreatingMediaInfo, RAISES, "does not raise its error when it is refused: 50"),
    Defect(CodeUnderAnotherName, CreatingMediaInfo, RAISES, "`code` gives ''"),
    Defect(StatusForCode, CreatingMediaInfo, RAISES, "`code` gives '301'"),
    Defect(KnownCodesOnly, CreatingMediaInfo, RAISES, "KeyError"),
    Defect(WaitsForSuccessAlone, CreatingMediaInfo, WAITS, "does not end"),
    Defect(CancelForgotten, CreatingMediaInfo, WAITS, "Cancel"),
    Defect(FailureIsAnEnd, SeparatingVoices, WAITS, "Failed"),
    Defect(PauseIsAnEnd, CreatingMediaInfo, WAITS, "Pause"),
    Defect(OneLookIsEnough, SeparatingVoices, WAITS, "Submitted"),
    Defect(CreateRepeatedOnOutage, CreatingMediaInfo, TWICE, "2 times"),
    Defect(CreateRepeatedOnReset, CreatingMediaInfo, TWICE, "2 times"),
    Defect(LibraryErrorLeaks, CreatingMediaInfo, SURVIVES, "reset"),
    Defect(TimeoutAloneCaught, CreatingMediaInfo, SURVIVES, "reset"),
    Defect(ParserErrorLeaks, CreatingMediaInfo, SURVIVES, "ParseError"),
    Defect(NothingIsSuccess, CreatingMediaInfo, SURVIVES, "empty body"),
    Defect(CallbackOnlyXml, CreatingMediaInfo, RECEIVES, "it raises its error at a message"),
    Defect(CallbackOneShape, SeparatingVoices, RECEIVES, "TypeError"),
    Defect(CallbackOnceOnly, CreatingMediaInfo, RECEIVES, "KeyError"),
)
