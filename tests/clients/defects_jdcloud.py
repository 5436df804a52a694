"""Wrong clients of JD Cloud MPS: what they send, and how they sign it.

Each class is the correct client with one thing done as somebody once thought it was right. Law: a defect shows in the bytes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote_plus

import httpx

from .defects import ALLOWED, GIVEN, SIGNS, Defect
from .jdcloud_contracts import Creating, Listing, Notifying
from .jdcloud_httpx import HOST, Mps, Signer
from .jdcloud_tasks import Made

# What is sent


class FalseAndZeroAreLeftOut(Mps):
    """What is false counts as not given: `keyFrame: false` and `startTimeInSecond: 0` are left out."""

    def encoded(self, body: Mapping[str, Any]) -> bytes:
        said = {name: {k: v for k, v in one.items() if v} if isinstance(one, dict) else one for name, one in body.items()}
        return super().encoded(said)


class NoEventsAreNotSaid(Mps):
    """A list that is empty counts as not given: who wants no events any more goes on being told."""

    def encoded(self, body: Mapping[str, Any]) -> bytes:
        return super().encoded({name: value for name, value in body.items() if value != []})


class NumbersAreSentAsText(Mps):
    """Sizes come from a form and are sent as they came, as text."""

    def encoded(self, body: Mapping[str, Any]) -> bytes:
        sizes = {name: str(value) for name, value in body.get("target", {}).items() if name.endswith("InPixel")}
        return super().encoded({**body, "target": {**body["target"], **sizes}} if sizes else body)


class BooleansAreSentAsText(Mps):
    """`str(True)` goes into the body of a setting."""

    def set_notification(self, region: str, enabled: bool, **rest: Any) -> None:
        super().set_notification(region, str(enabled), **rest)


class WidthAndHeightAreSwapped(Mps):
    """Height comes first in the caller's tuple, and width in the client's."""

    def encoded(self, body: Mapping[str, Any]) -> bytes:
        other = {"widthInPixel": "heightInPixel", "heightInPixel": "widthInPixel"}
        return super().encoded({**body, "target": {other.get(k, k): v for k, v in body["target"].items()}})


class AMemberIsSpeltInAnotherCase(Mps):
    """`keyframe` for `keyFrame`: the vendor ignores what it does not know."""

    def encoded(self, body: Mapping[str, Any]) -> bytes:
        rule = {"keyframe" if name == "keyFrame" else name: value for name, value in body.get("rule", {}).items()}
        return super().encoded({**body, "rule": rule} if rule else body)


class TheModeHasADefaultOfItsOwn(Mps):
    """Whoever names no mode gets `multi`, because this team always takes several pictures."""

    def encoded(self, body: Mapping[str, Any]) -> bytes:
        return super().encoded({**body, "rule": {"mode": "multi", **body["rule"]}} if "rule" in body else body)


class NamesAreStripped(Mps):
    """Blanks at both ends of a key are taken off, where they belong to the object's name."""

    def create_thumbnail(self, region: str, source: Any, target: Any, rule: Any = None) -> Made:
        if isinstance(source, dict):
            source = {name: value.strip() if isinstance(value, str) else value for name, value in source.items()}
        return super().create_thumbnail(region, source, target, rule)


class LettersBeyondLatinAreLost(Mps):
    """Texts pass through Latin-1, which has a question mark for every other letter."""

    def encoded(self, body: Mapping[str, Any]) -> bytes:
        return json.dumps(body, ensure_ascii=False).encode("latin-1", "replace").decode("latin-1").encode()


class ARegionIsForgotten(Mps):
    """The region of the client's settings is used, whichever the caller names."""

    def place(self, region: str) -> str:
        return super().place("cn-north-1")


class QueryValuesAreNotEscaped(Mps):
    """A query is pasted together: an ampersand in a value begins another parameter."""

    def search(self, query: Mapping[str, str]) -> str:
        return "&".join(f"{name}={quote(str(value), safe='&=')}" for name, value in query.items())


class QueryValuesAreEscapedTwice(Mps):
    """A value is escaped by the client, and once more where the URL is made."""

    def search(self, query: Mapping[str, str]) -> str:
        return super().search({name: quote(str(value), safe="") for name, value in query.items()})


