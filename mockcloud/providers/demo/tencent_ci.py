"""Tencent CI by `cos-python-sdk-v5`: create, poll to the end, cancel, two outputs that are both empty, a wrong secret."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from mockcloud.messages import Credential
from mockcloud.providers.demo.steps import Step, path_of

PACKAGE = "cos-python-sdk-v5"
BUCKET, REGION = "media-1250000000", "ap-chongqing"
MEDIA_INFO = {"Tag": "MediaInfo", "Input": {"Object": "in/clip.mp4"}}


def walk(url: str, credential: Credential) -> Iterator[Step]:
    """The steps, against a server at the URL."""
    from qcloud_cos import CosServiceError

    client = _client(url, credential, credential.secret_key)
    job = _created(client, MEDIA_INFO)["JobId"]
    yield Step("create", "ci_create_media_jobs(Tag=MediaInfo)", f"JobId {job[:18]}…", job.startswith("j"))
    states = (client.ci_get_media_jobs(BUCKET, job)["JobsDetail"][0]["State"] for _ in iter(int, 1))
    seen, ended = path_of(states, "Success")
    yield Step("poll to the end", "ci_get_media_jobs(JobIDs)", seen, ended)
    second = _created(client, MEDIA_INFO)["JobId"]
    client.ci_cancel_jobs(BUCKET, second)
    state = client.ci_get_media_jobs(BUCKET, second)["JobsDetail"][0]["State"]
    yield Step("cancel", "ci_cancel_jobs(JobID)", state, state == "Cancel")
    output = {"Region": REGION, "Bucket": BUCKET, "Object": "", "AuObject": ""}
    job_without_output = {"Tag": "VoiceSeparate", "Operation": {"VoiceSeparate": {"AudioMode": "IsAudio"}, "Output": output}}
    came = _refused(CosServiceError, lambda: _created(client, {**MEDIA_INFO, **job_without_output}))
    yield Step("refused node", "Output with Object and AuObject empty", came, came.startswith("400 InvalidArgument"))
    came = _refused(CosServiceError, lambda: _client(url, credential, "wrong").ci_get_media_jobs(BUCKET, job))
    yield Step("tampered signature", "signed with another SecretKey", came, came.startswith("403 SignatureDoesNotMatch"))


def _created(client: Any, job: Any) -> Any:
    return client.ci_create_media_jobs(BUCKET, Jobs=job, Lst={}, ContentType="application/xml")["JobsDetail"][0]


def _refused(kind: type[Exception], call: Any) -> str:
    try:
        return f"no error: {call()}"
    except kind as refused:
        error: Any = refused
        return f"{error.get_status_code()} {error.get_error_code()} {error.get_error_msg()}"


def _client(url: str, credential: Credential, secret: str) -> Any:
    from qcloud_cos import CosConfig, CosS3Client

    logging.getLogger("qcloud_cos").setLevel(logging.CRITICAL)
    at = urlsplit(url)
    config = CosConfig(
        Region=REGION,
        SecretId=credential.access_key,
        SecretKey=secret,
        Scheme="http",
        Endpoint=f"ci.{REGION}.myqcloud.com",
        IP=at.hostname,
        Port=at.port,
    )
    return CosS3Client(config, retry=0)
