"""JD Cloud MPS by `jdcloud_sdk`: create, poll to the end, a member that the mode forbids, a wrong secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from mockcloud.messages import Credential
from mockcloud.providers.demo.steps import Step, path_of

PACKAGE = "jdcloud_sdk"
REGION = "cn-north-1"


def walk(url: str, credential: Credential) -> Iterator[Step]:
    """The steps, against a server at the URL."""
    client = _client(url, credential, credential.secret_key)
    made = client.send(_create(mode="multi", count=3, startTimeInSecond=1, endTimeInSecond=10))
    task = (made.result or {}).get("taskID")
    yield Step("create", "createThumbnailTask(mode=multi, count=3)", f"taskID {task}", bool(task))
    states = (client.send(_get(task)).result["status"] for _ in iter(int, 1))
    seen, ended = path_of(states, "SUCCESS")
    keys = len(client.send(_get(task)).result["target"]["keys"])
    yield Step("poll to the end", "getThumbnailTask(taskId)", f"{seen}, {keys} keys", ended and keys == 3)
    came = _error(client.send(_create(mode="average", startTimeInSecond=5)))
    yield Step("refused member", "mode=average with startTimeInSecond", came, came.startswith("400 INVALID_ARGUMENT"))
    came = _error(_client(url, credential, "wrong").send(_get(task)))
    yield Step("tampered signature", "signed with another secret", came, came.startswith("401 ACCESS_ERROR"))


def _error(response: Any) -> str:
    error = response.error
    return "no error" if error is None else f"{error.code} {error.status} {error.message}"


def _client(url: str, credential: Credential, secret: str) -> Any:
    from jdcloud_sdk.core.config import Config
    from jdcloud_sdk.core.credential import Credential as Keys
    from jdcloud_sdk.core.logger import Logger
    from jdcloud_sdk.services.mps.client.MpsClient import MpsClient

    return MpsClient(Keys(credential.access_key, secret), Config(urlsplit(url).netloc, "http", 10), Logger(0))


def _create(**rule: Any) -> Any:
    import jdcloud_sdk.services.mps.apis.CreateThumbnailTaskRequest as create
    from jdcloud_sdk.services.mps.models.ThumbnailTaskRule import ThumbnailTaskRule
    from jdcloud_sdk.services.mps.models.ThumbnailTaskSource import ThumbnailTaskSource
    from jdcloud_sdk.services.mps.models.ThumbnailTaskTarget import ThumbnailTaskTarget

    source, target = ThumbnailTaskSource("media", "in/clip.mp4"), ThumbnailTaskTarget("frames")
    parameters = create.CreateThumbnailTaskParameters(REGION, source, target)
    parameters.setRule(ThumbnailTaskRule(**rule))
    return create.CreateThumbnailTaskRequest(parameters)


def _get(task: Any) -> Any:
    import jdcloud_sdk.services.mps.apis.GetThumbnailTaskRequest as get

    return get.GetThumbnailTaskRequest(get.GetThumbnailTaskParameters(REGION, task))