class AMarkerIsCalledByAnotherName(Mps):
    """`nextMarker`, as answers call it, for `marker`, as requests do."""

    def search(self, query: Mapping[str, str]) -> str:
        return super().search({"nextMarker" if name == "marker" else name: value for name, value in query.items()})


class TheFirstEventIsEnough(Mps):
    """Events are given as a list and one is sent."""

    def set_notification(self, region: str, enabled: bool, **rest: Any) -> None:
        super().set_notification(region, enabled, **{**rest, **({"events": rest["events"][:1]} if "events" in rest else {})})


# How it is signed


class TheQueryIsSignedAsItStands(Mps):
    """The query is signed in the order in which it is sent, not sorted."""

    class Signer(Signer):
        def query(self, query: str) -> str:
            return query


class TheQueryIsSignedUnescaped(Mps):
    """The values are signed as they were given, not as they are sent."""

    class Signer(Signer):
        def query(self, query: str) -> str:
            return unquote_plus(super().query(query))


class TheBodyIsSignedBeforeItIsEncoded(Mps):
    """One JSON is signed, with escapes, and another is sent, in UTF-8: they differ once there is a letter beyond ASCII."""

    def sent(self, method: str, target: str, content: bytes, region: str) -> httpx.Response:
        headers = self._signer.headers(method, target, content, region)
        said = json.dumps(json.loads(content), ensure_ascii=False).encode() if content else content
        return self._http.request(method, f"https://{HOST}{target}", content=said, headers=headers)


class TheClockIsLocal(Mps):
    """The time of the wall, with a Z behind it."""

    class Signer(Signer):
        def stamp(self) -> str:
            return time.strftime("%Y%m%dT%H%M%SZ", time.localtime())


class TheNonceIsTheSecond(Mps):
    """The nonce is made of the time, so two requests in a second have the same."""

    class Signer(Signer):
        def nonce(self) -> str:
            return f"nonce-{self.stamp()}"


class TheSecretIsUnescaped(Mps):
    """The secret is read from a URL and unescaped: a plus in it becomes a blank."""

    def __init__(self, access_key: str, secret_key: str) -> None:
        super().__init__(access_key, unquote_plus(secret_key))


DEFECTS = (
    Defect(FalseAndZeroAreLeftOut, Creating, GIVEN, "rule.keyFrame was given as False and does not arrive"),
    Defect(NoEventsAreNotSaid, Notifying, GIVEN, "events was given as [] and does not arrive"),
    Defect(NumbersAreSentAsText, Creating, ALLOWED, "/target/widthInPixel:type"),
    Defect(BooleansAreSentAsText, Notifying, ALLOWED, "/enabled:type"),
    Defect(WidthAndHeightAreSwapped, Creating, GIVEN, "InPixel was given as"),
    Defect(AMemberIsSpeltInAnotherCase, Creating, GIVEN, "rule.keyFrame was given as"),
    Defect(TheModeHasADefaultOfItsOwn, Creating, GIVEN, "rule.mode arrives as 'multi' and was not given"),
    Defect(NamesAreStripped, Creating, GIVEN, "source."),
    Defect(LettersBeyondLatinAreLost, Creating, GIVEN, "arrives as"),
    Defect(ARegionIsForgotten, Creating, GIVEN, "regionId was given as 'cn-east-1' and arrives as 'cn-north-1'"),
    Defect(QueryValuesAreNotEscaped, Listing, GIVEN, "marker was given as"),
    Defect(QueryValuesAreEscapedTwice, Listing, GIVEN, "was given as"),
    Defect(AMarkerIsCalledByAnotherName, Listing, GIVEN, "marker was given as"),
    Defect(TheFirstEventIsEnough, Notifying, GIVEN, "events.1 was given as"),
    Defect(TheQueryIsSignedAsItStands, Listing, SIGNS, "ACCESS_ERROR"),
    Defect(TheQueryIsSignedUnescaped, Listing, SIGNS, "ACCESS_ERROR"),
    Defect(TheBodyIsSignedBeforeItIsEncoded, Creating, SIGNS, "ACCESS_ERROR"),
    Defect(TheClockIsLocal, Creating, SIGNS, "ACCESS_ERROR"),
    Defect(TheNonceIsTheSecond, Creating, SIGNS, "ACCESS_ERROR"),
    Defect(TheSecretIsUnescaped, Creating, SIGNS, "ACCESS_ERROR"),
)
