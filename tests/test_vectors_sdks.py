"""The vectors beside the vendors' unmodified SDKs: the same arguments, put on the wire by the SDK, come to the same verdict."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

import pytest
from test_sdks import BUCKET, cos, jdcloud, ucloud
from vector_packs import vectors_of

from mockcloud import Cloud


def by_ucloud(vector: Any) -> None:
    from ucloud.core import exc

    asked = vector["request"]
    arguments = dict(parse_qsl(asked["body"] or asked["target"].partition("?")[2], keep_blank_values=True))
    action, *_ = (arguments.pop(name) for name in ("Action", "PublicKey", "Signature"))
    with contextlib.suppress(exc.RetCodeException):
        ucloud(region=None, project_id=None).invoke(action, arguments)


def by_jdcloud(vector: Any) -> None:
    from jdcloud_sdk.services.mps.apis import CreateThumbnailTaskRequest as api

    body, region = json.loads(vector["request"]["body"]), vector["request"]["target"].split("/")[3]
    parameters = api.CreateThumbnailTaskParameters(region, body.get("source"), body.get("target"))
    parameters.setRule(body.get("rule"))
    jdcloud().send(api.CreateThumbnailTaskRequest(parameters))


def by_cos(vector: Any) -> None:
    from qcloud_cos import CosServiceError

    jobs = as_dict(ET.fromstring(vector["request"]["body"]))
    with contextlib.suppress(CosServiceError):
        cos().ci_create_media_jobs(BUCKET, Jobs=jobs, Lst={}, ContentType="application/xml")


def as_dict(element: ET.Element) -> Any:
    """An element as the SDK takes it: a list where one stands more than once."""
    if not len(element):
        return element.text or ""
    below = [(child.tag, as_dict(child)) for child in element]
    values = {name: [value for given, value in below if given == name] for name, _ in below}
    return {name: found if len(found) > 1 else found[0] for name, found in values.items()}


def of_arguments(vector: Any) -> bool:
    """Whether the vector is about arguments that an SDK can be given, and needs nothing that is not there at first."""
    name = vector["id"].removeprefix(vector["operation"])
    signing = vector["rule"].partition("#/")[2].partition(":")[0] in ("Action", "PublicKey", "Signature")
    return not signing and name.startswith(("/smallest", "/fullest", "#", "/request#"))


@pytest.mark.parametrize(
    ("operation", "ask"),
    [
        ("ucloud.CreateMediaTask", by_ucloud),
        ("jdcloud.createThumbnailTask", by_jdcloud),
        ("tencent_ci.CreateMediaJobs.MediaInfo", by_cos),
    ],
)
def test_what_the_vendors_sdk_sends_with_a_vectors_arguments_has_the_vectors_verdict(
    operation: str, ask: Callable[[Any], None]
) -> None:
    chosen = [one for one in vectors_of(operation.partition(".")[0], operation) if of_arguments(one)]
    assert len(chosen) >= 15
    for vector in chosen:
        cloud = Cloud()
        cloud.report = lambda problem: None
        with cloud.intercept():
            ask(vector)
        last = cloud.journal.last
        wanted = set() if vector["condition"] else {vector["rule"]} - {""}
        found = last.refusal, last.reason, {broken.rule for broken in last.violations}
        assert found == (vector["refusal"], vector["condition"], wanted), vector["id"]
