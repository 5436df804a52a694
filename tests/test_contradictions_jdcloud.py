"""Every contradiction of JD Cloud's documents: its decision at work, and each setting's other values."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cases import ROOT, Case, cloud_of, send

from mockcloud import Cloud, Request, Response
from mockcloud.contracts import folders
from mockcloud.contracts.loader import load
from mockcloud.providers import jdcloud

CONTRADICTIONS = json.loads((ROOT / "schemas" / "jdcloud" / "contradictions.json").read_text(encoding="utf-8"))
THUMBNAILS = "/v1/regions/cn-north-1/thumbnail"
NOTIFICATION = "/v1/regions/cn-north-1/notification"
SOURCE = {"bucket": "b", "key": "in/a.mp4"}
TASK: dict[str, Any] = {"source": SOURCE, "target": {"destBucket": "d"}}
TEMPLATE: dict[str, Any] = {
    "title": "web film",
    "definition": "HD",
    "video": {"codec": "h264"},
    "audio": {"codec": "aac", "bitrate": 128},
    "container": {"format": "mp4"},
}
SETTINGS = {"callbackEvents": ["snapshot_complete"], "callbackType": "http", "httpUrl": "http://callbacks.example.com"}
SHOWN: dict[str, Callable[[], None]] = {}


def shows(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Mark the test of one contradiction's decision."""

    def mark(test: Callable[[], None]) -> Callable[[], None]:
        assert name not in SHOWN
        SHOWN[name] = test
        return test

    return mark


@pytest.mark.parametrize("name", list(CONTRADICTIONS))
def test_the_decision_is_at_work(name: str) -> None:
    SHOWN[name]()


def test_each_contradiction_has_its_test_and_no_test_is_of_none() -> None:
    assert set(SHOWN) == set(CONTRADICTIONS)


class Mock:
    """One cloud, asked as the vendor's clients ask, with these settings."""

    def __init__(self, **settings: Any) -> None:
        self.cloud = Cloud(providers=["jdcloud"], settings={"jdcloud": settings})
        self.cloud.report = self.told
        self.keys = self.cloud.credentials("jdcloud")

    def told(self, problem: str) -> None:
        """What nobody documents is asked for on purpose here; an answer that breaks its own schema is a defect."""
        assert "defect" not in problem, problem

    def request(self, method: str, target: str, body: Any = None) -> Request:
        content = b"" if body is None else json.dumps(body).encode()
        return Request(method, target, "mps.jdcloud-api.com", (("Content-Type", "application/json"),), content)

    def now(self) -> float:
        return self.cloud.clock.now() + 1

    def answer(self, method: str, target: str, body: Any = None) -> Response:
        return self.cloud.handle(jdcloud.sign(self.request(method, target, body), self.keys, self.now()))

    def result(self, method: str, target: str, body: Any = None) -> Any:
        response = self.answer(method, target, body)
        assert response.status == 200, response.body
        return json.loads(response.body).get("result")

    def error(self, method: str, target: str, body: Any = None) -> Any:
        response = self.answer(method, target, body)
        assert response.status != 200, response.body
        error = json.loads(response.body)["error"]
        assert error["code"] == response.status
        return error

    def thumbnail(self, **members: Any) -> Any:
        """A new task as it is told at once."""
        task = self.result("POST", THUMBNAILS, {**TASK, **members})
        return self.result("GET", f"{THUMBNAILS}/{task.get('taskID') or task['thumbnailTaskID']['taskID']}")

    def template(self, **members: Any) -> Any:
        return self.result("POST", "/v1/transcodeTemplates", {**TEMPLATE, **members})

    def snapshot(self, output: Any = None, **members: Any) -> Any:
        """The answer to a new task of a new template with these members."""
        named = self.result("POST", "/v1/snapshotTemplates", {"title": "t", **members})["templateId"]
        places = {"input": {"bucket": "b", "objectKey": "in/a.mp4", "region": "cn-north-1"}, "output": output or {}}
        return self.result("POST", "/v1/snapshotTasks:submit", {"templateId": named, **places})


# The thumbnail family


