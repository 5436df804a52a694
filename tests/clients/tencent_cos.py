"""`cos-python-sdk-v5` as a team uses it for Tencent CI's jobs: the vendor's own client, unmodified, behind four calls.

Law: nothing is put right here that the SDK does wrong; what it does is in docs/findings.md.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from qcloud_cos import CosConfig, CosS3Client, CosServiceError
from qcloud_cos.cos_exception import CosException

from mockcloud import ClientContract, Cloud
from mockcloud.messages import Credential

from .tencent_messages import BUCKET, REGION

POLLS = 50
GOES_ON = ("Submitted", "Running", "Pause")
ERRORS = CosException
"""What the SDK raises, by its documentation: CosServiceError for a refusal, CosClientError for everything else."""

logging.getLogger("qcloud_cos").setLevel(logging.CRITICAL)


class JobEnded(CosException):
    """A job that did not end well."""

    def __init__(self, state: str, code: str) -> None:
        super().__init__(f"the job is {state or 'unknown'}")
        self.code = code


def connected(credential: Credential, retry: int = 3) -> CosS3Client:
    """The SDK's client, with its own defaults."""
    config = CosConfig(Region=REGION, SecretId=credential.access_key, SecretKey=credential.secret_key)
    return CosS3Client(config, retry=retry)


def create(client: CosS3Client, job: Mapping[str, Any]) -> Any:
    """Create a job."""
    return client.ci_create_media_jobs(BUCKET, Jobs=dict(job), Lst={}, ContentType="application/xml")


def get(client: CosS3Client, job_id: str) -> Any:
    """One job, or several whose ids are joined by commas."""
    return client.ci_get_media_jobs(BUCKET, job_id)


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


def page(client: CosS3Client, arguments: Mapping[str, Any]) -> Any:
    """A page of jobs."""
    return client.ci_list_media_jobs(BUCKET, **{LISTED[name]: value for name, value in arguments.items()})


def wait(client: CosS3Client, job_id: str) -> str:
    """Wait until a job has ended well; its final state."""
    for _ in range(POLLS):
        job = get(client, job_id)["JobsDetail"][0]
        state = job.get("State")
        if state == "Success":
            return "Success"
        if state in ("Failed", "Cancel"):
            raise JobEnded(state, job.get("Code") or "" if state == "Failed" else "")
        time.sleep(1)  # noqa: TID251  # as a client of the real vendor waits; the tests let no time pass
    raise JobEnded("", "")


def code(error: Exception) -> str:
    """The vendor's code that an error carries."""
    return str(error.get_error_code()) if isinstance(error, CosServiceError) else str(getattr(error, "code", ""))


class CreatesMediaInfoBySdk(ClientContract):
    """Jobs that read what a file holds: created and waited for."""

    operation = "tencent_ci.CreateMediaJobs.MediaInfo"
    error = ERRORS

    def client(self, cloud: Cloud) -> CosS3Client:
        return connected(cloud.credentials("tencent_ci"))

    def call(self, client: CosS3Client, args: Mapping[str, Any]) -> Any:
        return create(client, args)

    def result(self, returned: Any) -> Any:
        return returned

    def code(self, error: Exception) -> str:
        return code(error)

    def wait(self, client: CosS3Client, returned: Any) -> str:
        return wait(client, returned["JobsDetail"][0]["JobId"])


class ListsJobsBySdk(ClientContract):
    """A page of jobs."""

    operation = "tencent_ci.DescribeMediaJobs"
    error = ERRORS
    arguments = frozenset(LISTED)

    def client(self, cloud: Cloud) -> CosS3Client:
        return connected(cloud.credentials("tencent_ci"))

    def call(self, client: CosS3Client, args: Mapping[str, Any]) -> Any:
        return page(client, args)

    def result(self, returned: Any) -> Any:
        return returned

    def code(self, error: Exception) -> str:
        return code(error)
