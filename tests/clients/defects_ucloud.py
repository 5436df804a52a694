"""UCloud's correct client, made wrong: each class is one defect, as people write it; its docstring says what it is."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from .ucloud_httpx import Media, MediaError, Task

# Sending


class FormNotEncoded(Media):
    """The form is put together by hand, and nothing in it is encoded."""

    def form(self, parameters: Mapping[str, str]) -> bytes:
        return "&".join(f"{name}={value}" for name, value in parameters.items()).encode()


class PlusNotEncoded(Media):
    """A plus is left as it is in the form, where it means a space."""

    def form(self, parameters: Mapping[str, str]) -> bytes:
        return "&".join(f"{name}={quote(value, safe='/+')}" for name, value in parameters.items()).encode()


class NormalizedUnicode(Media):
    """Texts are brought to a compatible normal form: a key of full-width letters becomes another key."""

    def text(self, name: str, value: Any) -> str:
        return unicodedata.normalize("NFKC", super().text(name, value))


class AsciiOnly(Media):
    """What is not ASCII is left out of a key."""

    def text(self, name: str, value: Any) -> str:
        return super().text(name, value).encode("ascii", "ignore").decode()


class KeysSwapped(Media):
    """Source and destination change places."""

    def create(self, arguments: Mapping[str, Any]) -> Task:
        swapped = {"SrcKey": arguments["DstKey"], "DstKey": arguments["SrcKey"]} if "DstKey" in arguments else {}
        return super().create({**arguments, **swapped})


class WrongParameterName(Media):
    """The template's id is sent under the name that it has where a template is deleted."""

    def create(self, arguments: Mapping[str, Any]) -> Task:
        names = {"FunctionParamTemplateId": "TemplateId"}
        return super().create({names.get(name, name): value for name, value in arguments.items()})


class ParameterInLowerCase(Media):
    """A parameter begins with a small letter, as the team's other parameters do."""

    def parameters(self, action: str, arguments: Mapping[str, Any]) -> dict[str, str]:
        return {"crf" if name == "CRF" else name: value for name, value in super().parameters(action, arguments).items()}


class DefaultMissing(Media):
    """The region is left to a default that the vendor does not have."""

    def create(self, arguments: Mapping[str, Any]) -> Task:
        said = self.call("CreateMediaTask", {name: value for name, value in arguments.items() if name != "Region"})
        return Task(arguments["Region"], arguments["Zone"], said)


class ZoneHardCoded(Media):
    """The zone is the one of the team's first bucket, whatever is given."""

    def create(self, arguments: Mapping[str, Any]) -> Task:
        return super().create({**arguments, "Zone": "cn-bj2-02"})


class ProjectDropped(Media):
    """The project is dropped, so that everything is made in the default one."""

    def create(self, arguments: Mapping[str, Any]) -> Task:
        return super().create({name: value for name, value in arguments.items() if name != "ProjectId"})


class CaptureDropped(Media):
    """What is said of pictures is dropped without a word: the table of parameters was made before there were any."""

    def parameters(self, action: str, arguments: Mapping[str, Any]) -> dict[str, str]:
        new = ("Image", "Snap", "Gif")
        return super().parameters(action, {name: value for name, value in arguments.items() if not name.startswith(new)})


class NumbersAsFloats(Media):
    """Numbers pass through a float, and arrive with a fraction."""

    def text(self, name: str, value: Any) -> str:
        text = super().text(name, value)
        return str(float(text)) if name.endswith("Custom") and text.isdigit() else text


# Signing


class Unsorted(Media):
    """Parameters are signed in the order in which they were given."""

    def ordered(self, parameters: Mapping[str, str]) -> list[str]:
        return list(parameters)


class SortedWithoutCase(Media):
    """Parameters are sorted as people sort, capitals among the small letters: CRF comes after ContainerFormat."""

    def ordered(self, parameters: Mapping[str, str]) -> list[str]:
        return sorted(parameters, key=str.lower)


class SignedEncoded(Media):
    """Values are signed as they stand in the form, percent-encoded."""

    def signed_value(self, value: str) -> str:
        return quote(value, safe="")


class SignedBeforeCleaning(Media):
    """What is signed is cleaned afterwards: the blanks at the ends of a key go."""

    def signed(self, parameters: dict[str, str]) -> dict[str, str]:
        return {name: value.strip() for name, value in super().signed(parameters).items()}


class EmptyNotSigned(Media):
    """Empty values are sent and not signed."""

    def ordered(self, parameters: Mapping[str, str]) -> list[str]:
        return [name for name in super().ordered(parameters) if parameters[name]]


class ProjectNotSigned(Media):
    """The project is added after the signature was made."""

    def ordered(self, parameters: Mapping[str, str]) -> list[str]:
        return [name for name in super().ordered(parameters) if name != "ProjectId"]


# Reading


class FirstOfTheList(Media):
    """The answer is read for its first task, and there may be none."""

    def read(self, answer: httpx.Response) -> dict[str, Any]:
        found = super().read(answer)
        return {**found, "first": found["Tasks"][0]["Id"]} if "Tasks" in found else found


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


class ActionCompared(Media):
    """The answer's Action is taken to be the request's."""

    def read(self, answer: httpx.Response) -> dict[str, Any]:
        found = super().read(answer)
        return {**found, "Action": found["Action"].removesuffix("Response")}


# Errors


class RetCodeIgnored(Media):
    """HTTP 200 is trusted: an answer with a RetCode is returned like any other."""

    def code_in(self, answer: Mapping[str, Any]) -> int:
        return 0


class ErrorUnderAnotherName(Media):
    """The code of an error is looked for under another name, so none is ever found."""

    def code_in(self, answer: Mapping[str, Any]) -> int:
        return int(answer.get("ErrCode", 0))


class GatewayCodesPass(Media):
    """Codes below 200 are taken for kinds of success, as in HTTP."""

    def code_in(self, answer: Mapping[str, Any]) -> int:
        code = super().code_in(answer)
        return code if code >= 200 else 0


class MessageAssumed(Media):
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

    def ended(self, state: str) -> bool:
        return state not in ("waiting", "processing")


class AnotherWord(Media):
    """The final state is compared with a word that the vendor does not use."""

    def ended(self, state: str) -> bool:
        return super().ended("waiting" if state == "finished" else state) or state == "success"


class UnknownStateFatal(Media):
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

    def call(self, action: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        return self.read(self.send(self.signed(self.parameters(action, arguments))))


class StatusIgnored(Media):
    """The status is not looked at, and an error page's body is no JSON."""

    def well(self, status: int) -> bool:
        return True

    def parsed(self, body: bytes) -> Any:
        return json.loads(body)


class ParserErrorLeaks(Media):
    """What the parser raises for an answer that was cut goes past the caller."""

    def parsed(self, body: bytes) -> Any:
        return json.loads(body)