@shows("result-wrapper")
def wrapped_and_flat() -> None:
    for shape, has in (("both", {"flat", "wrapped"}), ("flat", {"flat"}), ("wrapped", {"wrapped"})):
        mock = Mock(result_shape=shape)
        made = mock.result("POST", THUMBNAILS, TASK)
        task = made["taskID"] if "taskID" in made else made["thumbnailTaskID"]["taskID"]
        shot = mock.snapshot()["taskId"]
        for wrapper, member, result in (
            ("thumbnailTaskID", "taskID", made),
            ("thumbnailTask", "taskID", mock.result("GET", f"{THUMBNAILS}/{task}")),
            ("thumbnailQuery", "taskList", mock.result("GET", THUMBNAILS)),
            ("notification", "enabled", mock.result("GET", NOTIFICATION)),
            ("snapshotTaskObject", "taskId", mock.result("GET", f"/v1/snapshotTasks/{shot}")),
            ("snapshotTaskResultObject", "taskId", mock.result("GET", f"/v1/snapshotTasks/{shot}:queryResult")),
        ):
            found = {kind for kind, there in (("flat", member in result), ("wrapped", wrapper in result)) if there}
            assert found == has, (shape, wrapper)
            assert has != {"flat", "wrapped"} or result[wrapper] == {k: v for k, v in result.items() if k != wrapper}


@shows("pendding")
def states_of_a_task() -> None:
    mock = Mock()
    bad = mock.thumbnail(source={"bucket": "b", "key": "mockcloud-fail-1.mp4"})["taskID"]
    good = mock.result("POST", THUMBNAILS, TASK)["taskID"]
    seen = [mock.result("GET", f"{THUMBNAILS}/{good}")["status"] for _ in range(8)]
    assert list(dict.fromkeys(seen)) == ["PENDDING", "RUNNING", "SUCCESS"]
    assert mock.result("GET", f"{THUMBNAILS}/{bad}")["status"] == "ERROR"


@shows("width-of-zero")
def width_zero() -> None:
    target = Mock().thumbnail(target={"destBucket": "d", "widthInPixel": 0, "heightInPixel": 8})["target"]
    assert (target["widthInPixel"], target["heightInPixel"]) == (0, 8)


@shows("last-updated")
def last_updated() -> None:
    mock = Mock()
    fresh = mock.thumbnail()
    mock.cloud.clock.advance(10)
    ended = mock.result("GET", f"{THUMBNAILS}/{fresh['taskID']}")
    assert fresh["lastUpdatedTime"] == fresh["createdTime"] == ended["createdTime"] < ended["lastUpdatedTime"]


@shows("read-only-members")
def read_only_members() -> None:
    given = {"taskID": 7, "status": "SUCCESS", "errorCode": "x", "createdTime": [], "lastUpdatedTime": {}}
    told = Mock().thumbnail(**given, target={"destBucket": "d", "keys": 1})
    assert (told["status"], told["errorCode"], told["target"]["keys"]) == ("PENDDING", 0, [])
    assert told["taskID"] != 7


@shows("empty-default-column")
def defaults_of_zero() -> None:
    told = Mock().thumbnail(rule={"mode": "multi"})
    assert (told["rule"]["startTimeInSecond"], told["target"]["widthInPixel"], told["target"]["heightInPixel"]) == (0, 0, 0)


@shows("count-of-single")
def count_of_single() -> None:
    mock = Mock()
    assert (
        mock.error("POST", THUMBNAILS, {**TASK, "rule": {"count": 1}})["message"]
        == "rule.count is not allowed when rule.mode is single"
    )
    assert mock.thumbnail(rule={"count": None})["rule"]["count"] == 1


@shows("key-frame-default")
def key_frame_default() -> None:
    assert Mock().thumbnail()["rule"]["keyFrame"] is True


@shows("time-apostrophes")
def times_without_apostrophes() -> None:
    assert re.fullmatch(r"[0-9-]{10}T[0-9:]{8}[.][0-9]{3}Z", Mock().thumbnail()["createdTime"])


@shows("task-id-spelling")
def task_id_spelling() -> None:
    told = Mock().thumbnail()
    assert "taskID" in told
    assert "taskId" not in told


