"""Effects and tenancy: what an operation does, and to whom it shows."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from test_loader import Editor

from mockcloud import Cloud, Credential, Request, Response
from mockcloud.pipeline.effects.of_tasks import _each
from mockcloud.state.stores.memory import Full, MemoryStore, opened

CI = "test-1250000000.ci.ap-chongqing.myqcloud.com"
TEMPLATE = "t1460606b9752148c4ab182f55163ba7cd"
JD = "mps.jdcloud-api.com"
DOCUMENT = b"<Request><Tag>MediaInfo</Tag><Input><Object>a.mp4</Object></Input></Request>"


def ci(cloud: Cloud, method: str, target: str, body: bytes = b"", host: str = CI) -> Response:
    return cloud.handle(Request(method, target, host, (("Content-Length", str(len(body))),), body))


def job(cloud: Cloud, host: str = CI) -> str:
    return ET.fromstring(ci(cloud, "POST", "/jobs", DOCUMENT, host).body).findtext("JobsDetail/JobId") or ""


def separate(*operations: str) -> bytes:
    return f"<Request><Tag>VoiceSeparate</Tag><Input><Object>a.mp4</Object></Input>{''.join(operations)}</Request>".encode()


def by_template(template: str) -> str:
    return f"<Operation><TemplateId>{template}</TemplateId><Output><Region>r</Region><Bucket>b</Bucket><Object>o</Object></Output></Operation>"


def jd(cloud: Cloud, region: str = "cn-north-1", task: str = "") -> Any:
    body = b'{"source":{"bucket":"b","key":"k"},"target":{"destBucket":"d"}}'
    path = f"/v1/regions/{region}/thumbnail"
    return cloud.handle(Request("GET", f"{path}/{task}", JD) if task else Request("POST", path, JD, (), body))


@pytest.fixture
def cloud(quiet_cloud) -> Cloud:
    return quiet_cloud(auth="off")


def test_create_makes_one_task_and_get_shows_it_through_its_states(cloud: Cloud) -> None:
    made = json.loads(jd(cloud).body)["result"]["taskID"]
    states = [json.loads(jd(cloud, task=made).body)["result"]["status"] for _ in range(6)]
    assert states == ["PENDDING", "RUNNING", "RUNNING", "RUNNING", "SUCCESS", "SUCCESS"]


def test_a_task_of_another_region_is_unknown(cloud: Cloud) -> None:
    made = json.loads(jd(cloud).body)["result"]["taskID"]
    assert (jd(cloud, task=made).status, jd(cloud, "cn-east-1", made).status, jd(cloud, task="nobody").status) == (200, 404, 404)


def test_a_task_of_another_bucket_is_missing_and_one_of_another_region_of_it_is_not(cloud: Cloud) -> None:
    made = job(cloud)
    other = CI.replace("test-", "other-")
    missing = [ET.fromstring(ci(cloud, "GET", f"/jobs/{made}", host=host).body).findtext("NonExistJobIds") for host in (CI, other, CI.replace("chongqing", "x"))]  # fmt: skip
    assert missing == [None, made, None]


def test_a_task_of_another_account_is_missing(quiet_cloud) -> None:
    import cases

    one, two = Credential("one", "1"), Credential("two", "2")
    cloud = quiet_cloud(credentials={"tencent_ci": [one, two]})
    sign = cloud._service("tencent_ci").contract.behaviours.sign

    def send(who: Credential, request: Request) -> ET.Element:
        return ET.fromstring(cloud.handle(sign(request, who, cloud.clock.now() + 1)).body)

    request = cases.request_of({"method": "POST", "target": "/jobs", "host": CI, "body": DOCUMENT.decode()})
    made = send(one, request).findtext("JobsDetail/JobId")
    asked = Request("GET", f"/jobs/{made}", CI)
    assert send(one, asked).findtext("JobsDetail/JobId") == made
    assert send(two, asked).findtext("NonExistJobIds") == made


def test_find_gives_the_asked_in_their_order_once_and_names_the_missing(cloud: Cloud) -> None:
    one, two = job(cloud), job(cloud)
    found = ET.fromstring(ci(cloud, "GET", f"/jobs/{two},nobody,{one},{two}").body)
    assert [detail.findtext("JobId") for detail in found.iterfind("JobsDetail")] == [two, one]
    assert [node.text for node in found.iterfind("NonExistJobIds")] == ["nobody"]


def test_find_without_ids_gives_all_oldest_first(cloud: Cloud) -> None:
    common = "Region=cn-bj2&Zone=z&PublicKey=k&Signature=s"
    made = "&".join(
        [
            "Action=CreateMediaTask",
            common,
            "StorageBackend=US3&Bucket=b&SrcKey=s&DstKey=d&Function=VideoTranscode&FunctionParamTemplateId=preset-transcode-h264-mp4",
        ]
    )
    ids = [json.loads(cloud.handle(Request("GET", f"/?{made}", "api.ucloud.cn")).body)["TaskId"] for _ in range(3)]
    asked = json.loads(cloud.handle(Request("GET", f"/?Action=DescribeMediaTask&{common}", "api.ucloud.cn")).body)
    assert [task["Id"] for task in asked["Tasks"]] == ids
    one = json.loads(cloud.handle(Request("GET", f"/?Action=DescribeMediaTask&{common}&TaskId={ids[1]}", "api.ucloud.cn")).body)
    assert [task["Id"] for task in one["Tasks"]] == [ids[1]]


def test_an_event_is_refused_403_once_the_state_does_not_react_and_404_or_so_for_a_task_nobody_made(cloud: Cloud) -> None:
    made = job(cloud)
    assert ci(cloud, "PUT", f"/jobs/{made}?cancel").status == 200
    assert cloud.tasks("tencent_ci")[0].phase == "cancelled"
    again = ci(cloud, "PUT", f"/jobs/{made}?cancel")
    assert (again.status, b"whose state is Cancel" in again.body) == (403, True)
    assert b"The job nobody does not exist" in ci(cloud, "PUT", "/jobs/nobody?cancel").body
    cloud.clock.advance("1d")
    assert cloud.tasks("tencent_ci")[0].phase == "cancelled"


def test_list_filters_by_the_arguments_that_are_given(altered, cloud_of_folder) -> None:
    folder = altered("tencent_ci", {"operations.json": Editor.both(
        Editor.put("/DescribeMediaJob/effect", {"list": "queue", "where": [{"value": "$item.id", "is": "$request.jobIds"}, {"value": "$item.Name", "is": "$request.nothing"}]}),
        Editor.put("/DescribeMediaJob/result", {"NonExistJobIds": {"$each": "$items", "as": "one", "do": "$one.Name"}}),
    )})  # fmt: skip
    cloud = cloud_of_folder(folder)
    queue = "p2242ab62c7c94486915508540933a2c6"
    assert ET.fromstring(ci(cloud, "GET", f"/jobs/{queue}").body).findtext("NonExistJobIds") == "queue-1"
    assert ET.fromstring(ci(cloud, "GET", "/jobs/nobody").body).find("NonExistJobIds") is None


def test_each_makes_one_task_for_each_element_and_each_keeps_its_own(cloud: Cloud) -> None:
    found = ET.fromstring(
        ci(cloud, "POST", "/jobs", separate(*[by_template(TEMPLATE).replace(">o<", f">o{i}<") for i in range(3)])).body
    )
    assert [node.findtext("Operation/Output/Object") for node in found.iterfind("JobsDetail")] == ["o0", "o1", "o2"]
    assert [task.request["Operation"]["Output"]["Object"] for task in cloud.tasks("tencent_ci")] == ["o0", "o1", "o2"]


def test_a_reference_to_what_does_not_exist_is_refused(cloud: Cloud) -> None:
    assert b"TemplateNotFound" in ci(cloud, "POST", "/jobs", separate(by_template("nope"))).body
    assert cloud.tasks("tencent_ci") == []


def test_a_reference_in_the_second_of_two_elements_is_refused_too(cloud: Cloud) -> None:
    response = ci(cloud, "POST", "/jobs", separate(by_template(TEMPLATE), by_template("nope")))
    assert b"TemplateNotFound" in response.body
    assert cloud.tasks("tencent_ci") == []


def test_the_reference_of_each_of_two_elements_is_found(cloud: Cloud) -> None:
    found = ET.fromstring(ci(cloud, "POST", "/jobs", separate(*[by_template(TEMPLATE)] * 2)).body)
    names = [node.findtext("Operation/TemplateName") for node in found.iterfind("JobsDetail")]
    assert names == ["voice-separate-example"] * 2


def test_a_reference_must_fit_the_other_arguments_too(cloud: Cloud) -> None:
    target = "/?Action=CreateMediaTask&Region=r&Zone=z&PublicKey=k&Signature=s&StorageBackend=US3&Bucket=b&SrcKey=s&DstKey=d&Function={}&FunctionParamTemplateId=preset-capture-jpg"
    codes = [
        json.loads(cloud.handle(Request("GET", target.format(name), "api.ucloud.cn")).body)["RetCode"]
        for name in ("VideoCapture", "VideoTranscode")
    ]
    assert codes == [0, 230]


@pytest.mark.parametrize(
    ("request_", "pointer", "wanted"),
    [
        ({"a": 1}, "/a", [{"a": 1}]),
        ({}, "/a", [{}]),
        ({"a": [1, 2], "b": 3}, "/a", [{"a": 1, "b": 3}, {"a": 2, "b": 3}]),
    ],
)
def test_each_element_stands_in_the_place_of_the_list(request_: Any, pointer: str, wanted: Any) -> None:
    assert _each(request_, pointer) == wanted


def test_each_over_an_empty_list_raises_nothing_at_the_client(altered, cloud_of_folder) -> None:
    schema = Editor.put("/properties/parts", {"type": "array", "x-source": "console"})
    folder = altered("jdcloud", {"operations.json": Editor.put("/createThumbnailTask/effect", {"create": "task", "each": "/parts"}), "requests/createThumbnailTask.schema.json": schema})  # fmt: skip
    cloud = cloud_of_folder(folder)
    body = b'{"source":{"bucket":"b","key":"k"},"target":{"destBucket":"d"},"parts":[]}'
    assert cloud.handle(Request("POST", "/v1/regions/cn-north-1/thumbnail", JD, (), body)).status in (200, 400)


def test_an_event_on_a_task_whose_state_reacts_is_kept_once(cloud: Cloud) -> None:
    made = job(cloud)
    tasks = cloud._service("tencent_ci").tasks
    task = tasks.get("task", ("mockcloud", "test-1250000000"), made)
    assert tasks.happen(task, "pause", cloud.clock.now())
    assert not tasks.happen(task, "pause", cloud.clock.now())
    assert cloud.tasks("tencent_ci")[0].phase == "paused"
    cloud.clock.advance(1000)
    assert tasks.happen(task, "resume", cloud.clock.now())
    cloud.clock.advance(5)
    assert cloud.tasks("tencent_ci")[0].state == "Success"


def test_nothing_is_kept_of_a_request_that_is_refused(cloud: Cloud) -> None:
    cloud.fail_next("tencent_ci.CreateMediaJobs.MediaInfo", code="SlowDown")
    assert ci(cloud, "POST", "/jobs", DOCUMENT).status == 429
    assert ci(cloud, "POST", "/jobs", b"<Request><Tag>MediaInfo</Tag></Request>").status == 400
    assert cloud.tasks("tencent_ci") == []


def test_a_full_store_refuses_what_is_new_and_replaces_what_it_knows() -> None:
    class Item:
        weight = 1

        def __init__(self, *key: str) -> None:
            self.key = key

    store: MemoryStore[Any] = MemoryStore(2)
    one, two, again = Item("p", "1"), Item("p", "2"), Item("p", "2")
    for item in (one, two, again):
        store.put(item)
    with pytest.raises(Full):
        store.put(Item("q", "3"))
    assert (store.get(("p", "1")), store.get(("p", "2")), store.below(("q",))) == (one, again, [])


def test_a_request_that_would_create_one_task_too_many_is_refused_with_QueueSaturated(cloud: Cloud) -> None:
    cloud._store._limit = 1
    job(cloud)
    assert b"QueueSaturated" in ci(cloud, "POST", "/jobs", DOCUMENT).body
    assert len(cloud.tasks("tencent_ci")) == 1


def test_only_a_store_in_memory_is_opened() -> None:
    assert isinstance(opened("memory:"), MemoryStore)
    with pytest.raises(ValueError, match="in memory only"):
        opened("sqlite:x")


def test_an_operation_without_an_effect_is_answered_and_keeps_nothing(altered, cloud_of_folder) -> None:
    folder = altered("jdcloud", {"operations.json": Editor.both(Editor.drop("/createThumbnailTask/effect"), Editor.drop("/createThumbnailTask/result"), Editor.drop("/createThumbnailTask/response"))})  # fmt: skip
    cloud = cloud_of_folder(folder)
    response = jd(cloud)
    assert (response.status, set(json.loads(response.body)), cloud.tasks("jdcloud")) == (200, {"requestId"}, [])


def test_text_between_the_elements_of_a_document_is_tolerated(cloud: Cloud) -> None:
    assert ci(cloud, "POST", "/jobs", DOCUMENT.replace(b"<Input>", b"a<Input>").replace(b"</Input>", b"</Input>b")).status == 200
