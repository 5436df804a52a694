"""`cos-python-sdk-v5` as a team uses it for Tencent CI's jobs that knows its ways: the vendor's own client, behind a few calls.

Law: what the SDK does wrong is put right in `asked`, `code` and `options`, and nowhere else; `findings_tencent_ci.py` has it as it comes.
"""

from __future__ import annotations

import logging
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from typing import Any

from qcloud_cos import CosConfig, CosS3Client, CosServiceError
from qcloud_cos.cos_exception import CosClientError, CosException

from .tencent_messages import POLLS

ERRORS = CosException
"""What the SDK raises, by its documentation: CosServiceError for a refusal, CosClientError for everything else."""

LISTED = {
    "tag": "Tag",
    "queueId": "QueueId",
    "startCreationTime": "StartCreationTime",
    "endCreationTime": "EndCreationTime",
    "orderByTime": "OrderByTime",
    "states": "States",
    "size": "Size",
    "nextToken": "NextToken",
}
"""The vendor's names of the arguments of a list, and the SDK's."""

logging.getLogger("qcloud_cos").setLevel(logging.CRITICAL)


class JobFailed(CosException):
    """A job that did not end well, or a refusal that the SDK takes for an answer. `code` is the vendor's."""

    def __init__(self, says: str, code: str = "") -> None:
        super().__init__(says)
        self.code = code


class CosJobs:
    """Jobs by the SDK."""

    library = "cos-python-sdk-v5"
    options: Mapping[str, Any] = {"retry": 0}
    """The SDK would send a request again, whether or not it creates something."""

    def __init__(self, secret_id: str, secret_key: str, bucket: str, region: str) -> None:
        self.bucket = bucket
        self.sdk = CosS3Client(CosConfig(Region=region, SecretId=secret_id, SecretKey=secret_key), **self.options)

    def create(self, job: Mapping[str, Any]) -> Any:
        """Create a job."""
        sent = {"Bucket": self.bucket, "Jobs": dict(job), "Lst": {}, "ContentType": "application/xml"}
        return self.asked(lambda: self.sdk.ci_create_media_jobs(**sent))

    def get(self, job_id: str) -> Any:
        """One job, or several whose ids are joined by commas."""
        return self.asked(lambda: self.sdk.ci_get_media_jobs(self.bucket, job_id))

    def list(self, arguments: Mapping[str, Any]) -> Any:
        """A page of jobs."""
        sent = {LISTED[name]: value for name, value in arguments.items()}
        return self.asked(lambda: self.sdk.ci_list_media_jobs(self.bucket, **sent))

    def asked(self, call: Callable[[], Any]) -> Any:
        """What the SDK returns, if it is an answer."""
        try:
            answer = call()
        except ET.ParseError as wrong:
            raise CosClientError(f"the answer cannot be read: {wrong}") from wrong
        if "Code" in answer:
            raise JobFailed(str(answer.get("Message")), str(answer["Code"]))
        return answer

    def wait(self, job_id: str) -> str:
        """Wait until a job has ended well; its final state."""
        for _ in range(POLLS):
            found = (self.get(job_id).get("JobsDetail") or [{}])[0]
            state = found.get("State")
            if state == "Success":
                return "Success"
            if state in ("Failed", "Cancel", None):
                raise JobFailed(f"the job is {state}", (found.get("Code") or "") if state == "Failed" else "")
            time.sleep(1)  # as a client of the real vendor waits; the tests let no time pass
        raise JobFailed(f"the job {job_id} has not ended after {POLLS} looks")

    @staticmethod
    def code(error: Exception) -> str:
        """The vendor's code that an error carries. The SDK gives up on a document that lacks one of its members."""
        if not isinstance(error, CosServiceError):
            return str(getattr(error, "code", ""))
        try:
            return ET.fromstring(error.get_origin_msg()).findtext("Code") or ""
        except ET.ParseError:
            return str(error.get_error_code())