@shows("one-moment")
def pictures_of_each_mode() -> None:
    mock = Mock()
    rules = ({"mode": "single"}, {"mode": "multi", "count": 3}, {"mode": "average", "count": 2})
    tasks = [mock.thumbnail(rule=rule)["taskID"] for rule in rules]
    mock.cloud.clock.advance(10)
    assert [len(mock.result("GET", f"{THUMBNAILS}/{task}")["target"]["keys"]) for task in tasks] == [1, 3, 2]


@shows("source-key")
def prefix_of_the_source() -> None:
    assert Mock().thumbnail()["target"]["destKeyPrefix"] == "in/a.mp4"


@shows("picture-formats")
def picture_formats() -> None:
    mock = Mock()
    for name in ("jpg", "png"):
        assert mock.thumbnail(target={"destBucket": "d", "format": name})["target"]["format"] == name
    error = mock.error("POST", THUMBNAILS, {**TASK, "target": {"destBucket": "d", "format": "gif"}})
    assert error["message"] == "target.format is not one of jpg, png"


@shows("console-guide")
def members_of_a_rule_are_optional() -> None:
    mock = Mock()
    for mode in ("single", "multi", "average"):
        assert mock.thumbnail(rule={"mode": mode})["rule"]["count"] == 1
    for count, status in ((3600, 200), (3601, 400)):
        assert mock.answer("POST", THUMBNAILS, {**TASK, "rule": {"mode": "multi", "count": count}}).status == status


@shows("status-filter")
def either_spelling_filters() -> None:
    for given in ("PENDING", "PENDDING"):
        mock = Mock()
        mock.result("POST", THUMBNAILS, TASK)
        found = mock.result("GET", f"{THUMBNAILS}?status={given}")
        assert (found["status"], len(found["taskList"])) == ("PENDDING", 1)
    for given in ("FAILED", "ERROR"):
        assert mock.result("GET", f"{THUMBNAILS}?status={given}")["status"] == "ERROR"
    assert mock.error("GET", f"{THUMBNAILS}?status=SUCESS")["code"] == 400


@shows("truncated")
def truncated_and_next_marker() -> None:
    mock = Mock()
    older = mock.thumbnail()["taskID"]
    mock.thumbnail()
    cut, whole = mock.result("GET", f"{THUMBNAILS}?limit=1"), mock.result("GET", THUMBNAILS)
    assert (cut["truncated"], cut["nextMarker"]) == (True, older)
    assert (whole["truncated"], "nextMarker" in whole, "isTruncated" in cut) == (False, False, False)


@shows("handshake")
def the_confirmation_is_called_subscription_confirmation() -> None:
    mock = Mock()
    mock.result("PUT", NOTIFICATION, {"enabled": True, "endpoint": "http://callbacks.example.com/"})
    assert [dict(message.headers)["x-jdcloud-message-type"] for message in mock.cloud.callbacks] == ["SubscriptionConfirmation"]


# Signatures and the gateway


@shows("signed-headers")
def host_alone_has_to_be_signed() -> None:
    mock, strict = Mock(), Mock(strict_nonce=True)
    for one, nonce, status in ((mock, True, 200), (mock, False, 200), (strict, True, 200), (strict, False, 401)):
        request = jdcloud.sign(one.request("GET", THUMBNAILS), one.keys, one.now())
        assert "SignedHeaders=content-type;host," in (request.header("authorization") or "")
        kept = tuple(pair for pair in request.headers if nonce or pair[0] != "x-jdcloud-nonce")
        assert one.cloud.handle(replace(request, headers=kept)).status == status
    for names, status in (({"host", "accept", "content-type"}, 200), ({"host"}, 200), ({"content-type"}, 401)):
        request = replace(mock.request("GET", THUMBNAILS), headers=(("accept", "*/*"), ("content-type", "application/json")))
        assert mock.cloud.handle(jdcloud._signed(request, mock.keys, mock.now(), "2", names)).status == status


