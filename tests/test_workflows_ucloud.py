"""UCloud's own SDK walks every workflow, once in process and once over a socket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from cases import ROOT

from mockcloud import Cloud

core = pytest.importorskip("ucloud.core", reason="ucloud-sdk-python3 is not installed")
from ucloud.client import Client  # noqa: E402  # after importorskip
from ucloud.core.exc import RetCodeException, ValidationException  # noqa: E402  # after importorskip
from ucloud.helpers import wait  # noqa: E402  # after importorskip

CODES = json.loads((ROOT / "schemas/ucloud/errors.json").read_text(encoding="utf-8"))["codes"]
OPERATIONS = json.loads((ROOT / "schemas/ucloud/operations.json").read_text(encoding="utf-8"))
ZONE = {"Zone": "cn-bj2-02"}
TASK = {**ZONE, "StorageBackend": "US3", "Bucket": "media", "SrcKey": "in/源 a+b.mp4", "DstKey": "out/a.mp4"}
TRANSCODE = {**TASK, "Function": "VideoTranscode"}
TEMPLATE = {
    **ZONE,
    "ProjectName": "Demo",
    "TemplateName": "mine",
    "Function": "VideoTranscode",
    "ContainerFormat": "mp4",
    "EncodeFormat": "H.264",
}


class Account:
    """The SDK's client of one project, which nobody else uses, and the cloud behind it."""

    def __init__(self, cloud: Cloud, options: dict[str, Any], project: str) -> None:
        self.cloud, self.options, self.project = cloud, options, project
        self.client = self.another()
        self.udi = self.client.udi()

    def another(self, **options: Any) -> Any:
        keys = {"public_key": "mockcloud", "private_key": "mockcloud-secret"}
        return Client({"region": "cn-bj2", "project_id": self.project, **keys, **self.options, **options})

    def template(self, **more: Any) -> str:
        return str(self.client.invoke("CreateFunctionTemplate", {**TEMPLATE, **more})["TemplateId"])

    def status(self, task: str) -> str:
        (found,) = self.udi.describe_media_task({**ZONE, "TaskId": task})["Tasks"]
        assert found["Id"] == task
        return str(found["Status"])

    def names(self, kind: str) -> list[str]:
        return [one["Name"] for one in self.udi.describe_function_template({**ZONE, "Type": kind})["Templates"]]


@pytest.fixture(scope="module", params=["in process", "over a socket"])
def entrance(request: pytest.FixtureRequest) -> Iterator[tuple[Cloud, dict[str, Any]]]:
    with ExitStack() as stack:
        cloud = Cloud(clock="virtual:0")
        options = {}
        if request.param == "in process":
            stack.enter_context(cloud.intercept())
        else:
            options["base_url"] = stack.enter_context(cloud.serve()).url
        yield cloud, options


@pytest.fixture
def account(entrance: tuple[Cloud, dict[str, Any]], request: pytest.FixtureRequest) -> Account:
    return Account(*entrance, project=f"org-{request.node.name}")


def refused(call: Any, *arguments: Any) -> tuple[int, str]:
    with pytest.raises(RetCodeException) as raised:
        call(*arguments)
    assert raised.value.request_uuid
    return raised.value.code, raised.value.message


def test_from_the_functions_over_a_template_of_ones_own_to_a_finished_task(account: Account) -> None:
    (function,) = account.udi.describe_media_functions({**ZONE, "Function": "VideoTranscode"})["Functions"]
    rates = next(one for one in function["SupportParams"] if one["ParamName"] == "CRF")
    (custom,) = rates["WhenValueCustom"]
    assert (function["InputType"], rates["Required"], custom["ParamName"], custom["Max"]) == ("video", False, "CRFCustom", 51)
    typed = {**TEMPLATE, "CRF": "custom", custom["ParamName"]: str(custom["Max"])}
    template = account.udi.create_function_template(typed)["TemplateId"]
    assert account.names("custom") == ["mine"]
    task = account.udi.create_media_task({**TRANSCODE, "FunctionParamTemplateId": template})["TaskId"]
    seen = [account.status(task)]
    for seconds in (2, 3):
        account.cloud.clock.advance(seconds)
        seen.append(account.status(task))
    assert seen == ["waiting", "processing", "finished"]
    account.udi.delete_function_template({**ZONE, "TemplateId": template})
    assert account.names("custom") == []
    again = {**TRANSCODE, "FunctionParamTemplateId": template}
    assert refused(account.udi.create_media_task, again) == (230, "Params [FunctionParamTemplateId] not available")
    gone = {**ZONE, "TemplateId": template}
    assert refused(account.udi.delete_function_template, gone) == (230, "Params [TemplateId] not available")


def test_the_sdks_own_helper_waits_for_a_task_to_end(account: Account) -> None:
    (preset, *_) = account.udi.describe_function_template({**ZONE, "Type": "preset"})["Templates"]
    task = account.udi.create_media_task({**TRANSCODE, "FunctionParamTemplateId": preset["Id"]})["TaskId"]

    account.cloud.clock.advance(10)  # before the helper looks: between two looks it would sleep
    wait.wait_for_state(pending=["waiting", "processing"], target=["finished"], refresh=lambda: account.status(task), timeout=30)
    assert account.status(task) == "finished"


def test_a_capture_template_goes_through_invoke_for_the_typed_call_drops_its_members(account: Account) -> None:
    wrong = {**TEMPLATE, "Function": "VideoCapture", "ImageFormat": "bmp"}
    assert account.udi.create_function_template(wrong)["TemplateId"]
    assert refused(account.client.invoke, "CreateFunctionTemplate", wrong) == (230, "Params [ImageFormat] not available")
    template = account.template(Function="VideoCapture", ImageFormat="png", SnapTime="custom", SnapTimeCustom=10000)
    capture = {**TASK, "Function": "VideoCapture", "FunctionParamTemplateId": template}
    task = account.udi.create_media_task(capture)["TaskId"]
    account.udi.delete_function_template({**ZONE, "TemplateId": template})
    account.cloud.clock.advance(10)
    assert account.status(task) == "finished"


