"""The vendor's own Python SDK walks every workflow of Tencent CI, once in process and once over a socket."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from cases import ROOT

from mockcloud import Cloud

qcloud_cos = pytest.importorskip("qcloud_cos", reason="cos-python-sdk-v5 is not installed")
from qcloud_cos import CosConfig, CosS3Auth, CosS3Client, CosServiceError  # noqa: E402  # after importorskip
from qcloud_cos.cos_client import format_xml, xml_to_dict  # noqa: E402  # after importorskip

CODES = json.loads((ROOT / "schemas/tencent_ci/errors.json").read_text(encoding="utf-8"))["codes"]
OPERATIONS = json.loads((ROOT / "schemas/tencent_ci/operations.json").read_text(encoding="utf-8"))
TAGS = sorted(name.partition(".")[2] for name in OPERATIONS if name.startswith("CreateMediaJobs."))
REGION, CI = "ap-chongqing", "ci.ap-chongqing.myqcloud.com"
QUEUE = "p2242ab62c7c94486915508540933a2c6"
OFFICIAL = "t1460606b9752148c4ab182f55163ba7cd"
MEDIA_INFO = {"Tag": "MediaInfo", "Input": {"Object": "in/clip.mp4"}}
TEMPLATE = {"Tag": "VoiceSeparate", "Name": "mine", "AudioMode": "AudioAndBackground", "AudioConfig": {"Codec": "mp3"}}
OFF = {"State": "Off"}


class Account:
    """The SDK's client for one bucket, which nobody else uses, and the cloud behind it."""

    def __init__(self, cloud: Cloud, options: dict[str, Any], bucket: str) -> None:
        self.cloud, self.options, self.bucket = cloud, options, bucket
        self.client = self.another()

    def another(self, **options: Any) -> Any:
        keys = {"SecretId": "mockcloud", "SecretKey": "mockcloud-secret"}
        return CosS3Client(CosConfig(**{"Region": REGION, "Scheme": "http", **keys, **self.options, **options}), retry=0)

    def submitted(self, job: dict[str, Any] | None = None, **more: Any) -> list[dict[str, Any]]:
        jobs = {**(job or MEDIA_INFO), **more}
        answer = self.client.ci_create_media_jobs(self.bucket, Jobs=jobs, Lst={}, ContentType="application/xml")
        found: list[dict[str, Any]] = answer["JobsDetail"]
        return found

    def separation(self, template: str, **more: Any) -> dict[str, Any]:
        output = {"Region": REGION, "Bucket": self.bucket, "Object": "back.${ext}", "AuObject": "voice.${ext}"}
        operation = {"TemplateId": template, "Output": output}
        return {"Tag": "VoiceSeparate", "Input": {"Object": "in/song.mp3"}, "Operation": operation, **more}

    def jobs(self, *ids: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.ci_get_media_jobs(self.bucket, ",".join(ids))["JobsDetail"]
        return found

    def states(self, *ids: str) -> list[str]:
        return [job["State"] for job in self.jobs(*ids)]

    def listed(self, tag: str = "MediaInfo", **more: Any) -> tuple[list[str], str]:
        answer = self.client.ci_list_media_jobs(self.bucket, tag, **more)
        return [job["JobId"] for job in answer.get("JobsDetail", [])], answer["NextToken"] or ""

    def queue(self, state: str, notify: dict[str, Any] | None = None) -> dict[str, Any]:
        request = {"Name": "mine", "QueueID": QUEUE, "State": state, "NotifyConfig": notify or OFF}
        (found,) = self.client.ci_update_media_queue(self.bucket, QUEUE, request, ContentType="application/xml")["Queue"]
        return dict(found)

    def templates(self, **more: Any) -> dict[str, Any]:
        return dict(self.client.ci_get_template(self.bucket, **more))

    def direct(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """What the SDK has no method for, by what all of its methods do."""
        conf = self.client.get_conf()
        answer = self.client.send_request(
            method=method,
            url=conf.uri(bucket=self.bucket, path=path, endpoint=conf._endpoint_ci),
            bucket=self.bucket,
            data=None if body is None else format_xml(data=body, root="Request"),
            auth=CosS3Auth(conf, path),
            headers={},
            ci_request=True,
        )
        return dict(xml_to_dict(answer.content))

    def refused(self, call: Any, *arguments: Any, **more: Any) -> tuple[int, str]:
        with pytest.raises(CosServiceError) as raised:
            call(*arguments, **more)
        error = raised.value
        assert error.get_request_id()
        assert error.get_trace_id()
        assert error.get_resource_location()
        return error.get_status_code(), error.get_error_code()


@pytest.fixture(scope="module", params=["in process", "over a socket"])
def entrance(request: pytest.FixtureRequest) -> Iterator[tuple[Cloud, dict[str, Any]]]:
    with ExitStack() as stack:
        cloud = Cloud(clock="virtual:0")
        cloud.report = lambda problem: None
        options = {}
        if request.param == "in process":
            stack.enter_context(cloud.intercept())
        else:
            server = stack.enter_context(cloud.serve())
            options = {"IP": server.host, "Port": server.port, "Endpoint": CI}
        yield cloud, options


BUCKETS = iter(range(1_250_000_000, 1_260_000_000))


@pytest.fixture
def account(entrance: tuple[Cloud, dict[str, Any]]) -> Account:
    return Account(*entrance, bucket=f"media-{next(BUCKETS)}")


def test_a_job_by_its_states_to_its_result(account: Account) -> None:
    (job,) = account.submitted(Operation={"UserData": "note", "JobLevel": "1"})
    seen = account.states(job["JobId"])
    for seconds in (2, 3):
        account.cloud.clock.advance(seconds)
        seen += account.states(job["JobId"])
    (done,) = account.jobs(job["JobId"])
    assert seen == ["Submitted", "Running", "Success"]
    assert (job["QueueId"], job["StartTime"], job["Message"]) == ("p6d1f0a52c3b84e7f9a10b2c3d4e5f607", "-", None)
    assert done["Input"] == {"BucketId": account.bucket, "Object": "in/clip.mp4", "Region": REGION}
    assert done["Operation"]["MediaInfo"]["Stream"]["Video"]["CodecName"] == "h264"
    assert (done["Progress"], done["Operation"]["UserData"], done["Operation"]["JobLevel"]) == ("100", "note", "1")


def test_jobs_are_listed_page_by_page_and_by_every_filter(account: Account) -> None:
    ids = [account.submitted(Input={"Object": f"in/{place}.mp4"})[0]["JobId"] for place in range(3)]
    account.submitted(account.separation(OFFICIAL))
    first, token = account.listed(Size=2)
    assert (first, token) == ([ids[2], ids[1]], ids[0])
    assert account.listed(Size=2, NextToken=token) == ([ids[0]], "")
    assert account.listed(OrderByTime="Asc")[0] == ids
    assert account.listed(States="Submitted,Running")[0] == ids[::-1]
    assert account.listed(States="Failed") == ([], "")
    assert account.listed(QueueId=QUEUE) == ([], "")
    assert account.listed(StartCreationTime="2000-01-01T00:00:00+0800", EndCreationTime="2000-12-31T00:12:00+0800") == ([], "")
    assert account.listed(StartCreationTime="2000-01-01T00:01:00+0800")[0] == ids[::-1]
    assert len(account.listed("VoiceSeparate")[0]) == 1
    assert account.refused(account.listed, Size=500) == (400, "InvalidArgument")
    assert account.refused(account.listed, "Nothing") == (400, "InvalidArgument")
    assert account.refused(account.listed, NextToken="jnone") == (400, "InvalidArgument")


def test_a_waiting_job_is_cancelled_and_a_running_one_is_not(account: Account) -> None:
    (job,), (other,) = account.submitted(), account.submitted()
    assert account.client.ci_cancel_jobs(account.bucket, job["JobId"]) == ""
    account.cloud.clock.advance(2)
    assert account.states(job["JobId"], other["JobId"]) == ["Cancel", "Running"]
    assert account.refused(account.client.ci_cancel_jobs, account.bucket, other["JobId"]) == (403, "AccessDenied")
    assert account.refused(account.client.ci_cancel_jobs, account.bucket, "jnone") == (400, "ResourceNotFound")
    answer = account.client.ci_get_media_jobs(account.bucket, f"{job['JobId']},jnone,jno")
    assert answer["NonExistJobIds"] == ["jnone", "jno"]


def test_a_template_from_its_making_over_a_job_to_its_end(account: Account) -> None:
    made = account.client.ci_create_template(account.bucket, TEMPLATE)["Template"]
    template = made["TemplateId"]
    assert (made["Category"], made["BucketId"], made["VoiceSeparate"]["AudioMode"]) == (
        "Custom",
        account.bucket,
        TEMPLATE["AudioMode"],
    )
    assert account.refused(account.client.ci_create_template, account.bucket, TEMPLATE) == (400, "TemplateNameDuplicate")
    (job,) = account.submitted(account.separation(template))
    changed = {**TEMPLATE, "Name": "other", "AudioMode": "IsAudio", "AudioConfig": {"Codec": "flac", "Bitrate": ""}}
    assert account.client.ci_update_template(account.bucket, template, changed)["Template"]["Name"] == "other"
    (later,) = account.submitted(account.separation(template))
    assert [one["TemplateId"] for one in account.templates(Name="oth")["TemplateList"]] == [template]
    assert account.client.ci_delete_template(account.bucket, template)["TemplateId"] == template
    account.cloud.clock.advance(10)
    operations = [one["Operation"] for one in account.jobs(job["JobId"], later["JobId"])]
    files = [operation["MediaResult"]["OutputFile"]["ObjectName"] for operation in operations]
    assert [operation["TemplateName"] for operation in operations] == ["mine", "other"]
    assert files == [["voice.mp3", "back.mp3"], "voice.flac"]
    assert account.refused(account.submitted, account.separation(template)) == (400, "TemplateNotFound")
    assert account.refused(account.client.ci_delete_template, account.bucket, template) == (400, "TemplateNotFound")
    assert account.templates(Ids=template)["NonExistTIDs"] == {"TemplateId": template}


def test_official_templates_can_be_used_but_neither_changed_nor_deleted(account: Account) -> None:
    official = account.templates(Category="Official")["TemplateList"]
    assert {one["VoiceSeparate"]["AudioMode"] for one in official} == {
        "IsAudio",
        "IsBackground",
        "AudioAndBackground",
        "MusicMode",
    }
    assert account.templates()["TotalCount"] == "0"
    for one in official:
        assert account.submitted(account.separation(one["TemplateId"]))[0]["Operation"]["TemplateName"] == one["Name"]
    client, bucket = account.client, account.bucket
    assert account.refused(client.ci_update_template, bucket, OFFICIAL, TEMPLATE) == (403, "AccessDenied")
    assert account.refused(client.ci_delete_template, bucket, OFFICIAL) == (403, "AccessDenied")


def test_a_queue_is_paused_and_goes_on(account: Account) -> None:
    (job,) = account.submitted(QueueId=QUEUE)
    paused = account.queue("Paused")
    assert (paused["QueueId"], paused["State"], paused["MaxConcurrent"]) == (QUEUE, "Paused", "10")
    assert [one["QueueId"] for one in account.client.ci_get_media_queue(account.bucket, "Paused")["QueueList"]] == [QUEUE]
    assert account.refused(account.submitted, QueueId=QUEUE) == (403, "QueuePaused")
    account.cloud.clock.advance(30)
    assert account.states(job["JobId"]) == ["Pause"]
    assert account.listed(States="Pause")[0] == [job["JobId"]]
    account.queue("Active")
    account.cloud.clock.advance(30)
    assert account.states(job["JobId"]) == ["Success"]
    answer = account.client.ci_get_media_queue(account.bucket, QueueIds=f"{QUEUE},pnone")
    assert (answer["QueueList"][0]["Name"], answer["NonExistPIDs"]) == ("mine", "pnone")
    assert account.refused(account.client.ci_update_media_queue, account.bucket, "pnone", {"Name": "n"})[1] == "InvalidArgument"
    gone = {"Name": "n", "State": "Active", "NotifyConfig": OFF}
    assert account.refused(account.client.ci_update_media_queue, account.bucket, "pnone", gone) == (400, "QueueNotFound")


def test_ten_jobs_run_at_a_time_and_the_highest_level_goes_first(account: Account) -> None:
    levels = ["0", "0", "0", "0", "0", "1"]
    early = [job["JobId"] for job in account.submitted(Operation=[{"JobLevel": "0"}] * 6)]
    late = [job["JobId"] for job in account.submitted(Operation=[{"JobLevel": level} for level in levels])]
    account.cloud.clock.advance(2)
    states = account.states(*early, *late)
    assert states.count("Running") == 10
    assert dict(zip(late, account.states(*late), strict=True))[late[-1]] == "Running"
    account.cloud.clock.advance(20)
    assert set(account.states(*early, *late)) == {"Success"}


def test_several_jobs_at_once_are_one_for_each_tag(account: Account) -> None:
    separation = account.separation(OFFICIAL)["Operation"]
    operations = [{"Tag": "MediaInfo", "UserData": "a"}, {"Tag": "VoiceSeparate", **separation}, {"Tag": "Tts"}]
    jobs = account.submitted({"Input": {"Object": "in/song.mp3"}, "Operation": operations})
    assert [job["Tag"] for job in jobs] == [job["Operation"]["Tag"] for job in jobs] == ["MediaInfo", "VoiceSeparate", "Tts"]
    account.cloud.clock.advance(10)
    done = account.jobs(*(job["JobId"] for job in jobs))
    assert [job["State"] for job in done] == ["Success"] * 3
    assert done[1]["Operation"]["MediaResult"]["OutputFile"]["ObjectName"] == ["voice.mp3", "back.mp3"]
    lonely = {"Input": {"Object": "a"}, "Operation": [{"Tag": "MediaInfo"}]}
    assert account.refused(account.submitted, lonely) == (400, "InvalidArgument")


@pytest.mark.parametrize("tag", TAGS)
def test_a_job_of_each_tag_is_submitted_found_and_listed(account: Account, tag: str) -> None:
    output = {"Region": REGION, "Bucket": account.bucket, "Object": "out/result"}
    operation = {"Output": output, **({"VoiceSeparate": {"AudioMode": "IsAudio"}} if tag == "VoiceSeparate" else {})}
    (job,) = account.submitted({"Tag": tag, "Input": {"Object": "in/clip.mp4"}, "Operation": operation})
    account.cloud.clock.advance(10)
    assert account.states(job["JobId"]) == ["Success"]
    assert account.listed(tag)[0] == [job["JobId"]]


def test_media_information_is_asked_for_in_three_ways(account: Account) -> None:
    (job,) = account.submitted(Input={"Object": "in/song.mp3"})
    account.cloud.clock.advance(10)
    by_job = account.jobs(job["JobId"])[0]["Operation"]["MediaInfo"]
    (of_cos,) = account.client.get_media_info(account.bucket, "in/song.mp3")["MediaInfo"]
    at_once = account.direct("POST", "/mediainfo", {"Input": {"Object": "in/song.mp3"}})["MediaInfo"]
    assert by_job == of_cos == at_once
    missing = "in/mockcloud-refuse-NoSuchKey.mp3"
    assert account.refused(account.client.get_media_info, account.bucket, missing) == (404, "NoSuchKey")


def test_the_id_of_a_request_is_in_the_header_of_the_service_that_was_asked(account: Account) -> None:
    bucket, client, journal = account.bucket, account.client, account.cloud.journal
    account.client.get_media_info(bucket, "in/song.mp3")
    of_cos = journal.last.response
    account.refused(client.get_media_info, bucket, "mockcloud-refuse-NoSuchKey.mp3")
    refused_by_cos = journal.last.response
    account.direct("POST", "/mediainfo", {"Input": {"Object": "in/song.mp3"}})
    of_ci = journal.last.response
    for response, name, other in ((of_cos, "cos", "ci"), (refused_by_cos, "cos", "ci"), (of_ci, "ci", "cos")):
        assert response.header(f"x-{name}-request-id")
        assert response.header(f"x-{other}-request-id") is None


def test_a_url_that_the_sdk_signs_beforehand_asks_for_media_information() -> None:
    requests = pytest.importorskip("requests")
    cloud = Cloud()
    with cloud.intercept():
        client = Account(cloud, {}, "media-1250000000").client
        url = client.get_presigned_url("media-1250000000", "in/源 a+b.mp3", "GET", Params={"ci-process": "videoinfo"})
        answer = requests.get(url, timeout=5)
        assert (answer.status_code, xml_to_dict(answer.content)["MediaInfo"]["Format"]["FormatName"]) == (200, "mp3")
        assert requests.get(url.replace(".mp3", ".mp4"), timeout=5).status_code == 403


def test_a_bucket_is_enabled_listed_and_disabled(account: Account) -> None:
    def listed() -> list[str]:
        found = account.client.ci_get_media_bucket(BucketName=account.bucket).get("MediaBucketList", [])
        return [one["BucketId"] for one in found]

    assert listed() == []
    made = account.direct("POST", "/mediabucket")["MediaBucket"]
    assert (made["BucketId"], made["Region"]) == (account.bucket, REGION)
    assert account.direct("POST", "/mediabucket")["MediaBucket"] == made
    assert listed() == [account.bucket]
    assert account.direct("DELETE", "/mediabucket").keys() == {"RequestId"}
    assert listed() == []
    assert account.refused(account.direct, "DELETE", "/mediabucket") == (400, "MediaBucketUnBinded")


def test_what_is_wrong_with_a_client_is_told_by_its_code(account: Account) -> None:
    bucket = account.bucket
    assert account.refused(account.another(SecretKey="wrong").ci_get_media_jobs, bucket, "j1") == (403, "SignatureDoesNotMatch")
    assert account.refused(account.another(SecretId="nobody").ci_get_media_jobs, bucket, "j1") == (401, "SecretidNotExist")
    assert account.refused(account.another(Anonymous=True).ci_get_media_jobs, bucket, "j1") == (401, "MissingAuthorization")
    assert account.refused(account.submitted, Operation={"JobLevel": "3"}) == (400, "InvalidArgument")
    assert account.refused(account.submitted, Tag="Nothing") == (400, "InvalidArgument")
    assert account.refused(account.submitted, QueueId="pnone") == (400, "QueueNotFound")
    assert account.refused(account.direct, "POST", "/nothing") == (404, "InvalidUrl")


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_code_of_the_catalogue_reaches_the_sdks_own_error(account: Account, code: str) -> None:
    wanted = CODES[code]
    if wanted["where"] != "task":
        account.cloud.fail_next("tencent_ci.DescribeMediaJobs", code=code, where="request")
        if wanted["status"] < 400:  # the SDK takes a redirect without a Location for an answer
            assert account.client.ci_list_media_jobs(account.bucket, "MediaInfo")["Code"] == code
        else:
            assert account.refused(account.client.ci_list_media_jobs, account.bucket, "MediaInfo") == (wanted["status"], code)
    if wanted["where"] != "request":
        (job,) = account.submitted(Input={"Object": f"in/mockcloud-fail-{code}.mp4"})
        account.cloud.clock.advance(10)
        (failed,) = account.jobs(job["JobId"])
        assert (failed["State"], failed["Code"], failed["Message"]) == ("Failed", code, wanted["message"])


def test_the_sdk_asks_again_after_503_and_makes_one_job_of_what_was_answered_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[int] = []
    monkeypatch.setattr(qcloud_cos.cos_client, "time", SimpleNamespace(sleep=waited.append))
    cloud = Cloud()
    for _ in range(2):
        cloud.fail_next("tencent_ci.CreateMediaJobs.MediaInfo", code="ServiceUnavailable")
    with cloud.intercept():
        account = Account(cloud, {}, "media-1250000000")
        account.client._retry = 3
        (job,) = account.submitted()
    sent = [(exchange.request.header("x-cos-sdk-retry"), exchange.refusal) for exchange in cloud.journal]
    assert sent == [(None, "ServiceUnavailable"), ("true", "ServiceUnavailable"), ("true", "")]
    assert (waited, [task.id for task in cloud.tasks("tencent_ci")]) == ([1, 2], [job["JobId"]])


class Receiver(BaseHTTPRequestHandler):
    """A client's own address for messages: refuses as often as it is told to."""

    def do_POST(self) -> None:
        server: Any = self.server
        server.told.append((self.headers["Content-Type"], self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(server.answers.pop(0) if server.answers else 204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.told, server.answers = [], []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{server.server_port}/told"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_end_of_a_job_is_told_to_the_address_of_its_request_or_its_queue(account: Account, receiver: Any) -> None:
    notify = {"State": "On", "Event": "TaskFinish", "Type": "Url", "Url": receiver.url, "ResultFormat": "JSON"}
    account.queue("Active", notify)
    (job,) = account.submitted(CallBack=receiver.url, CallBackFormat="XML")
    account.cloud.clock.advance(10)
    account.states(job["JobId"])
    (media, body), *more = receiver.told
    assert (media, xml_to_dict(body)["JobsDetail"]["JobId"], more) == ("application/xml", job["JobId"], [])
    (job,) = account.submitted(QueueId=QUEUE)
    account.submitted(QueueId=QUEUE, CallBack="no")
    account.cloud.clock.advance(10)
    account.states(job["JobId"])
    assert [(media, json.loads(body)["JobsDetail"]["JobId"]) for media, body in receiver.told[1:]] == [
        ("application/json", job["JobId"])
    ]


def test_a_message_that_was_not_taken_is_tried_again_when_the_setting_says_so(receiver: Any) -> None:
    cloud = Cloud(clock="virtual:0", settings={"tencent_ci": {"callback_retries": "5,10"}})
    receiver.answers = [500, 503, 200]
    with cloud.intercept():
        account = Account(cloud, {}, "media-1250000000")
        (job,) = account.submitted(CallBack=receiver.url)
        tries = []
        for seconds in (4, 1, 5, 10, 60):
            cloud.clock.advance(seconds)
            account.states(job["JobId"])
            tries.append(len(receiver.told))
    assert tries == [0, 1, 2, 3, 3]