@shows("signature-generations")
def both_generations_are_let_in() -> None:
    mock = Mock()
    for sign in (jdcloud.sign, jdcloud.sign_generation_2):
        request = sign(mock.request("GET", THUMBNAILS), mock.keys, mock.now())
        kept = tuple(pair for pair in request.headers if not pair[0].startswith("JDCLOUD"))
        assert request.header("x-jdcloud-algorithm") is None
        assert mock.cloud.handle(replace(request, headers=kept)).status == 200


@shows("signing-samples")
def vectors_recompute() -> None:
    for path in sorted((ROOT / "fixtures" / "jdcloud" / "vectors").glob("*.json")):
        case = Case(path.stem, "jdcloud", "vectors", json.loads(path.read_text(encoding="utf-8")))
        assert send(case, cloud_of(case), lambda cloud, request: cloud.handle(request)).status == 200


@shows("unauthenticated-status")
def an_unsigned_request_is_an_access_error() -> None:
    mock = Mock()
    answer = json.loads(mock.cloud.handle(mock.request("GET", THUMBNAILS)).body)["error"]
    mock.cloud.fail_next("jdcloud.listThumbnailTask", code="UNAUTHENTICATED")
    planned = mock.error("GET", THUMBNAILS)
    assert [(one["code"], one["status"]) for one in (answer, planned)] == [(401, "ACCESS_ERROR"), (401, "UNAUTHENTICATED")]


@shows("rate-limit-status")
def either_rate_limit_is_a_429() -> None:
    mock = Mock()
    for code in ("RATE_LIMIT", "HTTP_RATE_LIMIT_EXCEEDED"):
        mock.cloud.fail_next("jdcloud.listThumbnailTask", code=code)
        error = mock.error("GET", THUMBNAILS)
        assert (error["code"], error["status"]) == (429, code)


def unsigned(**headers: str) -> str:
    mock = Mock()
    request = replace(
        mock.request("GET", THUMBNAILS), headers=tuple((name.replace("_", "-"), value) for name, value in headers.items())
    )
    return str(json.loads(mock.cloud.handle(request).body)["error"]["message"])


@shows("gateway-suffix")
def each_text_has_its_own_suffix() -> None:
    assert unsigned() == "lack of header authorization[gw]"
    assert (
        unsigned(authorization="JDCLOUD3-HMAC-SHA256 SignedHeaders=host") == "lack of credential in the header authorization [gw]"
    )
    mock = Mock()
    assert mock.error("GET", "/v1/nothing")["message"] == "no route and no API found with those values"


@shows("unknown-access-key")
def both_texts_are_found() -> None:
    mock = Mock()
    stranger = replace(mock.keys, access_key="stranger")
    request = jdcloud.sign(mock.request("GET", THUMBNAILS), stranger, mock.now())
    message = json.loads(mock.cloud.handle(request).body)["error"]["message"]
    assert "Invalid accessKey" in message
    assert "secret key is nul" in message


@shows("request-id-shape")
def request_ids() -> None:
    answer = Mock().answer("GET", THUMBNAILS)
    assert re.fullmatch("[a-z0-9]{32}", json.loads(answer.body)["requestId"])
    assert answer.header("x-jdcloud-request-id") == json.loads(answer.body)["requestId"]
    response = load(folders.known()["jdcloud"]).operations["deleteSnapshotTask"].response
    assert response is not None
    assert response.accepts({"requestId": "d2e394ff-f7ff-42b5-8544-8866f999507e"})


# Transcoding


@shows("transcode-path")
def jobs_live_below_v1() -> None:
    mock = Mock()
    assert mock.error("GET", "/v1/mt/transcodeJobs")["status"] == "NOT_FOUND"
    assert mock.result("GET", "/v1/transcodeJobs")["content"] == []
    for colon in (":", "%3A"):
        assert mock.error("POST", f"/v1/transcodeJobs{colon}submit", {})["status"] == "INVALID_ARGUMENT"


def submit(mock: Mock, template: Any, **members: Any) -> dict[str, Any]:
    store = {"accessKey": "AK", "secretKey": "SK", "endpoint": "e", "bucket": "b", "objectKey": "in/a.mp4"}
    outputs = {"outputList": [{"objectKey": "out.mp4", "templateId": template}]}
    return {**store, "templateIds": [template], "outputConfig": outputs, **members}


