"""UCloud by `ucloud-sdk-python3`: create, poll to the end, a refused value, a wrong private key."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from mockcloud.messages import Credential
from mockcloud.providers.demo.steps import Step, path_of

PACKAGE = "ucloud-sdk-python3"
TASK = {
    "Zone": "cn-bj2-02",
    "StorageBackend": "US3",
    "Bucket": "media",
    "SrcKey": "in/clip.mp4",
    "DstKey": "out/clip.mp4",
    "Function": "VideoTranscode",
    "FunctionParamTemplateId": "preset-transcode-h264-mp4",
}


def walk(url: str, credential: Credential) -> Iterator[Step]:
    """The steps, against a server at the URL."""
    from ucloud.core import exc

    udi = _client(url, credential, credential.secret_key)
    task = udi.create_media_task(TASK)["TaskId"]
    yield Step("create", "create_media_task(SrcKey=in/clip.mp4)", f"TaskId {task}", bool(task))
    polled = {"Zone": TASK["Zone"], "TaskId": task}
    states = (udi.describe_media_task(polled)["Tasks"][0]["Status"] for _ in iter(int, 1))
    seen, ended = path_of(states, "finished")
    yield Step("poll to the end", "describe_media_task(TaskId)", seen, ended)
    try:
        came = udi.create_media_task({**TASK, "FunctionParamTemplateId": "no-such"})
    except exc.RetCodeException as refused:
        came = f"RetCodeException {refused.code} {refused.message}"
    yield Step("refused value", "FunctionParamTemplateId=no-such", str(came), "230 " in str(came))
    try:
        came = _client(url, credential, "wrong").describe_media_task(polled)
    except exc.RetCodeException as refused:
        came = f"RetCodeException {refused.code} {refused.message}"
    yield Step("tampered signature", "signed with another private key", str(came), "171 " in str(came))


def _client(url: str, credential: Credential, secret: str) -> Any:
    from ucloud.client import Client

    logging.getLogger("ucloud").setLevel(logging.CRITICAL)
    config = {"region": "cn-bj2", "project_id": "org-demo", "base_url": url}
    return Client({**config, "public_key": credential.access_key, "private_key": secret}).udi()
