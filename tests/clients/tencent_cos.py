"""`cos-python-sdk-v5` as a team uses it for Tencent CI's jobs: the vendor's own client, unmodified, behind a few calls.

Law: nothing is put right here that the SDK does wrong; what it does is in docs/findings.md.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from qcloud_cos import CosConfig, CosS3Client, CosServiceError
from qcloud_cos.cos_exception import CosException

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


class JobEnded(CosException):
    """A job that did not end well."""

    def __init__(self, state: str, code: str) -> None:
        super().__init__(f"the job is {state or 'unknown'}")
        self.code = code


class CosJobs:
    """Jobs by the SDK, with the SDK's own defaults."""

    library = "cos-python-sdk-v5"
    retry = 3

    def __init__(self, secret_id: str, secret_key: str, bucket: str, region: str) -> None:
        self.bucket = bucket
        self.sdk = CosS3Client(CosConfig(Region=region, SecretId=secret_id, SecretKey=secret_key), retry=self.retry)

    def create(self, job: Mapping[str, Any]) -> Any:
        """Create a job."""
        return self.sdk.ci_create_media_jobs(self.bucket, Jobs=dict(job), Lst={}, ContentType="application/xml")

    def get(self, job_id: str) -> Any:
        """One job, or several whose ids are joined by commas."""
        return self.sdk.ci_get_media_jobs(self.bucket, job_id)

    def list(self, arguments: Mapping[str, Any]) -> Any:
        """A page of jobs."""
        return self.sdk.ci_list_media_jobs(self.bucket, **{LISTED[name]: value for name, value in arguments.items()})

    def wait(self, job_id: str) -> str:
        """Wait until a job has ended well; its final state."""
        for _ in range(POLLS):
            found = self.get(job_id).get("JobsDetail") or [{}]
            state = found[0].get("State")
            if state == "Success":
                return "Success"
            if state in ("Failed", "Cancel", None):
                raise JobEnded(str(state), (found[0].get("Code") or "") if state == "Failed" else "")
            time.sleep(1)  # noqa: TID251  # as a client of the real vendor waits; the tests let no time pass
        raise JobEnded("", "")


def code(error: Exception) -> str:
    """The vendor's code that an error carries."""
    return str(error.get_error_code()) if isinstance(error, CosServiceError) else str(getattr(error, "code", ""))
