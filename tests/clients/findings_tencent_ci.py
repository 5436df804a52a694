"""What the contract finds in `cos-python-sdk-v5`, used as its vendor shows: call a method, catch CosServiceError and CosClientError.

Each client is a user's who has mended what stands above it, so that the next finding shows. Law: nothing here is wrong but what
the SDK does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import ParseError

from qcloud_cos.cos_exception import CosClientError

from .defects import GIVEN, RAISES, SURVIVES, TWICE, UNKNOWN, of
from .findings import Finding
from .tencent_contracts import CreatingBySdk, GettingBySdk
from .tencent_cos import CosJobs


class AsShown(CosJobs):
    """As the vendor's examples have it."""

    retry = 3

    def asked(self, call: Callable[[], Any]) -> Any:
        return call()


class WithParserCaught(AsShown):
    """A user who has learnt that the errors of the parser pass."""

    def asked(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except ParseError as wrong:
            raise CosClientError(str(wrong)) from wrong


SDK = "cos-python-sdk-v5 1.9.44"

FINDINGS = (
    Finding(
        "CosRedirect", "A refusal by redirect is returned as a job", SDK, of(GettingBySdk, AsShown), RAISES, "PermanentRedirect"
    ),
    Finding("CosDuplicate", "A job is created once for each try", SDK, of(CreatingBySdk, WithParserCaught), TWICE, "4 times"),
    Finding(
        "CosParser",
        "An answer that was cut raises an error of the parser",
        SDK,
        of(CreatingBySdk, AsShown),
        SURVIVES,
        "ParseError",
    ),
    Finding("CosAttribute", "A text with an attribute is no text any more", SDK, of(GettingBySdk, AsShown), UNKNOWN, "JobId"),
    Finding(
        "CosReturn",
        "A carriage return in a key becomes a line feed",
        SDK,
        of(CreatingBySdk, AsShown),
        GIVEN,
        "Input.Object was given as",
    ),
)