@shows("transcode-samples")
def types_are_those_of_the_models() -> None:
    mock = Mock()
    made = mock.template()["templateId"]
    assert made.isdecimal()
    assert mock.result("GET", f"/v1/transcodeTemplates/{made}")["templateId"] == made
    assert mock.error("GET", "/v1/transcodeTemplates/any-text")["code"] == 404
    assert (
        mock.error("POST", "/v1/transcodeTemplates", {**TEMPLATE, "video": {"codec": "h264", "frameRate": "25"}})["code"] == 400
    )
    job = mock.result("POST", "/v1/transcodeJobs:submit", submit(mock, made))["jobId"]
    assert mock.result("GET", f"/v1/transcodeJobs/{job}")["tasks"][0]["status"] == "in-process"
    assert mock.error("POST", "/v1/transcodeJobs:submit", submit(mock, int(made)))["code"] == 400


@shows("transcode-revisions")
def the_latest_revision_counts() -> None:
    mock = Mock()
    for audio, container, status in (
        ({"codec": "aac", "bitrate": 8}, "mp4", 200),
        ({"codec": "aac", "bitrate": 8}, "flv", 400),
        ({"codec": "aac", "bitrate": 8, "sampleRate": 22050}, "flv", 200),
        ({"encoding": "copy"}, "mp4", 200),
        ({"encoding": "encode"}, "mp4", 400),
        ({}, "mp4", 400),
    ):
        body = {**TEMPLATE, "audio": audio, "container": {"format": container}}
        assert mock.answer("POST", "/v1/transcodeTemplates", body).status == status, (audio, container)
    plain = {"hlsKey": "H3ehRu89B2JXjWb0", "hlsKeyUrl": "http://k"}
    named = {**plain, "hlsKey": base64.b64encode(plain["hlsKey"].encode()).decode(), "hlsKeyEncodeType": "base64"}
    for encryption, status in ((plain, 400), ({**plain, "hlsKeyEncodeType": "base64"}, 400), (named, 200)):
        assert mock.answer("POST", "/v1/transcodeTemplates", {**TEMPLATE, "encryption": encryption}).status == status
    made = mock.template()["templateId"]
    for properties, status in (("{}", 200), ("no JSON", 400)):
        body = submit(mock, made, additionalProperties=properties)
        assert mock.answer("POST", "/v1/transcodeJobs:submit", body).status == status


@shows("typing-errors")
def slips_of_the_pen_are_no_names() -> None:
    mock = Mock()
    assert mock.error("POST", "/v1/transcodeTemplates", {**TEMPLATE, "audio": {"codec": "acc", "bitrate": 8}})["code"] == 400
    assert "encryption" in mock.template(encryption={"hleKey": "0"})
    body = submit(mock, "1")
    del body["secretKey"]
    assert mock.error("POST", "/v1/transcodeJobs:submit", body)["message"] == "secretKey is missing"


@shows("full-update")
def an_update_keeps_or_requires() -> None:
    for setting, status in (("keeps", 200), ("requires", 400)):
        mock = Mock(full_update=setting)
        made = mock.template(transcodeType="jdchd")
        path = f"/v1/transcodeTemplates/{made['templateId']}"
        assert mock.answer("PUT", path, {"title": "other"}).status == status
        assert mock.result("GET", path)["transcodeType"] == ("normal" if status == 200 else "jdchd")
        whole = mock.result("PUT", path, {**TEMPLATE, "title": "whole"})
        assert (whole["title"], whole["video"], whole["transcodeType"]) == ("whole", made["video"], "normal")


# Lists, snapshots and their callbacks


@shows("filter-operators")
def ge_is_an_operator() -> None:
    mock = Mock()
    for name, operator, value, status in (
        ("createTime", "ge", "2020-01-01T00:00:00Z", 200),
        ("createTime", "le", "2020-01-01T00:00:00Z", 200),
        ("createTime", "gt", "2020-01-01T00:00:00Z", 400),
        ("taskId", "eq", "1", 200),
        ("title", "eq", "1", 400),
    ):
        query = f"filters.1.name={name}&filters.1.operator={operator}&filters.1.values.1={value}"
        assert mock.answer("GET", f"/v1/snapshotTasks?{query}").status == status, (name, operator)


