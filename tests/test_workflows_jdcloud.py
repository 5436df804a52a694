"""JD Cloud's workflows, walked by the vendor's own Python client: both of its generations, in process and over a socket."""

from __future__ import annotations

import base64
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cases import ROOT

from mockcloud import Cloud

pytest.importorskip("jdcloud_sdk")

OLD = Path(os.environ.get("MOCKCLOUD_OLD_JDCLOUD", ROOT / ".venv" / "jdcloud-1.6.51"))
ERRORS = json.loads((ROOT / "schemas" / "jdcloud" / "errors.json").read_text(encoding="utf-8"))["codes"]
OPERATIONS = json.loads((ROOT / "schemas" / "jdcloud" / "operations.json").read_text(encoding="utf-8"))
REGION = "cn-north-1"
SDK = "jdcloud_sdk"


def loaded() -> list[str]:
    return [name for name in sys.modules if name.partition(".")[0] == SDK]


@contextmanager
def generation(name: str, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The client of this generation in the place of the installed one."""
    if name == "current":
        yield
        return
    if not OLD.is_dir():
        pytest.skip("jdcloud_sdk 1.6.51 is not installed beside the current one; make test installs it")
    for module in loaded():
        patch.delitem(sys.modules, module)
    patch.syspath_prepend(str(OLD))
    yield
    for module in loaded():
        del sys.modules[module]


class Client:
    """The vendor's client, aimed at one cloud."""

    def __init__(self, cloud: Cloud, address: str, scheme: str) -> None:
        core = f"{SDK}.core"
        keys = cloud.credentials("jdcloud")
        self.cloud = cloud
        self.advance = cloud.clock.advance
        self._client = import_module(f"{SDK}.services.mps.client.MpsClient").MpsClient(
            import_module(f"{core}.credential").Credential(keys.access_key, keys.secret_key),
            import_module(f"{core}.config").Config(address, scheme, 10),
            import_module(f"{core}.logger").Logger(0),
        )

    def send(self, operation: str, *mandatory: Any, **optional: Any) -> Any:
        name = operation[0].upper() + operation[1:]
        api = import_module(f"{SDK}.services.mps.apis.{name}Request")
        parameters = getattr(api, f"{name}Parameters")(*mandatory)
        for member, value in optional.items():
            getattr(parameters, f"set{member[0].upper()}{member[1:]}")(value)
        return self._client.send(getattr(api, f"{name}Request")(parameters))

    def result(self, operation: str, *mandatory: Any, **optional: Any) -> Any:
        response = self.send(operation, *mandatory, **optional)
        assert response.error is None, vars(response.error)
        assert len(response.request_id) == 32
        return response.result

    def refused(self, operation: str, *mandatory: Any, **optional: Any) -> tuple[int, str, str]:
        response = self.send(operation, *mandatory, **optional)
        assert response.result is None, response.result
        return response.error.code, response.error.status, response.error.message


def model(kind: str, /, **members: Any) -> Any:
    return getattr(import_module(f"{SDK}.services.mps.models.{kind}"), kind)(**members)


@contextmanager
def reached(way: str) -> Iterator[Client]:
    cloud = Cloud(providers=["jdcloud"])
    if way == "intercept":
        with cloud.intercept():
            yield Client(cloud, "mps.jdcloud-api.com", "https")
    else:
        with cloud.serve() as server:
            yield Client(cloud, urlsplit(server.url).netloc, "http")


@pytest.fixture(params=["intercept", "server"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(way: str) -> Iterator[Client]:
    """The current client."""
    with reached(way) as made:
        yield made


@pytest.fixture(params=["current", "1.6.51"])
def either(request: pytest.FixtureRequest, way: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """The current client, and the one that signs by the older generation."""
    with generation(request.param, monkeypatch), reached(way) as made:
        yield made
        schemes = {(exchange.request.header("authorization") or "")[:8] for exchange in made.cloud.journal}
        assert schemes == {"JDCLOUD3" if request.param == "current" else "JDCLOUD2"}


class Receiver:
    """An endpoint on loopback: keeps what arrives and answers as its function says, with a status and a text."""

    def __init__(self, answer: Callable[[str, bytes], tuple[int, str]]) -> None:
        self.seen: list[tuple[str, str, bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                kind = self.headers["x-jdcloud-message-type"]
                receiver.seen.append((self.path, kind, body))
                status, text = answer(kind, body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/told"

    @contextmanager
    def listening(self) -> Iterator[Receiver]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()


def confirming(kind: str, body: bytes) -> tuple[int, str]:
    """What a receiver answers that knows the protocol."""
    if kind != "SubscriptionConfirmation":
        return 200, ""
    message = json.loads(body)["message"].encode() if body.startswith(b"{") else body
    return 200, base64.b64encode(message).decode()


def deaf(kind: str, body: bytes) -> tuple[int, str]:
    """What a receiver answers that confirms its subscription and takes no message."""
    return confirming(kind, body) if kind == "SubscriptionConfirmation" else (500, "")


# Thumbnails


def thumbnail(client: Client, key: str = "in/clip.mp4", region: str = REGION, **rule: Any) -> str:
    source, target = model("ThumbnailTaskSource", bucket="media", key=key), model("ThumbnailTaskTarget", destBucket="frames")
    return str(client.result("createThumbnailTask", region, source, target, rule=model("ThumbnailTaskRule", **rule))["taskID"])


def test_a_thumbnail_task_is_created_polled_and_listed(either: Client) -> None:
    first = thumbnail(either, mode="multi", count=2, startTimeInSecond=1, endTimeInSecond=9)
    states = [either.result("getThumbnailTask", REGION, first)["status"] for _ in range(6)]
    assert list(dict.fromkeys(states)) == ["PENDDING", "RUNNING", "SUCCESS"]
    keys = either.result("getThumbnailTask", REGION, first)["target"]["keys"]
    assert keys == [f"in/clip.mp4-{first}-000{number}.jpg" for number in (1, 2)]
    second = thumbnail(either)
    page = either.result("listThumbnailTask", REGION, limit=1)
    assert ([task["taskID"] for task in page["taskList"]], page["truncated"], page["nextMarker"]) == ([second], True, first)
    rest = either.result("listThumbnailTask", REGION, limit=1, marker=page["nextMarker"])
    assert ([task["taskID"] for task in rest["taskList"]], rest["truncated"], rest["marker"]) == ([first], False, first)
    assert "nextMarker" not in rest


def test_thumbnail_tasks_are_listed_by_state_time_and_region(either: Client) -> None:
    good, bad = thumbnail(either), thumbnail(either, "in/mockcloud-fail-7.mp4")
    either.advance(10)
    created = either.result("getThumbnailTask", REGION, good)["createdTime"]

    def listed(region: str = REGION, **query: Any) -> list[str]:
        return [task["taskID"] for task in either.result("listThumbnailTask", region, **query)["taskList"]]

    assert listed() == [bad, good]
    assert (listed(status="SUCCESS"), listed(status="FAILED"), listed(status="ERROR")) == ([good], [bad], [bad])
    assert (listed(status="PENDING"), listed(end=created), listed(begin=created, status="SUCCESS")) == ([], [good], [good])
    assert listed("cn-east-2") == []
    assert either.refused("listThumbnailTask", REGION, begin="2026-01-02T00:00:00Z", end="2026-01-01T00:00:00Z") == (
        400,
        "INVALID_ARGUMENT",
        "begin is later than end",
    )
    assert either.refused("listThumbnailTask", REGION, limit=1001)[0] == 400
    assert either.refused("listThumbnailTask", REGION, marker="m+1/2 3")[2] == "marker m+1/2 3 is no task of this region"


# Notifications


@pytest.mark.parametrize("form", ["SIMPLIFIED", "JSON"])
def test_an_endpoint_is_confirmed_and_told_of_each_end_of_a_task(either: Client, form: str) -> None:
    assert either.result("getNotification", REGION)["enabled"] is False
    with Receiver(confirming).listening() as receiver:
        members = {"endpoint": receiver.url, "events": ["mpsThumbnailComplete"], "notifyContentFormat": form}
        either.result("setNotification", REGION, True, **members)
        setting = either.result("getNotification", REGION)
        assert {name: setting[name] for name in members} == members
        good, bad = thumbnail(either), thumbnail(either, "in/mockcloud-fail-7.mp4")
        either.advance(10)
    assert [(path, kind) for path, kind, _ in receiver.seen] == [
        ("/told", "SubscriptionConfirmation"),
        ("/told", "Notification"),
        ("/told", "Notification"),
    ]
    bodies = [json.loads(body) for _, _, body in receiver.seen[1:]]
    if form == "JSON":
        assert {body["messageTag"] for body in bodies} == {"mpsThumbnailComplete"}
        bodies = [json.loads(body["message"]) for body in bodies]
    told = [(body["event"], body["taskID"], body["status"], body["errorCode"]) for body in bodies]
    assert told == [("mpsThumbnailComplete", good, "SUCCESS", 0), ("mpsThumbnailComplete", bad, "ERROR", 7)]


def wrong(kind: str, body: bytes) -> tuple[int, str]:
    return 200, "yes"


def failing(kind: str, body: bytes) -> tuple[int, str]:
    return 500, confirming(kind, body)[1]


@pytest.mark.parametrize("answer", [wrong, failing])
def test_an_endpoint_that_does_not_confirm_is_refused_and_the_former_setting_kept(client: Client, answer: Any) -> None:
    client.result("setNotification", REGION, False, events=["mpsThumbnailComplete"])
    with Receiver(answer).listening() as receiver:
        code, status, message = client.refused("setNotification", REGION, True, endpoint=receiver.url)
    assert (code, status) == (400, "FAILED_PRECONDITION")
    assert message.startswith("the endpoint did not confirm the subscription: ")
    assert client.result("getNotification", REGION)["events"] == ["mpsThumbnailComplete"]


GAPS = {
    "BACKOFF_RETRY": [15] * 3,
    "EXPONENTIAL_DECAY_RETRY": [1, 2, 4, 8, 16, 32, 64, 128, 256, *[512] * 167],
}


@pytest.mark.parametrize("strategy", list(GAPS))
def test_a_message_that_nobody_takes_is_sent_again_as_the_strategy_says(client: Client, strategy: str) -> None:
    with Receiver(deaf).listening() as receiver:
        members = {"endpoint": receiver.url, "events": ["mpsThumbnailComplete"], "notifyStrategy": strategy}
        client.result("setNotification", REGION, True, **members)
        thumbnail(client)
        client.advance(200_000)
    tries = [message for message in client.cloud.callbacks if message.callback == "mpsThumbnailComplete"]
    assert [message.attempt for message in tries] == list(range(1, len(GAPS[strategy]) + 2))
    assert [message.at - tries[0].at for message in tries] == list(accumulate(GAPS[strategy], initial=0))
    assert len({message.body for message in tries}) == 1
    assert {message.status for message in tries} == {500}


@pytest.mark.parametrize("scale", [0.1, 0])
def test_the_gaps_between_the_tries_can_be_scaled(scale: float) -> None:
    cloud = Cloud(providers=["jdcloud"], clock="virtual:0", settings={"jdcloud": {"retry_scale": scale}})
    with Receiver(deaf).listening() as receiver, cloud.intercept():
        client = Client(cloud, "mps.jdcloud-api.com", "https")
        client.result("setNotification", REGION, True, endpoint=receiver.url, events=["mpsThumbnailComplete"])
        thumbnail(client)
        client.advance(100)
    tries = [message.at for message in cloud.callbacks if message.callback == "mpsThumbnailComplete"]
    assert [round(at - tries[0], 6) for at in tries] == [15 * scale * number for number in range(4)]


# Transcoding


def settings(**members: Any) -> dict[str, Any]:
    video = model("VideoStreamSettings", codec="h264", bitrate=1000, width=640, frameRate=25)
    audio = model("AudioStreamSettings", codec="aac", bitrate=128)
    return {"title": "web film", "video": video, "audio": audio, "container": model("ContainerSettings", format="mp4"), **members}


def template(client: Client, **members: Any) -> str:
    told = settings(**members)
    mandatory = [told.pop(name) for name in ("title", "video", "audio", "container")]
    return str(client.result("createTranscodeTemplate", *mandatory, "HD", **told)["templateId"])


def test_a_transcode_template_is_created_changed_replaced_listed_and_deleted(either: Client) -> None:
    key = {"hlsKey": "00" * 16, "hlsKeyUrl": "http://keys.example.com/k", "hlsKeyEncodeType": "base16"}
    made = template(either, encryption=model("EncryptionSettings", **key))
    told = either.result("getTranscodeTemplate", made)
    assert (told["transcodeType"], told["video"]["rcmode"], told["audio"]["channels"]) == ("normal", "abr", 2)
    assert told["encryption"] == key
    assert either.result("modifyTranscodeTemplate", made, transcodeType="jdchd")["encryption"] == key
    assert either.result("modifyTranscodeTemplate", made, title="other")["transcodeType"] == "jdchd"
    replaced = either.result("updateTranscodeTemplate", made, definition="FHD", title="whole")
    assert (replaced["definition"], replaced["transcodeType"], replaced["title"]) == ("FHD", "normal", "whole")
    assert "encryption" not in replaced
    assert replaced["video"] == told["video"]
    named = {"name": "transcodeType", "values": ["normal"]}
    page = either.result("listTranscodeTemplates", pageNumber=1, pageSize=10, filters=[model("Filter", **named, operator="eq")])
    assert ([one["templateId"] for one in page["content"]], page["totalElements"], page["totalPages"]) == ([made], 1, 1)
    none = either.result("listTranscodeTemplates", filters=[{"name": "transcodeType", "values": ["jdchs"]}])
    assert none["content"] == []
    assert either.send("deleteTranscodeTemplate", made).error is None
    assert either.refused("getTranscodeTemplate", made)[:2] == (404, "NOT_FOUND")
    assert either.refused("deleteTranscodeTemplate", made)[2] == f"transcode template {made} is not found"


def job(client: Client, *templates: str, key: str = "in/film.mp4", **optional: Any) -> Any:
    outputs = [
        model("TranscodeOutputObject", objectKey=f"out/{number}.mp4", templateId=one) for number, one in enumerate(templates)
    ]
    config = model("TranscodeOutputConfig", outputList=outputs)
    return client.send("submitTranscodeJob", "AK", "SK", "s3.example.com", "films", key, list(templates), config, **optional)


def test_a_transcode_job_is_submitted_polled_and_listed(either: Client) -> None:
    small = template(either)
    large = template(either, video=model("VideoStreamSettings", codec="h265", rcmode="crf"))
    made = job(either, small, large).result
    assert len(made["taskIds"]) == 2
    seen = either.result("getTranscodeJob", made["jobId"])
    assert {task["status"] for task in seen["tasks"]} == {"in-process"}
    either.advance(10)
    seen = either.result("getTranscodeJob", made["jobId"])
    assert (seen["jobId"], seen["title"]) == (made["jobId"], "film")
    assert [task["taskId"] for task in seen["tasks"]] == made["taskIds"]
    assert {task["status"] for task in seen["tasks"]} == {"succeeded"}
    first, second = seen["tasks"]
    assert {name: first[name] for name in ("width", "bitrate", "framerate", "format", "definition")} == {
        "width": "640",
        "bitrate": "1000",
        "framerate": "25",
        "format": "mp4",
        "definition": "HD",
    }
    assert "bitrate" not in second
    failed = job(either, small, key="in/mockcloud-fail-9.mp4", title="another").result["jobId"]
    either.advance(10)
    found = either.result("listTranscodeJobs", filters=[model("Filter", name="title", values=["another"])])
    assert [(one["jobId"], one["tasks"][0]["status"]) for one in found["content"]] == [(failed, "failed")]
    assert [one["jobId"] for one in either.result("listTranscodeJobs")["content"]] == [failed, made["jobId"]]
    unsupported = model("Filter", name="jobId", values=["1"])
    assert either.refused("listTranscodeJobs", filters=[unsupported])[:2] == (400, "INVALID_ARGUMENT")
    assert either.refused("listTranscodeJobs", pageSize=9)[0] == 400


def test_a_job_of_an_unknown_template_is_refused_as_are_half_given_keys(either: Client) -> None:
    assert job(either, "7").error.message == "templateIds names template 7, which is not found"
    properties = json.dumps({"hls.encrypt.key": "00" * 16})
    error = job(either, template(either), additionalProperties=properties).error
    assert (error.code, error.status) == (400, "INVALID_ARGUMENT")
    assert error.message == "additionalProperties has hls.encrypt.key and no hls.encrypt.keyUrl"


def test_the_end_of_a_job_is_told_where_the_setting_of_beijing_says(client: Client) -> None:
    with Receiver(confirming).listening() as receiver:
        client.result("setNotification", REGION, True, endpoint=receiver.url, events=["mpsTranscodeComplete"])
        made = job(client, template(client)).result
        client.advance(10)
    told = json.loads(receiver.seen[1][2])
    assert (told["event"], told["jobId"], told["title"]) == ("mpsTranscodeComplete", made["jobId"], "film")
    assert [(task["taskId"], task["status"]) for task in told["tasks"]] == [(made["taskIds"][0], "succeeded")]


# Snapshots and their callbacks: the older client does not know them


def snapshot(client: Client, template: str, key: str = "in/film.mp4") -> Any:
    places = model("Input", bucket="films", objectKey=key), model("Output", bucket="shots", objectPath="at/{FILENAME}")
    return client.result("submitSnapshotTask", template, *places)


def test_a_snapshot_task_is_submitted_polled_asked_for_its_pictures_and_deleted(client: Client) -> None:
    sprite = model("SpriteConfig", rows=1, columns=2, doKeepShots=True)
    named = client.result("createSnapshotTemplate", "every scene", format="png", spriteConfig=sprite)["templateId"]
    made = snapshot(client, named)
    task = made["taskId"]
    assert [(one["taskId"], one["status"], one["number"]) for one in made["submitResult"]] == [(task, "submitted", 2)]
    states = [client.result("getSnapshotTask", task)["status"] for _ in range(6)]
    assert list(dict.fromkeys(states)) == ["submitted", "running", "finished_success"]
    result = client.result("querySnapshotTaskResult", task)
    assert result["shotResult"]["objectKeys"] == [f"at/film/{task}.00000{number}.png" for number in (1, 2)]
    assert result["spriteResult"]["objectKey"] == f"at/film/{task}-sprite.png"
    failed = snapshot(client, named, "in/mockcloud-fail-7.mp4")["taskId"]
    client.advance(10)
    assert client.result("querySnapshotTaskResult", failed)["errorCode"] == "7"
    created = client.result("getSnapshotTask", failed)["createTime"]

    def listed(*filters: tuple[str, str, list[str]]) -> list[str]:
        asked = [model("Filter", name=name, operator=operator, values=values) for name, operator, values in filters]
        return [one["taskId"] for one in client.result("listSnapshotTasks", filters=asked)["content"]]

    assert listed(("status", "in", ["finished_success", "finished_failure"])) == [failed, task]
    assert listed(("createTime", "ge", [created]), ("createTime", "le", [created])) == [failed]
    assert listed(("taskId", "eq", [task]), ("status", "in", ["finished_success"])) == [task]
    assert client.send("deleteSnapshotTask", task).error is None
    assert client.refused("querySnapshotTaskResult", task)[:2] == (404, "NOT_FOUND")


def test_a_snapshot_template_is_changed_listed_and_deleted(client: Client) -> None:
    made = client.result("createSnapshotTemplate", "every scene", width=720)
    named = made["templateId"]
    assert (made["number"], made["fillType"], made["height"]) == (10, "black", None)
    changed = client.result("modifySnapshotTemplate", named, number=3, frameType="normal")
    assert (changed["number"], changed["frameType"], changed["width"]) == (3, "any", 720)
    assert client.result("getSnapshotTemplate", named) == changed
    found = client.result("listSnapshotTemplates", filters=[model("Filter", name="templateId", values=[named])])
    assert found["content"] == [changed]
    assert client.send("deleteSnapshotTemplate", named).error is None
    assert client.refused("getSnapshotTemplate", named)[:2] == (404, "NOT_FOUND")
    places = model("Input", bucket="b", objectKey="k"), model("Output")
    assert client.refused("submitSnapshotTask", named, *places)[:2] == (400, "INVALID_ARGUMENT")


def test_the_callback_settings_are_set_and_told(client: Client) -> None:
    assert client.result("queryCallbackSettings")["disabled"] is True
    client.send("setCallbackSettings", ["snapshot_complete"], "http", httpUrl="http://127.0.0.1:1/", disabled="false")
    told = client.result("queryCallbackSettings")
    assert (told["callbackEvents"], told["httpUrl"], told["disabled"]) == (["snapshot_complete"], "http://127.0.0.1:1/", False)
    assert (
        client.refused("setCallbackSettings", ["snapshot_complete"], "http")[2]
        == "httpUrl is missing although callbackType is http"
    )


# Errors


def test_whatever_is_invalid_is_told_with_its_place_and_what_is_unknown_without(client: Client) -> None:
    def details() -> Any:
        return json.loads(client.cloud.journal.last.response.body)["error"].get("details")

    assert client.refused("listThumbnailTask", REGION, end="2026-02-30T00:00:00Z")[0] == 400
    assert details() == [{"field": "end", "reason": "end is no time: 2026-02-30T00:00:00Z"}]
    assert client.refused("listThumbnailTask", REGION, limit=0)[0] == 400
    assert [one["field"] for one in details()] == ["limit"]
    assert client.refused("getThumbnailTask", REGION, "1")[0] == 404
    assert details() is None


@pytest.mark.parametrize("code", list(ERRORS))
def test_each_code_of_the_catalogue_reaches_the_client(client: Client, code: str) -> None:
    entry = ERRORS[code]
    client.cloud.fail_next("jdcloud.createThumbnailTask", code=code)
    if entry["where"] == "request":
        places = model("ThumbnailTaskSource", bucket="b", key="k"), model("ThumbnailTaskTarget", destBucket="d")
        assert client.refused("createThumbnailTask", REGION, *places) == (entry["status"], code, entry["message"])
    else:
        task = thumbnail(client)
        client.advance(10)
        told = client.result("getThumbnailTask", REGION, task)
        assert (told["status"], str(told["errorCode"])) == ("ERROR", code)


def test_the_walks_above_ask_for_every_operation() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in OPERATIONS if f'"{name}"' not in text] == []