def test_custom_without_its_value_is_220_and_a_value_out_of_range_is_230(account: Account) -> None:
    missing = {**TEMPLATE, "AudioBitRate": "custom"}
    assert refused(account.udi.create_function_template, missing) == (220, "Missing params [AudioBitRateCustom]")
    great = {**missing, "AudioBitRateCustom": "1001"}
    assert refused(account.udi.create_function_template, great) == (230, "Params [AudioBitRateCustom] not available")
    assert account.names("custom") == []


def test_presets_are_listed_and_stay(account: Account) -> None:
    presets = account.names("preset")
    assert refused(account.udi.delete_function_template, {**ZONE, "TemplateId": "preset-capture-jpg"})[0] == 230
    account.template()
    assert account.names("preset") == presets
    assert account.names("") == [*presets, "mine"]


def test_a_template_serves_its_function_and_its_project_alone(account: Account) -> None:
    sent = {**TRANSCODE, "FunctionParamTemplateId": account.template()}
    assert refused(account.udi.create_media_task, {**sent, "Function": "VideoCapture"})[0] == 230
    assert refused(account.another(project_id="org-of-others").udi().create_media_task, sent)[0] == 230


def test_tasks_are_listed_oldest_first(account: Account) -> None:
    sent = {**TRANSCODE, "FunctionParamTemplateId": "preset-transcode-h264-mp4"}
    made = [account.udi.create_media_task(sent)["TaskId"] for _ in range(3)]
    assert [one["Id"] for one in account.udi.describe_media_task(ZONE)["Tasks"]] == made
    assert account.udi.describe_media_task({**ZONE, "TaskId": "udi-none"})["Tasks"] == []


def test_the_default_project_and_region_that_the_account_actions_tell_can_be_used(account: Account) -> None:
    found = account.client.uaccount().get_project_list()
    project = next(one for one in found["ProjectSet"] if one["IsDefault"])
    region = next(one for one in account.client.uaccount().get_region()["Regions"] if one["IsDefault"])
    assert (found["ProjectCount"], region["Region"], region["Zone"]) == (1, "cn-bj2", "cn-bj2-02")
    client = account.another(project_id=project["ProjectId"], region=region["Region"])
    sent = {**TRANSCODE, "Zone": region["Zone"], "FunctionParamTemplateId": "preset-transcode-h265-mp4"}
    task = client.udi().create_media_task(sent)["TaskId"]
    without = account.another(project_id=None).udi().describe_media_task({**ZONE, "TaskId": task})
    assert [one["Id"] for one in without["Tasks"]] == [task]


def test_who_has_another_private_key_is_171_and_a_stranger_is_172(account: Account) -> None:
    wrong, stranger = account.another(private_key="wrong"), account.another(public_key="stranger")
    assert refused(wrong.uaccount().get_region) == (171, "Signature VerifyAC Error")
    assert refused(stranger.uaccount().get_region) == (172, "User Not Exists")


@pytest.mark.parametrize("name", sorted(set(OPERATIONS) - {"GetProjectList", "GetRegion"}))
def test_what_the_typed_sdk_demands_is_what_the_contract_demands(name: str, account: Account) -> None:
    schema = json.loads((ROOT / f"schemas/ucloud/requests/{name}.schema.json").read_text(encoding="utf-8"))
    demanded = set(schema["required"]) - {"Action", "PublicKey", "Signature"}
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
    filled = dict.fromkeys(demanded - {"Region"}, "x")
    for missing in filled:
        with pytest.raises(ValidationException):
            getattr(account.udi, snake)({one: value for one, value in filled.items() if one != missing})
        left = {one: value for one, value in {**filled, "Region": "r"}.items() if one != missing}
        assert refused(account.client.invoke, name, left) == (220, f"Missing params [{missing}]")


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_code_of_the_catalogue_reaches_the_sdk(code: str, account: Account) -> None:
    sent = {**TRANSCODE, "FunctionParamTemplateId": "preset-transcode-h264-mp4"}
    account.cloud.fail_next("ucloud.CreateMediaTask", code=code)
    if CODES[code]["where"] == "task":
        task = account.udi.create_media_task(sent)["TaskId"]
        account.cloud.clock.advance(10)
        assert account.status(task) == "failed"
        assert next(one for one in account.cloud.tasks("ucloud") if one.id == task).failure == code
    else:
        found, message = refused(account.udi.create_media_task, sent)
        assert found == int(code)
        assert message.split("[")[0] == CODES[code]["message"].split("[")[0]
        assert account.udi.describe_media_task(ZONE)["Tasks"] == []


def test_the_sdk_repeats_nothing_below_2000_for_that_is_where_its_retries_begin(account: Account) -> None:
    assert max(int(code) for code in CODES if code.isdecimal()) < 2000
    before = len(account.cloud.journal)
    account.cloud.fail_next("ucloud.GetRegion", code="150")
    assert refused(account.another(max_retries=3).uaccount().get_region) == (150, "Service unavailable")
    assert len(account.cloud.journal) == before + 1


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_each_operation_can_be_made_to_refuse_once(name: str, account: Account) -> None:
    base = {**TRANSCODE, **TEMPLATE, "FunctionParamTemplateId": "preset-transcode-h264-mp4", "TemplateId": account.template()}
    account.cloud.fail_next(f"ucloud.{name}", code="299")
    assert refused(account.client.invoke, name, base)[0] == 299
    assert account.client.invoke(name, base)["RetCode"] == 0
