"""Tencent CI's correct clients, made wrong in what they send and how they sign: each class is one defect, as people write it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, quote_plus

from .defects import ALLOWED, GIVEN, SIGNS, Defect
from .tencent_contracts import CreatingMediaInfo, Getting, Listing, SeparatingVoices
from .tencent_httpx_async import AsyncJobs
from .tencent_messages import BUCKET, REGION
from .tencent_requests import Jobs

# Sending


class XmlNotEscaped(Jobs):
    """The text of a node is put into the document as it is."""

    def text(self, name: str, value: Any) -> str:
        return str(value)


class DigitsAsNumber(Jobs):
    """A text of digits becomes a number on its way through the team's own configuration: its leading zeros go."""

    def text(self, name: str, value: Any) -> str:
        return super().text(name, int(value) if str(value).isdecimal() else value)


class UnicodeMangled(Jobs):
    """Texts pass through Latin-1, which has a question mark for every other letter."""

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
    """The names of the signed parameters are sorted, and their values stand in the order in which they were given."""

    def listed(self, pairs: Mapping[str, str]) -> tuple[str, str]:
        values = [f"{self.percent(name).lower()}={self.signed_value(value)}" for name, value in pairs.items()]
        return super().listed(pairs)[0], "&".join(values)


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


DEFECTS = (
    Defect(XmlNotEscaped, CreatingMediaInfo, GIVEN, "cannot be read"),
    Defect(DigitsAsNumber, CreatingMediaInfo, GIVEN, "Input.Object was given as '0"),
    Defect(UnicodeMangled, CreatingMediaInfo, GIVEN, "arrives as"),
    Defect(TextTruncated, CreatingMediaInfo, GIVEN, "Operation.UserData was given as"),
    Defect(KeyPercentEncoded, CreatingMediaInfo, GIVEN, "Input.Object was given as"),
    Defect(BlanksStripped, CreatingMediaInfo, GIVEN, "was given as"),
    Defect(WrongName, CreatingMediaInfo, GIVEN, "CallBack was given as 'no' and does not arrive"),
    Defect(WrongCase, CreatingMediaInfo, ALLOWED, "/CallBackFormat:enumeration"),
    Defect(OneOperationOnly, CreatingMediaInfo, GIVEN, "Operation.0.UserData was given as"),
    Defect(OutputsSwapped, SeparatingVoices, GIVEN, "Operation.Output.AuObject was given as"),
    Defect(OwnDefault, SeparatingVoices, GIVEN, "CallBackFormat arrives as 'JSON' and was not given"),
    Defect(QueryNotEncoded, Listing, GIVEN, "was given as"),
    Defect(ParameterForgotten, Listing, GIVEN, "inputObject was given as"),
    Defect(PlusForSpace, Listing, SIGNS, "SignatureDoesNotMatch"),
    Defect(SlashNotEncoded, CreatingMediaInfo, SIGNS, "SignatureDoesNotMatch"),
    Defect(ParametersUnsorted, Listing, SIGNS, "SignatureDoesNotMatch"),
    Defect(LengthOfTheText, CreatingMediaInfo, SIGNS, "SignatureDoesNotMatch"),
    Defect(LocalTime, CreatingMediaInfo, SIGNS, "SignatureExpired"),
    Defect(KeyTimeInMilliseconds, CreatingMediaInfo, SIGNS, "InvalidAuthorization"),
    Defect(SignedPathEncoded, Getting, SIGNS, "SignatureDoesNotMatch"),
    Defect(SecretStripped, CreatingMediaInfo, SIGNS, "SignatureDoesNotMatch"),
)