@shows("callback-events")
def callback_events_are_mandatory() -> None:
    mock = Mock()
    body = {name: value for name, value in SETTINGS.items() if name != "callbackEvents"}
    assert mock.error("POST", "/v1/settings:setCallbackSettings", body)["message"] == "callbackEvents is missing"
    lenient = Mock(callback_events="optional")
    lenient.result("POST", "/v1/settings:setCallbackSettings", body)
    assert lenient.result("GET", "/v1/settings:queryCallbackSettings")["callbackEvents"] == []
    assert lenient.error("POST", "/v1/settings:setCallbackSettings", {**body, "callbackEvents": []})["code"] == 400


@shows("disabled")
def disabled_is_taken_as_either_and_told_as_a_boolean() -> None:
    mock = Mock()
    for given, told in ((True, True), ("true", True), (False, False), ("false", False), (None, False)):
        mock.answer("POST", "/v1/settings:setCallbackSettings", {**SETTINGS, "disabled": given})
        assert mock.result("GET", "/v1/settings:queryCallbackSettings")["disabled"] is told
    assert mock.error("POST", "/v1/settings:setCallbackSettings", {**SETTINGS, "disabled": "no"})["code"] == 400


@shows("submit-result")
def a_submitted_task_is_told_as_list_and_id() -> None:
    for setting, members in (("both", {"taskId", "submitResult"}), ("list", {"submitResult"}), ("id", {"taskId"})):
        told = Mock(submit_result=setting).snapshot()
        assert set(told) == members
        named = [told[name] for name in ("taskId",) if name in told] + [one["taskId"] for one in told.get("submitResult", ())]
        assert len(set(named)) == 1
        assert re.fullmatch("[0-9a-f]{32}", named[0])


@shows("snapshot-sample")
def an_input_has_to_name_an_object() -> None:
    mock = Mock()
    told = mock.snapshot(output={"bucket": "", "region": "", "objectPath": ""})["submitResult"][0]
    assert (told["output"]["bucket"], told["output"]["region"]) == ("b", "cn-north-1")
    assert told["output"]["objectPath"].startswith("mps/")
    for given in ({"bucket": "b", "objectKey": ""}, {"bucket": "b"}, {}):
        body = {"templateId": "1", "input": given, "output": {}}
        assert mock.error("POST", "/v1/snapshotTasks:submit", body)["code"] == 400


@shows("sprite-name")
def sprites_are_named_after_their_task() -> None:
    for setting, ending in (("plain", "-sprite.jpg"), ("numbered", ".000001-sprite.jpg")):
        mock = Mock(sprite_names=setting)
        task = mock.snapshot(spriteConfig={"rows": 1, "columns": 1})["taskId"]
        mock.cloud.clock.advance(10)
        result = mock.result("GET", f"/v1/snapshotTasks/{task}:queryResult")
        assert result["spriteResult"]["objectKey"].endswith(f"/{task}{ending}")


@shows("frame-type")
def normal_frames_are_any_frames() -> None:
    mock = Mock()
    assert mock.error("POST", "/v1/snapshotTemplates", {"title": "t", "frameType": "normal"})["code"] == 400
    path = f"/v1/snapshotTemplates/{mock.result('POST', '/v1/snapshotTemplates', {'title': 't', 'frameType': 'intra'})['templateId']}"
    assert mock.result("PATCH", path, {"frameType": "normal"})["frameType"] == "any"


@shows("snapshot-bounds")
def the_wider_bounds_count() -> None:
    mock = Mock()
    for members, status in (
        ({"number": 3601, "interval": 101}, 200),
        ({"number": 100000}, 200),
        ({"number": 100001}, 400),
        ({"interval": 0}, 400),
    ):
        assert mock.answer("POST", "/v1/snapshotTemplates", {"title": "t", **members}).status == status, members
