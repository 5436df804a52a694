"""UCloud's correct client, made wrong in what it does with an answer, a state, a fault: each class is one defect."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

import httpx

from .defects import RAISES, READS, SURVIVES, TWICE, UNKNOWN, WAITS, Defect
from .ucloud_contracts import Creating, Looking, ReadingFunctions
from .ucloud_httpx import Media, MediaError, Task

# Reading


class FirstOfTheList(Media):
    """The first task of an answer is written to the log, and there may be none."""

    def read(self, answer: httpx.Response) -> dict[str, Any]:
        found = super().read(answer)
        if "Tasks" in found:
            logging.getLogger(__name__).debug("the first task is %s", found["Tasks"][0]["Id"])
        return found


class OneOfMany(Media):
    """Of a list of tasks the last is reported."""

    def read(self, answer: httpx.Response) -> dict[str, Any]:
        found = super().read(answer)
        return {**found, "Tasks": found["Tasks"][-1:]} if "Tasks" in found else found


class OptionalAssumed(Media):
    """Every custom value is taken to have a Min, as most have."""

    def read(self, answer: httpx.Response) -> dict[str, Any]:
        found = super().read(answer)
        for function in found.get("Functions", []):
            for parameter in function["SupportParams"]:
                for custom in parameter.get("WhenValueCustom", []):
                    custom["Min"] = int(custom["Min"])
        return found


class ListAssumed(Media):
    """Every parameter is taken to have a custom form."""

    def read(self, answer: httpx.Response) -> dict[str, Any]:
        found = super().read(answer)
        for function in found.get("Functions", []):
            for parameter in function["SupportParams"]:
                parameter["WhenValueCustom"] = list(parameter["WhenValueCustom"])
        return found


class UnknownMemberFatal(Media):
    """A member of an answer that the team does not know is an error."""

    def read(self, answer: httpx.Response) -> dict[str, Any]:
        found = super().read(answer)
        if set(found) - {"RetCode", "Action", "Message", "TaskId", "Tasks", "TemplateId", "Functions"}:
            raise TypeError("Answer() got an unexpected argument")
        return found


class ActionShortened(Media):
    """The Action of an answer is reported without its suffix, as the request had it."""

    def read(self, answer: httpx.Response) -> dict[str, Any]:
        found = super().read(answer)
        return {**found, "Action": found["Action"].removesuffix("Response")}


# Errors


class RetCodeIgnored(Media):
    """HTTP 200 is trusted: an answer with a RetCode is returned like any other."""

    def code_in(self, answer: Mapping[str, Any]) -> int:
        return 0


class ErrorUnderAnotherName(Media):
    """The code of an error is looked for under another name, so that every error has the same."""

    def code_in(self, answer: Mapping[str, Any]) -> int:
        return super().code_in(answer) and int(answer.get("ErrCode", -1))


class GatewayCodesPass(Media):
    """Codes below 200 are taken for kinds of success, as in HTTP."""

    def code_in(self, answer: Mapping[str, Any]) -> int:
        code = super().code_in(answer)
        return code if code >= 200 else 0


class ErrorTableTooShort(Media):
    """The code of an error is looked up in a table, and one that is not there is a crash."""

    def message_in(self, answer: Mapping[str, Any]) -> str:
        return {160: "action", 161: "action", 170: "key", 171: "key", 172: "key", 220: "missing", 230: "wrong"}[answer["RetCode"]]


class CodeLost(Media):
    """The error is raised with a sentence and without its code."""

    def read(self, answer: httpx.Response) -> dict[str, Any]:
        try:
            return super().read(answer)
        except MediaError as error:
            raise MediaError(str(error)) from error


# Waiting


class WaitsForSuccessAlone(Media):
    """Only a success ends the waiting: a task that failed is looked at for ever."""

    def wait(self, task: Task) -> str:
        while self.state(self.look(task)) != "finished":
            self.pause()
        return "finished"


class FailureIsAnEnd(Media):
    """A task that is no longer waiting or processing has ended well."""

    def wait(self, task: Task) -> str:
        while self.state(self.look(task)) in ("waiting", "processing"):
            self.pause()
        return "finished"


class AnotherWord(Media):
    """The final state is compared with a word that the vendor does not use."""

    def ended(self, state: str) -> bool:
        return super().ended("waiting" if state == "finished" else state) or state == "success"


class StateForgotten(Media):
    """States are looked up in a table that lacks one of them."""

    def ended(self, state: str) -> bool:
        return {"waiting": False, "finished": True, "failed": True}[state]


# Faults


class CreateRepeatedOnOutage(Media):
    """An action that was answered 5xx is called again, whatever it does."""

    def send(self, parameters: Mapping[str, str]) -> httpx.Response:
        answer = super().send(parameters)
        return super().send(parameters) if answer.status_code >= 500 else answer


class CreateRepeatedOnReset(Media):
    """An action whose connection broke is called again, whatever it does."""

    def send(self, parameters: Mapping[str, str]) -> httpx.Response:
        try:
            return super().send(parameters)
        except httpx.TransportError:
            return super().send(parameters)


class LibraryErrorLeaks(Media):
    """What httpx raises goes past the caller, who waits for the client's own error."""

    caught = ()


class ErrorPageReadAsJson(Media):
    """Why a gateway failed is looked for in its page, which is no JSON."""

    def read(self, answer: httpx.Response) -> dict[str, Any]:
        if not self.well(answer.status_code):
            raise MediaError(json.loads(answer.content)["Message"])
        return super().read(answer)


class ParserErrorLeaks(Media):
    """What the parser raises for an answer that was cut goes past the caller."""

    def parsed(self, body: bytes) -> Any:
        return json.loads(body)


DEFECTS = (
    Defect(FirstOfTheList, Looking, READS, "IndexError"),
    Defect(OneOfMany, Looking, READS, "Tasks"),
    Defect(OptionalAssumed, ReadingFunctions, READS, "KeyError"),
    Defect(ListAssumed, ReadingFunctions, READS, "KeyError"),
    Defect(UnknownMemberFatal, Looking, UNKNOWN, "TypeError"),
    Defect(ActionShortened, Creating, READS, "Action"),
    Defect(RetCodeIgnored, Creating, RAISES, "does not raise its error"),
    Defect(ErrorUnderAnotherName, Creating, RAISES, "`code` gives -1"),
    Defect(GatewayCodesPass, Creating, RAISES, "does not raise its error"),
    Defect(ErrorTableTooShort, Creating, RAISES, "KeyError"),
    Defect(CodeLost, Creating, RAISES, "does not carry the code"),
    Defect(WaitsForSuccessAlone, Creating, WAITS, "does not end: waiting -> processing -> failed"),
    Defect(FailureIsAnEnd, Creating, WAITS, "failed"),
    Defect(AnotherWord, Creating, WAITS, "does not end"),
    Defect(StateForgotten, Creating, WAITS, "crashes"),
    Defect(CreateRepeatedOnOutage, Creating, TWICE, "2 times"),
    Defect(CreateRepeatedOnReset, Creating, TWICE, "2 times"),
    Defect(LibraryErrorLeaks, Creating, SURVIVES, "reset"),
    Defect(ErrorPageReadAsJson, Creating, SURVIVES, "it crashes when it meets: 500"),
    Defect(ParserErrorLeaks, Creating, SURVIVES, "half a body"),
)
