"""Wrong clients of Pontus: what they send, and how they prove who they are.

Each class is the correct client with one thing done as somebody once thought it was right. Law: a defect shows in the bytes.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from fractions import Fraction
from hashlib import sha1
from typing import Any
from urllib.parse import quote

from .defects import ALLOWED, GIVEN, PASSES, SIGNS, Defect
from .pontus_contracts import Adding, AsyncAdding, AsyncCreating, Creating
from .pontus_httpx_async import AsyncPontus
from .pontus_requests import Pontus
from .pontus_speech import Asked

# What is sent


class TargetsAreAnObject(Pontus):
    """The table says that `targets` is an object, and so it is sent: the examples send a list."""

    def creating(self, version: str, source: Any, targets: Any, profile: str | None) -> Asked:
        return super().creating(version, source, targets[0] if isinstance(targets, list) and targets else targets, profile)


class OneTargetIsEnough(AsyncPontus):
    """The first target is sent, the others are not."""

    def creating(self, version: str, source: Any, targets: Any, profile: str | None) -> Asked:
        return super().creating(version, source, targets[:1] if isinstance(targets, list) else targets, profile)


class AProfileIsCalledAPreset(Pontus):
    """`preset_name`, as the service calls it that this one descends from."""

    def encoded(self, body: Mapping[str, Any]) -> bytes:
        return super().encoded({name.replace("profile_name", "preset_name"): value for name, value in body.items()})


class NoProfileIsAnEmptyOne(AsyncPontus):
    """Whoever names no profile sends an empty name, which is none."""

    def creating(self, version: str, source: Any, targets: Any, profile: str | None) -> Asked:
        return super().creating(version, source, targets, profile or "")


class TheVersionIsFixed(Pontus):
    """`v1`, whichever the caller asks for."""

    def creating(self, version: str, source: Any, targets: Any, profile: str | None) -> Asked:
        return super().creating("v1", source, targets, profile)


class UrlsAreEscapedForHtml(Pontus):
    """A URL went through a template on its way: its ampersands are `&amp;`."""

    def creating(self, version: str, source: Any, targets: Any, profile: str | None) -> Asked:
        if isinstance(source, dict):
            source = {name: html.escape(value) if isinstance(value, str) else value for name, value in source.items()}
        return super().creating(version, source, targets, profile)


class TheBodyIsGbk(AsyncPontus):
    """The body is written in the encoding of the team's editor."""

    def encoded(self, body: Mapping[str, Any]) -> bytes:
        return json.dumps(body, ensure_ascii=False).encode("gbk", "replace")


class BitratesAreInKilobits(Pontus):
    """A bitrate is sent in kilobits, and the vendor reads bits."""

    def adding(self, version: str, profile: Mapping[str, Any]) -> Asked:
        return super().adding(version, changed(profile, bitrate=lambda value: value / 1000))


class AFrameRateIsANumber(AsyncPontus):
    """`30000/1001` is worked out and sent as 29.97, which the vendor does not have."""

    def adding(self, version: str, profile: Mapping[str, Any]) -> Asked:
        return super().adding(version, changed(profile, framerate=lambda value: round(float(Fraction(value)), 2)))


class ProgressiveIsABoolean(Pontus):
    """`use_progressive` is a text of this vendor's, and a boolean of this client's."""

    def adding(self, version: str, profile: Mapping[str, Any]) -> Asked:
        return super().adding(version, changed(profile, use_progressive=lambda value: value == "true"))


class DescriptionsAreCut(AsyncPontus):
    """A description is cut to what a column of the team's database holds."""

    def adding(self, version: str, profile: Mapping[str, Any]) -> Asked:
        said = profile.get("description")
        return super().adding(version, {**profile, "description": said[:16]} if isinstance(said, str) else profile)


class WidthIsPutRight(Pontus):
    """A width that is too small is raised without a word, and the picture is not what was asked for."""

    def adding(self, version: str, profile: Mapping[str, Any]) -> Asked:
        return super().adding(version, changed(profile, width=lambda value: max(64, value)))


# How it is signed


class TheKeyComesLast(Pontus):
    """The private key is put behind the other parts, as other vendors have it."""

    def checksum(self, nonce: str, now: str) -> str:
        return sha1(f"{nonce}{self.client_code}{now}{self.private_key}".encode()).hexdigest()


class TheKeyIsEscaped(AsyncPontus):
    """The private key is escaped as in a URL: keys with a plus or a slash are other keys then."""

    def __init__(self, public_key: str, private_key: str, client_code: str) -> None:
        super().__init__(public_key, quote(private_key, safe=""), client_code)


class TheNonceIsTheTime(Pontus):
    """The nonce is the second, so two requests within one have the same."""

    def nonce(self) -> str:
        return self.now()


class TheNonceIsTooLong(AsyncPontus):
    """The more digits the better; the vendor takes 64."""

    def nonce(self) -> str:
        return super().nonce().rjust(80, "7")


def changed(profile: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A profile with these members of its qualities changed, where they are there and of their kind."""
    qualities = profile.get("qlties")
    if not isinstance(qualities, list):
        return dict(profile)
    return {
        **profile,
        "qlties": [{k: _tried(changes.get(k), v) for k, v in one.items()} if isinstance(one, dict) else one for one in qualities],
    }


def _tried(change: Any, value: Any) -> Any:
    try:
        return change(value) if change else value
    except (TypeError, ValueError, ZeroDivisionError):
        return value


DEFECTS = (
    Defect(TargetsAreAnObject, Creating, ALLOWED, "/targets:type"),
    Defect(OneTargetIsEnough, AsyncCreating, GIVEN, "targets.1"),
    Defect(AProfileIsCalledAPreset, Creating, GIVEN, "profile_name was given as"),
    Defect(NoProfileIsAnEmptyOne, AsyncCreating, GIVEN, "profile_name arrives as '' and was not given"),
    Defect(TheVersionIsFixed, Creating, GIVEN, "version was given as 'v0' and arrives as 'v1'"),
    Defect(UrlsAreEscapedForHtml, Creating, GIVEN, "source.source_url was given as"),
    Defect(TheBodyIsGbk, AsyncCreating, GIVEN, "what it sends cannot be read"),
    Defect(BitratesAreInKilobits, Adding, ALLOWED, "bitrate:positive"),
    Defect(AFrameRateIsANumber, AsyncAdding, ALLOWED, "framerate:enum"),
    Defect(ProgressiveIsABoolean, Adding, ALLOWED, "use_progressive:enum"),
    Defect(DescriptionsAreCut, AsyncAdding, GIVEN, "description was given as"),
    Defect(WidthIsPutRight, Adding, PASSES, "width"),
    Defect(TheKeyComesLast, Creating, SIGNS, "AccessDenied"),
    Defect(TheKeyIsEscaped, AsyncCreating, SIGNS, "AccessDenied"),
    Defect(TheNonceIsTheTime, Creating, SIGNS, "AccessDenied"),
    Defect(TheNonceIsTooLong, AsyncCreating, SIGNS, "InvalidParameterException"),
)
