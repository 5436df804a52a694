"""The vendors' unmodified SDKs, over a socket and in process. The measure of truth: they work, and a wrong client fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cases import ROOT

from mockcloud import Cloud, Credential
from mockcloud.contracts import folders
from mockcloud.contracts.loader import load

OLD_JDCLOUD = Path(os.environ.get("MOCKCLOUD_OLD_JDCLOUD", ROOT / ".venv" / "jdcloud-1.6.51"))
KEYS = Credential("mockcloud", "mockcloud-secret", "mockcloud")
REGION, BUCKET = "ap-chongqing", "media-1250000000"


@pytest.fixture
def cloud() -> Cloud:
    return Cloud()


@pytest.fixture
def url(cloud: Cloud) -> Iterator[str]:
    with cloud.serve() as server:
        yield server.url


def demo(provider: str) -> Any:
    return import_module(load(folders.known()[provider]).demo)


@pytest.mark.parametrize("provider", sorted(folders.known()))
def test_each_step_of_the_demonstration_holds_over_a_socket(provider: str, cloud: Cloud, url: str) -> None:
    steps = list(demo(provider).walk(url, cloud.credentials(provider)))
    assert len(steps) >= 4
    assert all(step.held for step in steps), steps


WALK = """
import importlib, json, sys
import jdcloud_sdk
from importlib.metadata import distribution
from mockcloud.messages import Credential
walk = importlib.import_module("mockcloud.providers.demo.jdcloud").walk
steps = list(walk(sys.argv[1], Credential("mockcloud", "mockcloud-secret")))
print(json.dumps({"home": jdcloud_sdk.__file__, "steps": [[s.name, s.came, s.held] for s in steps]}))
"""


@pytest.mark.skipif(
    not OLD_JDCLOUD.is_dir(), reason="jdcloud_sdk 1.6.51 is not installed beside the current one; make test installs it"
)
def test_jdcloud_sdk_1_6_51_which_signs_by_generation_2_works_like_the_current_one(cloud: Cloud, url: str) -> None:
    path = os.pathsep.join([str(OLD_JDCLOUD), str(ROOT)])
    run = subprocess.run(
        [sys.executable, "-c", WALK, url],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout.splitlines()[-1])
    assert told["home"].startswith(str(OLD_JDCLOUD))
    assert all(held for _, _, held in told["steps"]), told
    schemes = {(exchange.request.header("authorization") or "")[:8] for exchange in cloud.journal}
    assert schemes == {"JDCLOUD2"}


# UCloud


def ucloud(**options: Any) -> Any:
    from ucloud.client import Client

    config = {"region": "cn-bj2", "project_id": "org-1", "public_key": KEYS.access_key, "private_key": KEYS.secret_key}
    return Client({**config, **options})


UCLOUD_TASK = demo("ucloud").TASK


def refused_by_ucloud(client: Any, action: str, arguments: dict[str, Any]) -> tuple[int, str]:
    from ucloud.core import exc

    with pytest.raises(exc.RetCodeException) as raised:
        client.invoke(action, arguments)
    return raised.value.code, raised.value.message


def test_the_ucloud_sdk_works_in_process_at_the_vendors_own_address(cloud: Cloud) -> None:
    with cloud.intercept():
        udi = ucloud().udi()
        task = udi.create_media_task(UCLOUD_TASK)["TaskId"]
        cloud.clock.advance(10)
        found = udi.describe_media_task({"Zone": "cn-bj2-02", "TaskId": task})["Tasks"]
    assert found == [{"Id": task, "Function": "VideoTranscode", "Status": "finished"}]


def test_the_ucloud_sdk_lists_the_preset_templates(cloud: Cloud) -> None:
    with cloud.intercept():
        templates = ucloud().udi().describe_function_template({"Zone": "cn-bj2-02", "Type": "preset"})["Templates"]
    assert "preset-transcode-h264-mp4" in {template["Id"] for template in templates}


@pytest.mark.parametrize(
    "missing", ["Bucket", "SrcKey", "DstKey", "Function", "FunctionParamTemplateId", "StorageBackend", "Zone"]
)
def test_the_ucloud_sdk_raises_220_for_each_missing_parameter(cloud: Cloud, missing: str) -> None:
    arguments = {name: value for name, value in UCLOUD_TASK.items() if name != missing}
    with cloud.intercept():
        assert refused_by_ucloud(ucloud(), "CreateMediaTask", arguments) == (220, f"Missing params [{missing}]")


def test_the_ucloud_sdk_raises_172_for_an_unknown_key_and_161_for_an_unknown_action(cloud: Cloud) -> None:
    with cloud.intercept():
        assert refused_by_ucloud(ucloud(public_key="stranger"), "DescribeMediaTask", {"Zone": "z"})[0] == 172
        with pytest.warns(UserWarning, match="CreateMediaTsk.*Did you mean 'CreateMediaTask'"):
            assert refused_by_ucloud(ucloud(), "CreateMediaTsk", {})[0] == 161


def test_a_ucloud_task_whose_source_is_a_magic_name_fails_in_its_time(cloud: Cloud) -> None:
    with cloud.intercept():
        udi = ucloud().udi()
        task = udi.create_media_task({**UCLOUD_TASK, "SrcKey": "in/mockcloud-fail-TaskFailed.mp4"})["TaskId"]
        before = udi.describe_media_task({"Zone": "z", "TaskId": task})["Tasks"][0]["Status"]
        cloud.clock.advance(10)
        after = udi.describe_media_task({"Zone": "z", "TaskId": task})["Tasks"][0]["Status"]
    assert (before, after) == ("waiting", "failed")


# JD Cloud


def jdcloud(address: str = "mps.jdcloud-api.com", scheme: str = "https", secret: str = KEYS.secret_key) -> Any:
    from jdcloud_sdk.core.config import Config
    from jdcloud_sdk.core.credential import Credential as Keys
    from jdcloud_sdk.core.logger import Logger
    from jdcloud_sdk.services.mps.client.MpsClient import MpsClient

    return MpsClient(Keys(KEYS.access_key, secret), Config(address, scheme, 10), Logger(0))


def thumbnail(key: str = "in/clip.mp4", **rule: Any) -> Any:
    from jdcloud_sdk.services.mps.apis import CreateThumbnailTaskRequest as api
    from jdcloud_sdk.services.mps.models.ThumbnailTaskRule import ThumbnailTaskRule
    from jdcloud_sdk.services.mps.models.ThumbnailTaskSource import ThumbnailTaskSource
    from jdcloud_sdk.services.mps.models.ThumbnailTaskTarget import ThumbnailTaskTarget

    parameters = api.CreateThumbnailTaskParameters("cn-north-1", ThumbnailTaskSource("b", key), ThumbnailTaskTarget("d"))
    parameters.setRule(ThumbnailTaskRule(**rule))
    return api.CreateThumbnailTaskRequest(parameters)


def seen_by_jdcloud(client: Any, task: str) -> Any:
    from jdcloud_sdk.services.mps.apis import GetThumbnailTaskRequest as api

    return client.send(api.GetThumbnailTaskRequest(api.GetThumbnailTaskParameters("cn-north-1", task)))


def test_the_jdcloud_sdk_works_in_process_at_the_vendors_own_address(cloud: Cloud) -> None:
    with cloud.intercept():
        client = jdcloud()
        task = client.send(thumbnail(mode="average", count=2)).result["taskID"]
        cloud.clock.advance(10)
        result = seen_by_jdcloud(client, task).result
    assert result["status"] == "SUCCESS"
    assert result["target"]["keys"] == [f"in/clip.mp4-{task}-0001.jpg", f"in/clip.mp4-{task}-0002.jpg"]
    assert result["rule"] == {"mode": "average", "keyFrame": True, "startTimeInSecond": 0, "endTimeInSecond": -1, "count": 2}


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"mode": "single", "count": 2}, "rule.count"),
        ({"mode": "single", "endTimeInSecond": 5}, "rule.endTimeInSecond"),
        ({"mode": "average", "startTimeInSecond": 0}, "rule.startTimeInSecond"),
        ({"mode": "average", "endTimeInSecond": -1}, "rule.endTimeInSecond"),
        ({"mode": "multi", "startTimeInSecond": 5, "endTimeInSecond": 4}, "rule.endTimeInSecond"),
        ({"mode": "multi", "count": 3601}, "rule.count"),
        ({"mode": "some"}, "rule.mode"),
    ],
)
def test_the_jdcloud_sdk_sees_400_naming_the_member(cloud: Cloud, rule: dict[str, Any], field: str) -> None:
    with cloud.intercept():
        error = jdcloud().send(thumbnail(**rule)).error
    assert (error.code, error.status) == (400, "INVALID_ARGUMENT")
    assert field in {detail["field"] for detail in cloud_details(cloud)}


def cloud_details(cloud: Cloud) -> list[dict[str, str]]:
    details: list[dict[str, str]] = json.loads(cloud.journal.last.response.body)["error"]["details"]
    return details


def test_the_jdcloud_sdk_sees_a_failed_task_and_a_planned_refusal(cloud: Cloud) -> None:
    with cloud.intercept():
        client = jdcloud()
        task = client.send(thumbnail("in/mockcloud-fail-7.mp4")).result["taskID"]
        refused = client.send(thumbnail("in/mockcloud-refuse-RATE_LIMIT.mp4")).error
        cloud.clock.advance(10)
        result = seen_by_jdcloud(client, task).result
        unknown = seen_by_jdcloud(client, "no-such").error
    assert (result["status"], result["errorCode"], result["target"]["keys"]) == ("ERROR", 7, [])
    assert (refused.code, refused.status) == (429, "RATE_LIMIT")
    assert (unknown.code, unknown.status) == (404, "NOT_FOUND")


def test_a_jdcloud_signature_expires_on_the_mocks_clock_and_the_note_says_by_how_much(cloud: Cloud) -> None:
    with cloud.intercept():
        client = jdcloud()
        task = client.send(thumbnail()).result["taskID"]
        cloud.clock.advance("20m")
        error = seen_by_jdcloud(client, task).error
    assert (error.code, error.status) == (401, "ACCESS_ERROR")
    assert "the mock's clock is +12" in cloud.journal.last.note


# Tencent CI


def cos(secret: str = KEYS.secret_key, **options: Any) -> Any:
    from qcloud_cos import CosConfig, CosS3Client

    config = {"Region": REGION, "SecretId": KEYS.access_key, "SecretKey": secret, "Scheme": "http"}
    return CosS3Client(CosConfig(**{**config, **options}), retry=0)


def submitted(client: Any, **job: Any) -> Any:
    jobs = {"Tag": "MediaInfo", "Input": {"Object": "in/clip.mp4"}, **job}
    return client.ci_create_media_jobs(BUCKET, Jobs=jobs, Lst={}, ContentType="application/xml")["JobsDetail"][0]


def ways(url: str) -> dict[str, dict[str, Any]]:
    """How a user aims the SDK at the mock: the Host header differs in each."""
    host, port = urlsplit(url).hostname, urlsplit(url).port
    return {
        "ip port and endpoint": {"IP": host, "Port": port, "Endpoint": f"ci.{REGION}.myqcloud.com"},
        "ip port and domain": {"IP": host, "Port": port, "Domain": f"{BUCKET}.ci.{REGION}.myqcloud.com"},
        "ip and port alone": {"IP": host, "Port": port},
        "domain is the mock": {"Domain": f"{host}:{port}"},
        "the mock is the proxy": {"Proxies": {"http": url, "https": url}},
    }


@pytest.mark.parametrize("way", list(ways("http://127.0.0.1:1")))
def test_the_cos_sdk_reaches_the_mock_however_it_is_aimed(cloud: Cloud, url: str, way: str) -> None:
    client = cos(**ways(url)[way])
    job = submitted(client)
    cloud.clock.advance(10)
    detail = client.ci_get_media_jobs(BUCKET, job["JobId"])["JobsDetail"][0]
    assert (job["State"], detail["State"]) == ("Submitted", "Success")
    assert detail["Operation"]["MediaInfo"]["Format"]["NumStream"] == "2"


def test_the_cos_sdk_works_in_process_at_the_vendors_own_address(cloud: Cloud) -> None:
    with cloud.intercept():
        client = cos(Scheme="https")
        first, second = submitted(client)["JobId"], submitted(client)["JobId"]
        client.ci_cancel_jobs(BUCKET, second)
        found = client.ci_get_media_jobs(BUCKET, f"{first},{second},jnone")
        states = [detail["State"] for detail in client.ci_get_media_jobs(BUCKET, f"{first},{second}")["JobsDetail"]]
    assert [detail["JobId"] for detail in found["JobsDetail"]] == [first, second]
    assert found["NonExistJobIds"] == "jnone"
    assert states == ["Running", "Cancel"]


def refused_by_cos(call: Any) -> tuple[int, str]:
    from qcloud_cos import CosServiceError

    with pytest.raises(CosServiceError) as raised:
        call()
    assert raised.value.get_request_id()
    return raised.value.get_status_code(), raised.value.get_error_code()


def test_the_cos_sdk_raises_the_documented_errors(cloud: Cloud) -> None:
    with cloud.intercept():
        client = cos()
        running = submitted(client)["JobId"]
        cloud.clock.advance(2)
        assert refused_by_cos(lambda: client.ci_cancel_jobs(BUCKET, running)) == (403, "AccessDenied")
        assert refused_by_cos(lambda: client.ci_cancel_jobs(BUCKET, "jnone")) == (400, "ResourceNotFound")
        assert refused_by_cos(lambda: submitted(client, QueueId="pnone")) == (400, "QueueNotFound")
        assert refused_by_cos(lambda: submitted(client, Operation={"JobLevel": "3"})) == (400, "InvalidArgument")
        assert refused_by_cos(lambda: submitted(client, Operation={"UserData": "é"})) == (400, "InvalidArgument")
        assert refused_by_cos(lambda: submitted(cos("wrong"))) == (403, "SignatureDoesNotMatch")
        assert refused_by_cos(lambda: submitted(cos(SecretId="stranger"))) == (401, "SecretidNotExist")
        cloud.clock.advance("3h")
        assert refused_by_cos(lambda: submitted(client)) == (401, "SignatureExpired")
    assert "the mock's clock is +" in cloud.journal.last.note


def test_the_cos_sdk_sees_a_voice_separation_with_both_tracks_and_one_that_failed(cloud: Cloud) -> None:
    output = {"Region": REGION, "Bucket": BUCKET, "Object": "out/back.${ext}", "AuObject": "out/voice.${ext}"}
    config = {"Codec": "mp3", "Samplerate": "44100", "Bitrate": "", "Channels": ""}
    operation = {"VoiceSeparate": {"AudioMode": "AudioAndBackground", "AudioConfig": config}, "Output": output}
    with cloud.intercept():
        client = cos()
        job = submitted(client, Tag="VoiceSeparate", Operation=operation)
        failing = {"Tag": "VoiceSeparate", "Operation": operation, "Input": {"Object": "mockcloud-fail-ResourceNotSupported.mp4"}}
        failed = submitted(client, **failing)
        cloud.clock.advance(10)
        done = client.ci_get_media_jobs(BUCKET, job["JobId"])["JobsDetail"][0]
        broken = client.ci_get_media_jobs(BUCKET, failed["JobId"])["JobsDetail"][0]
    assert job["Operation"]["Output"]["AuObject"] == "out/voice.${ext}"
    assert done["Operation"]["MediaResult"]["OutputFile"]["ObjectName"] == ["out/voice.mp3", "out/back.mp3"]
    assert (broken["State"], broken["Code"]) == ("Failed", "ResourceNotSupported")
    assert broken["Message"]
    assert "MediaInfo" not in broken["Operation"]
