"""UCloud's correct client, made wrong in what it sends and how it signs: each class is one defect, as people write it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from .defects import ALLOWED, GIVEN, SIGNS, Defect
from .ucloud_contracts import Creating, ListingProjects, MakingTemplates
from .ucloud_httpx import Media, Task

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


DEFECTS = (
    Defect(FormNotEncoded, Creating, GIVEN, "was given as"),
    Defect(PlusNotEncoded, Creating, GIVEN, "was given as"),
    Defect(NormalizedUnicode, Creating, GIVEN, "was given as"),
    Defect(AsciiOnly, Creating, GIVEN, "was given as"),
    Defect(KeysSwapped, Creating, GIVEN, "Key was given as"),
    Defect(WrongParameterName, Creating, GIVEN, "FunctionParamTemplateId was given as 'x' and does not arrive"),
    Defect(ParameterInLowerCase, MakingTemplates, GIVEN, "CRF was given as '15' and does not arrive"),
    Defect(DefaultMissing, Creating, ALLOWED, "/Region:required"),
    Defect(ZoneHardCoded, Creating, GIVEN, "Zone was given as 'x' and arrives as 'cn-bj2-02'"),
    Defect(ProjectDropped, Creating, GIVEN, "ProjectId was given as 'x' and does not arrive"),
    Defect(CaptureDropped, MakingTemplates, GIVEN, "ImageFormat was given as 'jpg' and does not arrive"),
    Defect(NumbersAsFloats, MakingTemplates, GIVEN, "arrives as '10.0'"),
    Defect(Unsorted, Creating, SIGNS, "171"),
    Defect(SortedWithoutCase, MakingTemplates, SIGNS, "171"),
    Defect(SignedEncoded, Creating, SIGNS, "171"),
    Defect(SignedBeforeCleaning, Creating, SIGNS, "171"),
    Defect(EmptyNotSigned, ListingProjects, SIGNS, "171"),
    Defect(ProjectNotSigned, Creating, SIGNS, "171"),
)
