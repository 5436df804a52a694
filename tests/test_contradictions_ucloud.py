"""Where UCloud's pages disagree, what was decided is what happens, and each setting's other values choose otherwise."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from cases import signed
from shown import Register

from mockcloud import Cloud, Request

REGISTER = Register("ucloud")
CONTRADICTIONS, TESTS, shows = REGISTER.contradictions, REGISTER.tests, REGISTER.shows
FORM, JSON = (("Content-Type", "application/x-www-form-urlencoded"),), (("Content-Type", "application/json"),)
PLACE = {"Region": "cn-bj2", "Zone": "cn-bj2-02"}
TASK = {
    **PLACE,
    "StorageBackend": "US3",
    "Bucket": "b",
    "SrcKey": "in.mp4",
    "DstKey": "out.mp4",
    "Function": "VideoTranscode",
    "FunctionParamTemplateId": "preset-transcode-h264-mp4",
}
TEMPLATE = {
    **PLACE,
    "ProjectName": "p",
    "TemplateName": "t",
    "Function": "VideoCapture",
    "ContainerFormat": "mp4",
    "EncodeFormat": "H.264",
}


def a_cloud(**settings: Any) -> Cloud:
    cloud = Cloud(clock="virtual:0", settings={"ucloud": settings})
    cloud.report = lambda problem: None
    return cloud


def send(cloud: Cloud, request: Request) -> dict[str, Any]:
    response = cloud.handle(signed(cloud, "ucloud", request))
    assert response.status == 200
    answer: dict[str, Any] = json.loads(response.body)
    return answer


def ask(action: str, given: dict[str, Any], cloud: Cloud | None = None, *, more: str = "") -> dict[str, Any]:
    body = urlencode({"Action": action, **given}) + more
    return send(cloud or a_cloud(), Request("POST", "/", "api.ucloud.cn", FORM, body.encode()))


def in_json(action: str, given: dict[str, Any]) -> dict[str, Any]:
    return send(a_cloud(), Request("POST", "/", "api.ucloud.cn", JSON, json.dumps({"Action": action, **given}).encode()))


def code(action: str, given: dict[str, Any], cloud: Cloud | None = None, *, more: str = "") -> int:
    found: int = ask(action, given, cloud, more=more)["RetCode"]
    return found


def without(given: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key != name}


def parameter(name: str) -> dict[str, Any]:
    """What DescribeMediaFunctions answers of a parameter of VideoTranscode."""
    functions = ask("DescribeMediaFunctions", {**PLACE, "Function": "VideoTranscode"})["Functions"]
    found: dict[str, Any] = next(one for one in functions[0]["SupportParams"] if one["ParamName"] == name)
    return found


@pytest.mark.parametrize("name", sorted(CONTRADICTIONS))
def test_the_decision_is_what_happens(name: str) -> None:
    TESTS[name]()


def test_each_contradiction_is_shown_and_nothing_else() -> None:
    assert set(TESTS) == set(CONTRADICTIONS)


@shows("sample-repeats-parameters")
def _() -> None:
    assert code("CreateMediaTask", {**TASK, "Function": "GCLpwisf"}, more="&Function=VideoTranscode") == 0
    assert code("CreateMediaTask", TASK, more="&Function=GCLpwisf") == 230


@shows("sample-adds-parameters")
def _() -> None:
    sent = {"Action": "CreateMediaTask", **TASK, "StorageParams": "PqjeNNpw", "FunctionParams": "mIEoPnPL"}
    request = Request("GET", f"/?{urlencode(sent)}", "api.ucloud.cn")
    assert send(a_cloud(), request)["RetCode"] == 0
    cloud = a_cloud()
    changed = signed(cloud, "ucloud", request).target.replace("PqjeNNpw", "other")
    assert json.loads(cloud.handle(Request("GET", changed, "api.ucloud.cn")).body)["RetCode"] == 171


@shows("sample-omits-required")
def _() -> None:
    for name in ("Bucket", "DstKey"):
        assert ask("CreateMediaTask", without(TASK, name))["Message"] == f"Missing params [{name}]"


@shows("error-text-name")
def _() -> None:
    assert set(ask("CreateMediaTask", TASK)) == {"RetCode", "Action", "TaskId"}
    assert set(ask("CreateMediaTask", {})) == {"RetCode", "Action", "Message"}


@shows("sample-region")
def _() -> None:
    assert code("CreateMediaTask", {**TASK, "Region": "cn-zj", "Zone": "cn-zj-01"}) == 0
    assert code("CreateMediaTask", {**TASK, "Region": ""}) == 230


@shows("sample-project")
def _() -> None:
    assert code("CreateMediaTask", {**TASK, "ProjectId": "tzatoIXH"}) == 0


@shows("task-id-optional")
def _() -> None:
    assert ask("CreateMediaTask", TASK)["TaskId"]


@shows("zone-required")
def _() -> None:
    assert ask("CreateMediaTask", without(TASK, "Zone"))["Message"] == "Missing params [Zone]"


@shows("methods")
def _() -> None:
    query = urlencode({"Action": "CreateMediaTask", **TASK})
    assert send(a_cloud(), Request("GET", f"/?{query}", "api.ucloud.cn"))["RetCode"] == 0
    assert code("CreateMediaTask", TASK) == in_json("CreateMediaTask", TASK)["RetCode"] == 0
    assert send(a_cloud(), Request("PUT", "/", "api.ucloud.cn", FORM, query.encode()))["RetCode"] == 160


@shows("storage-backend")
def _() -> None:
    assert ask("CreateMediaTask", {**TASK, "StorageBackend": "YoFitIHj"})["Message"] == "Params [StorageBackend] not available"
    assert code("CreateMediaTask", {**TASK, "StorageBackend": "YoFitIHj"}, a_cloud(storage_backend="any")) == 0


@shows("function-names")
def _() -> None:
    captured = {"Function": "VideoCapture", "FunctionParamTemplateId": "preset-capture-jpg"}
    assert [code("CreateMediaTask", {**TASK, **more}) for more in ({}, captured, {"Function": "LHqJjqaZ"})] == [0, 0, 230]


@shows("status-words")
def _() -> None:
    assert words(a_cloud()) == ["waiting", "processing", "finished", "failed"]


def words(cloud: Cloud) -> list[str]:
    """The status of a task in its course, and of one that failed."""
    seen = []
    ask("CreateMediaTask", TASK, cloud)
    for seconds in (0, 2, 3):
        cloud.clock.advance(seconds)
        seen.append(ask("DescribeMediaTask", PLACE, cloud)["Tasks"][0]["Status"])
    ask("CreateMediaTask", {**TASK, "SrcKey": "mockcloud-fail-TaskFailed.mp4"}, cloud)
    cloud.clock.advance(5)
    return [*seen, ask("DescribeMediaTask", PLACE, cloud)["Tasks"][1]["Status"]]


@shows("unknown-task")
def _() -> None:
    assert ask("DescribeMediaTask", {**PLACE, "TaskId": "udi-none"})["Tasks"] == []


@shows("response-action-suffix")
def _() -> None:
    assert ask("DescribeMediaFunctions", PLACE)["Action"] == "DescribeMediaFunctionsResponse"


@shows("open-bounds")
def _() -> None:
    (custom,) = parameter("AudioBitRate")["WhenValueCustom"]
    assert (custom["OpenMin"], custom["OpenMax"]) == (False, False)
    ends = [{**TEMPLATE, "AudioBitRate": "custom", "AudioBitRateCustom": custom[end]} for end in ("Min", "Max")]
    assert [code("CreateFunctionTemplate", end) for end in ends] == [0, 0]


@shows("custom-ranges")
def _() -> None:
    told = [parameter(name)["WhenValueCustom"][0] for name in ("VideoBitRate", "FrameRate")]
    assert [(one["Min"], one["Max"]) for one in told] == [(100, 5000), (1, 60)]
    assert "avi" not in parameter("ContainerFormat")["OptionalValues"]
    assert "30" in parameter("FrameRate")["OptionalValues"]
    for more in ({"VideoBitRateCustom": 10}, {"VideoBitRateCustom": 50000}, {"FrameRateCustom": 0}, {"FrameRate": "30"}):
        assert code("CreateFunctionTemplate", {**TEMPLATE, **more}) == 0
    assert code("CreateFunctionTemplate", {**TEMPLATE, "ContainerFormat": "avi"}) == 0
    for more in ({"VideoBitRateCustom": 9}, {"VideoBitRateCustom": 50001}, {"FrameRateCustom": 61}):
        assert code("CreateFunctionTemplate", {**TEMPLATE, **more}) == 230


@shows("adpative")
def _() -> None:
    assert parameter("VideoBitRate")["OptionalValues"] == ["custom", "adpative"]
    spelt = [code("CreateFunctionTemplate", {**TEMPLATE, "VideoBitRate": word}) for word in ("adpative", "adaptive", "adaptiv")]
    assert spelt == [0, 0, 230]
    strict = a_cloud(adaptive="refused")
    assert [code("CreateFunctionTemplate", {**TEMPLATE, "VideoBitRate": word}, strict) for word in ("adpative", "adaptive")] == [
        0,
        230,
    ]


@shows("gif-frame-rate")
def _() -> None:
    for name, values in (("GifFrameRate", ("custom", "480", "12")), ("GifFrameRateCustom", ("480", "1", "5000"))):
        for value in values:
            more = {"GifFrameRateCustom": "1", name: value}
            assert code("CreateFunctionTemplate", {**TEMPLATE, **more}) == 0
        assert ask("CreateFunctionTemplate", {**TEMPLATE, name: "0"})["Message"] == f"Params [{name}] not available"


@shows("formats-of-capture")
def _() -> None:
    for name in ("ContainerFormat", "EncodeFormat"):
        assert ask("CreateFunctionTemplate", without(TEMPLATE, name))["Message"] == f"Missing params [{name}]"


@shows("custom-types")
def _() -> None:
    for value in (60, "60", 60.0):
        assert in_json("CreateFunctionTemplate", {**TEMPLATE, "GifTimeCustom": value, "FrameRateCustom": value})["RetCode"] == 0
    for value in (61, "61"):
        assert in_json("CreateFunctionTemplate", {**TEMPLATE, "GifTimeCustom": value})["RetCode"] == 230


@shows("region-listing")
def _() -> None:
    assert [code(action, {}) for action in ("GetRegion", "ListRegions", "ListZones")] == [0, 161, 161]


@shows("account-region")
def _() -> None:
    cloud = a_cloud(projects="org-a", regions="listed")
    for action in ("GetRegion", "GetProjectList"):
        assert code(action, {"Region": "nowhere", "ProjectId": "org-none"}, cloud) == 0


# the settings' other values


def test_the_four_status_words_can_be_others() -> None:
    named = {f"status_{state}": state.upper() for state in ("waiting", "processing", "finished", "failed")}
    assert words(a_cloud(**named)) == ["WAITING", "PROCESSING", "FINISHED", "FAILED"]


def test_an_unknown_task_can_be_refused() -> None:
    cloud = a_cloud(unknown_task="refused")
    found = ask("DescribeMediaTask", {**PLACE, "TaskId": "udi-none"}, cloud)
    assert (found["RetCode"], found["Message"]) == (230, "Params [TaskId] not available")
    assert ask("DescribeMediaTask", PLACE, cloud)["Tasks"] == []


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("CreateMediaTask", TASK),
        ("DescribeMediaTask", PLACE),
        ("CreateFunctionTemplate", TEMPLATE),
        ("DeleteFunctionTemplate", {**PLACE, "TemplateId": "tpl-none"}),
        ("DescribeFunctionTemplate", PLACE),
        ("DescribeMediaFunctions", PLACE),
    ],
)
def test_regions_can_be_the_published_ones_and_projects_the_configured_ones(action: str, given: dict[str, Any]) -> None:
    cloud = a_cloud(regions="listed", projects="org-a,org-b")
    right = code(action, given, cloud)
    assert right in (0, 230)
    assert code(action, {**given, "ProjectId": "org-b"}, cloud) == right
    assert ask(action, {**given, "Region": "cn-zj"}, cloud)["Message"] == "Params [Region] not available"
    assert code(action, {**given, "Zone": "cn-zj-01"}, cloud) == 293
    assert code(action, {**given, "ProjectId": "org-c"}, cloud) == 292


def test_repeated_parameters_can_be_refused_once_the_signature_is_right() -> None:
    cloud = a_cloud(repeated_parameters="refused")
    found = ask("CreateMediaTask", TASK, cloud, more="&SrcKey=b&Function=VideoTranscode")
    assert (found["RetCode"], found["Message"]) == (230, "Params [SrcKey] not available")
    body = urlencode({"Action": "CreateMediaTask", **TASK}).encode()
    both = Request("POST", "/?Action=CreateMediaTask", "api.ucloud.cn", FORM, body)
    assert send(cloud, both)["RetCode"] == 0
    query = Request("POST", "/?Zone=a&Zone=b", "api.ucloud.cn", JSON, json.dumps({"Action": "CreateMediaTask", **TASK}).encode())
    assert send(cloud, query)["Message"] == "Params [Zone] not available"
    unsigned = Request("GET", "/?Action=GetRegion&A=1&A=2", "api.ucloud.cn")
    assert json.loads(cloud.handle(unsigned).body)["RetCode"] == 170
