"""What the contract finds in `cos-python-sdk-v5`, used as its vendor shows: call a method, catch CosServiceError and CosClientError.

Each client is a user's who has mended what stands above it, so that the next finding shows. Law: nothing here is wrong but what
the SDK does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from xml.etree.ElementTree import ParseError

from qcloud_cos import CosServiceError
from qcloud_cos.cos_exception import CosClientError

from .defects import GIVEN, RAISES, SURVIVES, TWICE, of
from .findings import Finding
from .tencent_contracts import CreatingBySdk, GettingBySdk
from .tencent_cos import CosJobs, JobFailed


class AsShown(CosJobs):
    """As the vendor's examples have it."""

    options: ClassVar = {}

    def asked(self, call: Callable[[], Any]) -> Any:
        return call()

    @staticmethod
    def code(error: Exception) -> str:
        return str(error.get_error_code()) if isinstance(error, CosServiceError) else str(getattr(error, "code", ""))


class WithParserCaught(AsShown):
    """A user who has learnt that the errors of the parser pass."""

    def asked(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except ParseError as wrong:
            raise CosClientError(str(wrong)) from wrong


class WithRedirectsSeen(AsShown):
    """A user who has learnt that an answer may be a refusal."""

    def asked(self, call: Callable[[], Any]) -> Any:
        answer = call()
        if "Code" in answer:
            raise JobFailed(str(answer), str(answer["Code"]))
        return answer


SDK = "cos-python-sdk-v5 1.9.44"

FINDINGS = (
    Finding(
        "CosRedirect", "A refusal by redirect is returned as a job", SDK, of(GettingBySdk, AsShown), RAISES, "PermanentRedirect"
    ),
    Finding(
        "CosCode",
        "The code of an error is lost where it has no Resource",
        SDK,
        of(CreatingBySdk, WithRedirectsSeen),
        RAISES,
        "`code` gives 'Unknown'",
    ),
    Finding(
        "CosParser",
        "A cut answer raises an error of the parser",
        SDK,
        of(CreatingBySdk, AsShown),
        SURVIVES,
        "ParseError",
    ),
    Finding("CosDuplicate", "A job is created once for each try", SDK, of(CreatingBySdk, WithParserCaught), TWICE, "4 times"),
    Finding("CosSlash", "A slash in an id makes another path", SDK, of(GettingBySdk, CosJobs), GIVEN, "404 InvalidUrl"),
)
