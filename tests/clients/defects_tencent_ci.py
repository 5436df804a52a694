"""Tencent CI's correct clients, made wrong: each class is one defect, as people write it; its docstring says what it is."""

from __future__ import annotations

import json
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, quote_plus

import requests

from .tencent_httpx_async import AsyncJobs
from .tencent_messages import BUCKET, POLLS, REGION, JobError
from .tencent_requests import Jobs

# Sending


class XmlNotEscaped(Jobs):
    """The text of a node is put into the document as it is."""

    def text(self, name: str, value: Any) -> str:
        return str(value)


class CarriageReturnLost(Jobs):
    """A carriage return is written bare, and every reader of XML takes it for a line feed."""

    def text(self, name: str, value: Any) -> str:
        return super().text(name, value).replace("&#13;", "\r")


class UnicodeMangled(Jobs):
    """The body is encoded in Latin 1, and what does not fit becomes a question mark."""

    def encoded(self, text: str) -> bytes:
        return text.encode("latin-1", "replace").decode("latin-1").encode()


class TextTruncated(Jobs):
    """Texts are cut at 255 characters, as in the column where the team keeps them."""

    def text(self, name: str, value: Any) -> str:
        return super().text(name, value[:255] if isinstance(value, str) else value)


class KeyPercentEncoded(Jobs):
    """An object's key is percent-encoded in the document as it would be in a URL."""

    def text(self, name: str, value: Any) -> str:
        return super().text(name, quote(value) if name == "Object" else value)


class BlanksStripped(Jobs):
    """Texts are stripped of the blanks around them, which a key may have."""

    def text(self, name: str, value: Any) -> str:
        return super().text(name, str(value).strip())


class WrongName(Jobs):
    """CallBack is written Callback."""

    def element(self, name: str, value: Any) -> str:
        return super().element("Callback" if name == "CallBack" else name, value)


class WrongCase(Jobs):
    """Enumerated values are sent in lower case."""

    def text(self, name: str, value: Any) -> str:
        return super().text(name, str(value).lower() if name == "CallBackFormat" else value)


class OneOperationOnly(Jobs):
    """Of several operations the first is sent: a node is written once."""

    def element(self, name: str, value: Any) -> str:
        return super().element(name, value[0] if isinstance(value, list) else value)


class OutputsSwapped(AsyncJobs):
    """The voice is put where the background belongs, and the background where the voice does."""

    def children(self, arguments: Mapping[str, Any]) -> str:
        other = {"Object": "AuObject", "AuObject": "Object"} if "Bucket" in arguments else {}
        return super().children({other.get(name, name): value for name, value in arguments.items()})


class OwnDefault(AsyncJobs):
    """The format of callbacks is always sent, JSON where nobody said any, which the vendor would take for XML."""

    def document(self, arguments: Mapping[str, Any]) -> bytes:
        return super().document({"CallBackFormat": "JSON", **arguments})


class QueryNotEncoded(Jobs):
    """The values of a query are put into the URL as they are."""

    def query(self, arguments: Mapping[str, Any]) -> str:
        return "&".join(f"{name}={value}" for name, value in arguments.items())


class ParameterForgotten(Jobs):
    """A list that is asked by an object's name is asked without it."""

    def query(self, arguments: Mapping[str, Any]) -> str:
        return super().query({name: value for name, value in arguments.items() if name != "inputObject"})


# Signing


class PlusForSpace(Jobs):
    """A space in a query is signed and sent as a plus."""

    def percent(self, text: str) -> str:
        return quote_plus(text, safe="-_.~")


class SlashNotEncoded(Jobs):
    """Values are encoded for the signature with quote's own defaults, which leave the slash."""

    def signed_value(self, value: str) -> str:
        return quote(value)


class ParametersUnsorted(Jobs):
    """Parameters are signed in the order in which they were given."""

    def ordered(self, encoded: dict[str, str]) -> dict[str, str]:
        return encoded


class LengthOfTheText(Jobs):
    """The length that is signed is the text's, not that of its bytes."""

    def length(self, body: bytes) -> int:
        return len(body.decode())

    def sent(self, signed: dict[str, str], body: bytes) -> dict[str, str]:
        return {**signed, "content-length": str(len(body))}


class LocalTime(Jobs):
    """The time of the signature is read as local time and written down as UTC."""

    def now(self) -> int:
        return int(datetime.now().replace(tzinfo=UTC).timestamp())  # noqa: DTZ005  # the defect


class KeyTimeInMilliseconds(Jobs):
    """The time of the signature is in milliseconds."""

    def now(self) -> int:
        return int(time.time() * 1000)  # the defect


class SignedPathEncoded(AsyncJobs):
    """The path is signed as it stands in the URL, percent-encoded."""

    def signed_path(self, path: str) -> str:
        return quote(path)


class SecretStripped(Jobs):
    """The padding at the end of a secret is taken for noise of the file that it came from."""

    def __init__(self, secret_id: str, secret_key: str, bucket: str = BUCKET, region: str = REGION) -> None:
        super().__init__(secret_id, secret_key.rstrip("="), bucket, region)


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


class NoJobsAssumedNever(Jobs):
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

    def jobs(self, answer: Mapping[str, Any]) -> list[dict[str, Any]]:
        known = {"Submitted": 0, "Running": 1, "Success": 2, "Failed": 3}
        return sorted(super().jobs(answer), key=lambda job: known[job["State"]])


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
    """Only a status from 400 to 499 is a refusal."""

    def refused(self, status: int) -> bool:
        return 400 <= status < 500


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
        return state or self.ended(self.jobs(self.get(job_id))[0])


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


class UnknownIsFailure(AsyncJobs):
    """A job that is not yet to be found right after it was created counts as done."""

    async def wait(self, job_id: str) -> str:
        for _ in range(POLLS):
            found = self.jobs(await self.get(job_id))
            if not found or self.ended(found[0]):
                return "Success"
        raise JobError("it does not end")


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

    def ask(self, method: str, target: str, body: bytes = b"") -> dict[str, Any]:
        answer = self.send(method, target, body)
        return self.read(answer.status_code, answer.content)


class TimeoutAloneCaught(Jobs):
    """Of what can go wrong with a connection only the timeout is caught."""

    def ask(self, method: str, target: str, body: bytes = b"") -> dict[str, Any]:
        try:
            answer = self.send(method, target, body)
        except requests.Timeout as late:
            raise JobError("no answer in time") from late
        return self.read(answer.status_code, answer.content)


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


class CallbackOneShape(Jobs):
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
