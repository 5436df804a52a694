"""Where Tencent CI's pages and clients disagree, what was decided is what happens, and each setting's other values choose otherwise."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from cases import ROOT, signed
from shown import Register

from mockcloud import Cloud, Request, Response
from mockcloud.pipeline.reading import BODY_LIMIT

FOLDER = ROOT / "schemas/tencent_ci"
REGISTER = Register("tencent_ci")
CONTRADICTIONS, TESTS, shows = REGISTER.contradictions, REGISTER.tests, REGISTER.shows
SETTINGS = json.loads((FOLDER / "provider.json").read_text(encoding="utf-8"))["settings"]
CI = "media-1250000000.ci.ap-chongqing.myqcloud.com"
QUEUE, OFFICIAL = "p2242ab62c7c94486915508540933a2c6", "t1460606b9752148c4ab182f55163ba7cd"
OUTPUT = "<Output><Region>r</Region><Bucket>b</Bucket>{}</Output>"
VOICE = "<AuObject>v.${ext}</AuObject>"


def a_cloud(**settings: Any) -> Cloud:
    cloud = Cloud(clock="virtual:0", settings={"tencent_ci": settings})
    cloud.report = lambda problem: None
    return cloud


def send(
    cloud: Cloud, method: str, target: str, body: str = "", host: str = CI, *, sign: bool = True, **headers: str
) -> Response:
    given = [(name.replace("_", "-"), value) for name, value in headers.items()]
    if method in ("POST", "PUT"):
        given.append(("Content-Length", str(len(body.encode()))))
    request = Request(method, target, host, tuple(given), body.encode())
    return cloud.handle(signed(cloud, "tencent_ci", request) if sign else request)


def read(response: Response) -> ET.Element:
    assert response.status == 200, response.body.decode()
    return ET.fromstring(response.body)


def code(response: Response) -> tuple[int, str]:
    return response.status, ET.fromstring(response.body).findtext("Code", "")


def media_info(more: str = "", key: str = "in/clip.mp4") -> str:
    return f"<Request><Tag>MediaInfo</Tag><Input><Object>{key}</Object></Input>{more}</Request>"


def separation(inner: str = "", output: str = VOICE, more: str = "") -> str:
    operation = f"<Operation>{inner or f'<TemplateId>{OFFICIAL}</TemplateId>'}{OUTPUT.format(output)}{more}</Operation>"
    return f"<Request><Tag>VoiceSeparate</Tag><Input><Object>in/song.mp3</Object></Input>{operation}</Request>"


def inline(mode: str = "", config: str = "") -> str:
    return f"<VoiceSeparate>{mode and f'<AudioMode>{mode}</AudioMode>'}<AudioConfig>{config}</AudioConfig></VoiceSeparate>"


def submit(body: str, cloud: Cloud | None = None) -> ET.Element:
    return read(send(cloud or a_cloud(), "POST", "/jobs", body))


def refused(body: str, cloud: Cloud | None = None) -> tuple[int, str]:
    return code(send(cloud or a_cloud(), "POST", "/jobs", body))


def finished(body: str, cloud: Cloud | None = None) -> ET.Element:
    cloud = cloud or a_cloud()
    job = submit(body, cloud).findtext("JobsDetail/JobId")
    cloud.clock.advance(10)
    found = read(send(cloud, "GET", f"/jobs/{job}")).find("JobsDetail")
    assert found is not None
    return found


def queued(cloud: Cloud, state: str) -> ET.Element:
    body = f"<Request><Name>q</Name><State>{state}</State><NotifyConfig><State>Off</State></NotifyConfig></Request>"
    return read(send(cloud, "PUT", f"/queue/{QUEUE}", body))


def told(body: str, **settings: Any) -> Any:
    cloud = a_cloud(**settings)
    finished(
        body.replace("</Request>", "<CallBack>http://x.example.com/</CallBack><CallBackFormat>JSON</CallBackFormat></Request>"),
        cloud,
    )
    (message,) = cloud.callbacks
    return json.loads(message.body)


def names(element: ET.Element | None) -> list[str]:
    assert element is not None
    return [child.tag for child in element]


@pytest.mark.parametrize("name", sorted(CONTRADICTIONS))
def test_the_decision_is_what_happens(name: str) -> None:
    TESTS[name]()


def test_each_contradiction_is_shown_and_nothing_else() -> None:
    assert set(TESTS) == set(CONTRADICTIONS)


def test_each_contradiction_that_can_be_set_names_its_setting() -> None:
    decided = {one["setting"] for one in CONTRADICTIONS.values() if "setting" in one}
    undocumented = {
        "callback_json_type",
        "callback_retries",
        "default_bucket",
        "default_region",
        "hosts",
        "time_tolerance_seconds",
    }
    assert decided == set(SETTINGS) - undocumented


@shows("input-bucket-id")
@shows("input-described-as-output")
@shows("input-as-request")
def _() -> None:
    for body, key in ((media_info(), "in/clip.mp4"), (separation(), "in/song.mp3")):
        found = submit(body).find("JobsDetail/Input")
        assert names(found) == ["BucketId", "Object", "Region"]
        assert [child.text for child in found or ()] == ["media-1250000000", key, "ap-chongqing"]


@shows("not-yet-times")
def _() -> None:
    for setting, shown in (({}, "-"), ({"not_yet_time": ""}, "")):
        job = submit(media_info(), a_cloud(**setting))
        assert [job.findtext(f"JobsDetail/{name}") for name in ("StartTime", "EndTime")] == [shown, shown]


@shows("start-time-left-out")
def _() -> None:
    for body in (media_info(), separation()):
        assert submit(body).find("JobsDetail/StartTime") is not None
        assert finished(body).findtext("StartTime", "-") != "-"


@shows("message-of-success")
def _() -> None:
    for setting, shown in (({}, ""), ({"success_message": "Success"}, "Success")):
        job = finished(media_info(), a_cloud(**setting))
        assert (job.findtext("Code"), job.findtext("Message")) == ("Success", shown)
    assert finished(media_info(key="mockcloud-fail-InternalError.mp4")).findtext("Message") == "The service failed"


@shows("media-info-spelling")
@shows("typing-errors")
def _() -> None:
    assert finished(media_info()).find("Operation/MediaInfo") is not None
    assert refused("<Request><Tag>MediaInfo<Tag></Request>") == (400, "InvalidContent")
    assert refused("<Request><Tag>MediaInfo</Tag></Response>") == (400, "InvalidContent")


@shows("both-outputs-empty")
def _() -> None:
    for empty in ("", "<Object></Object><AuObject></AuObject>"):
        assert refused(separation(output=empty)) == (400, "InvalidArgument")
        lenient = a_cloud(outputs_without_keys="accepted")
        defects: list[str] = []
        lenient.report = defects.append
        assert finished(separation(output=empty), lenient).findtext("State") == "Success"
        assert not defects


@shows("mode-without-its-key")
def _() -> None:
    found = finished(separation(inline("IsAudio"), "<Object>back.mp3</Object>"))
    assert [one.text for one in found.iterfind("Operation/MediaResult/OutputFile/ObjectName")] == ["back.mp3"]


@shows("auobject-parent")
def _() -> None:
    inside = "<AuObject>v.mp3</AuObject>"
    assert submit(separation(output=inside)).findtext("JobsDetail/Operation/Output/AuObject") == "v.mp3"
    assert refused(separation(output="", more=inside)) == (400, "InvalidArgument")


@shows("audio-mode-type")
def _() -> None:
    found = submit(separation(inline("IsBackground"), "<Object>b</Object>"))
    assert found.findtext("JobsDetail/Operation/VoiceSeparate/AudioMode") == "IsBackground"
    assert refused(separation(inline("<IsAudio/>"))) == (400, "InvalidArgument")


@shows("bitrate-12")
def _() -> None:
    def config(rate: int) -> str:
        return f"<Codec>mp3</Codec><Samplerate>44100</Samplerate><Bitrate>{rate}</Bitrate><Channels>2</Channels>"

    found = submit(separation(inline("IsAudio", config(12)))).find("JobsDetail/Operation/VoiceSeparate/AudioConfig")
    assert [child.text for child in found or ()] == ["mp3", "44100", "12", "2"]
    assert (
        refused(separation(inline("IsAudio", config(7))))
        == refused(separation(inline("IsAudio", config(1001))))
        == (400, "InvalidArgument")
    )
    given = "<Codec>aac</Codec><Samplerate>44100</Samplerate><Bitrate>128</Bitrate><Channels>4</Channels>"
    body = f"<Request><Tag>VoiceSeparate</Tag><Name>n</Name><AudioMode>IsAudio</AudioMode><AudioConfig>{given}</AudioConfig></Request>"
    made = read(send(a_cloud(), "POST", "/template", body)).find("Template/VoiceSeparate/AudioConfig")
    assert [child.text for child in made or ()] == ["aac", "44100", "128", "4"]


@shows("amr-samplerate")
def _() -> None:
    found = submit(separation(inline("IsAudio", "<Codec>amr</Codec>"))).find("JobsDetail/Operation/VoiceSeparate/AudioConfig")
    assert names(found) == ["Codec"]
    assert refused(separation(inline("IsAudio", "<Codec>amr</Codec><Samplerate>44100</Samplerate>"))) == (400, "InvalidArgument")


@shows("jobs-detail-array")
def _() -> None:
    assert names(submit(media_info())) == ["JobsDetail"]
    assert names(submit(media_info("<Operation><JobLevel>0</JobLevel></Operation>" * 3))) == ["JobsDetail"] * 3


@shows("several-operations")
def _() -> None:
    def body(count: int, tag: str = "<Tag>MediaInfo</Tag>") -> str:
        return f"<Request><Input><Object>a</Object></Input>{f'<Operation>{tag}</Operation>' * count}</Request>"

    levels = "<Operation><JobLevel>1</JobLevel></Operation>"
    assert names(submit(media_info(levels * 6))) == ["JobsDetail"] * 6
    assert refused(media_info(levels * 7)) == (400, "InvalidArgument")
    for count in (2, 6):
        assert [one.text for one in submit(body(count)).iterfind("JobsDetail/Operation/Tag")] == ["MediaInfo"] * count
    for wrong in (body(1), body(7), body(2, "<UserData>a</UserData>")):
        assert refused(wrong) == (400, "InvalidArgument")


@shows("queue-id-required")
def _() -> None:
    assert submit(media_info()).findtext("JobsDetail/QueueId") == SETTINGS["default_queue"]["default"]
    assert submit(media_info(), a_cloud(default_queue=QUEUE)).findtext("JobsDetail/QueueId") == QUEUE
    assert refused(media_info("<QueueId>pnone</QueueId>")) == (400, "QueueNotFound")


@shows("operation-required")
def _() -> None:
    assert submit(media_info()).findtext("JobsDetail/Tag") == "MediaInfo"
    assert refused("<Request><Tag>VoiceSeparate</Tag><Input><Object>a</Object></Input></Request>") == (400, "InvalidArgument")


@shows("voice-separate-common-nodes")
def _() -> None:
    found = submit(separation(more="<UserData>note</UserData><JobLevel>2</JobLevel>"))
    assert [found.findtext(f"JobsDetail/Operation/{name}") for name in ("UserData", "JobLevel")] == ["note", "2"]
    assert refused(separation(more="<JobLevel>3</JobLevel>")) == refused(
        media_info("<Operation><JobLevel>3</JobLevel></Operation>")
    )


@shows("joined-headers")
def _() -> None:
    response = send(a_cloud(), "POST", "/jobs", media_info())
    assert response.header("server") == "tencent-ci"
    assert base64.b64decode(response.header("x-ci-request-id") or "").count(b"_") == 3


@shows("placeholder-values")
def _() -> None:
    cloud = a_cloud()
    response = send(cloud, "POST", "/jobs", media_info(), "other-1250000000.ci.ap-chongqing.myqcloud.com")
    assert response.header("content-length") == str(len(response.body)) not in ("166", "230")
    assert read(response).findtext("JobsDetail/Input/BucketId") == "other-1250000000"


def unlisted(cloud: Cloud, host_as: str = "", path_as: str = "") -> Request:
    """A request whose signature lists no parameter and, unless a host is signed, no header."""
    key, now = cloud.credentials("tencent_ci"), int(cloud.clock.now())
    times, path = f"{now};{now + 60}", "/jobs/j%E4%B8%AD"

    def mac(secret: str, text: str) -> str:
        return hmac.digest(secret.encode(), text.encode(), "sha1").hex()

    host = "host=" + quote(host_as, "") if host_as else ""
    http = f"get\n{path_as or '/jobs/j中'}\n\n{host}\n"
    made = mac(mac(key.secret_key, times), f"sha1\n{times}\n{hashlib.sha1(http.encode()).hexdigest()}\n")  # noqa: S324  # the vendor's
    given = f"q-sign-algorithm=sha1&q-ak={key.access_key}&q-sign-time={times}&q-key-time={times}"
    lists = f"&q-header-list={'host' if host_as else ''}&q-url-param-list=&q-signature={made}"
    return Request("GET", path, f"{CI}:8080" if host_as else CI, (("Authorization", given + lists),))


@shows("empty-header-list")
def _() -> None:
    cloud = a_cloud()
    assert cloud.handle(unlisted(cloud)).status == 200


@shows("signed-host")
def _() -> None:
    cloud = a_cloud()
    for host, status in ((CI, 200), (f"{CI}:8080", 200), (f"{CI}:80", 403)):
        assert cloud.handle(unlisted(cloud, host)).status == status


@shows("signed-path")
def _() -> None:
    cloud = a_cloud()
    for path, status in (("/jobs/j中", 200), ("/jobs/j%E4%B8%AD", 403)):
        assert cloud.handle(unlisted(cloud, path_as=path)).status == status


@shows("cancel-parameter")
def _() -> None:
    cloud = a_cloud()
    for query in ("?cancel", "?cancel=", ""):
        job = submit(media_info(), cloud).findtext("JobsDetail/JobId")
        answer = send(cloud, "PUT", f"/jobs/{job}{query}")
        assert (answer.status, answer.body) == (200, b"")
        assert read(send(cloud, "GET", f"/jobs/{job}")).findtext("JobsDetail/State") == "Cancel"


@shows("signature-mismatch-code")
def _() -> None:
    statuses = {"SignatureDoesNotMatch": 403, "InvalidAuthorization": 401, "AccessDenied": 403}
    assert set(statuses) == set(SETTINGS["signature_mismatch_code"]["values"])
    for name, status in statuses.items():
        cloud = a_cloud(signature_mismatch_code=name)
        request = signed(cloud, "tencent_ci", Request("GET", "/jobs/j1", CI))
        assert code(cloud.handle(replace(request, target="/jobs/j2"))) == (status, name)
    assert SETTINGS["signature_mismatch_code"]["default"] == "SignatureDoesNotMatch"


@shows("access-denied-status")
def _() -> None:
    cloud = a_cloud()
    cloud.fail_next("tencent_ci.DescribeMediaJob", code="AccessDenied")
    assert code(send(cloud, "GET", "/jobs/j1")) == (401, "AccessDenied")
    assert code(send(cloud, "DELETE", f"/template/{OFFICIAL}")) == (403, "AccessDenied")


@shows("invalid-content-status")
def _() -> None:
    assert refused("no XML") == (400, "InvalidContent")
    assert refused("x" * (BODY_LIMIT + 1)) == (413, "InvalidContent")
    assert code(send(a_cloud(), "POST", "/jobs", media_info(), Content_MD5="wrong")) == (400, "InvalidContent")


@shows("slow-down-status")
def _() -> None:
    assert refused(media_info(key="mockcloud-refuse-SlowDown.mp4")) == (429, "SlowDown")


@shows("secretid-spelling")
def _() -> None:
    cloud = a_cloud()
    request = signed(cloud, "tencent_ci", Request("GET", "/jobs/j1", CI))
    header = (request.header("authorization") or "").replace("q-ak=mockcloud", "q-ak=nobody")
    assert code(cloud.handle(replace(request, headers=(("Authorization", header),)))) == (401, "SecretidNotExist")


@shows("error-resource")
def _() -> None:
    for setting, wanted in (({}, f"{CI}/jobs/none"), ({"error_resource": "left-out"}, None)):
        response = send(a_cloud(**setting), "PUT", "/jobs/none")
        assert response.status == 400
        assert ET.fromstring(response.body).findtext("Resource") == wanted


@shows("media-info-of-input")
def _() -> None:
    assert finished(media_info(key="in/a.amr")).findtext("Operation/MediaInfo/Format/FormatName") == "amr"
    separated = finished(separation(inline("IsAudio", "<Codec>flac</Codec>")))
    assert separated.findtext("Operation/MediaInfo/Format/FormatName") == "flac"


@shows("two-audio-streams")
def _() -> None:
    for setting, count in (({}, 1), ({"separated_audio_streams": "two"}, 2)):
        media = finished(separation(), a_cloud(**setting)).find("Operation/MediaInfo")
        assert media is not None
        assert [one.findtext("Index") for one in media.iterfind("Stream/Audio")] == ["0"] * count
        assert media.findtext("Format/NumStream") == "1"
    of_a_file = finished(media_info(key="a.mp3"), a_cloud(separated_audio_streams="two"))
    assert len(of_a_file.findall("Operation/MediaInfo/Stream/Audio")) == 1


@shows("media-info-values")
def _() -> None:
    found = finished(media_info()).find("Operation/MediaInfo")
    assert found is not None
    places = ("Stream/Video/CodecName", "Stream/Video/AvgFps", "Stream/Video/Fps", "Stream/Video/HasBFrame", "Format/Bitrate")
    assert [found.findtext(place) for place in places] == ["h264", "25.000000", "25.000000", "1", "1128.000000"]


@shows("pause-or-paused")
def _() -> None:
    cloud = a_cloud()
    job = submit(media_info(f"<QueueId>{QUEUE}</QueueId>"), cloud).findtext("JobsDetail/JobId")
    assert queued(cloud, "Paused").findtext("Queue/State") == "Paused"
    assert read(send(cloud, "GET", f"/jobs/{job}")).findtext("JobsDetail/State") == "Pause"
    assert code(send(cloud, "GET", "/jobs?tag=MediaInfo&states=Paused")) == (400, "InvalidArgument")
    assert code(send(cloud, "GET", "/queue?state=Pause")) == (400, "InvalidArgument")


@shows("paused-queue")
def _() -> None:
    cloud = a_cloud()
    body = media_info(f"<QueueId>{QUEUE}</QueueId>")
    job = submit(body, cloud).findtext("JobsDetail/JobId")
    queued(cloud, "Paused")
    assert refused(body, cloud) == (403, "QueuePaused")
    cloud.clock.advance(60)
    assert read(send(cloud, "GET", f"/jobs/{job}")).findtext("JobsDetail/State") == "Pause"
    queued(cloud, "Active")
    assert submit(body, cloud).findtext("JobsDetail/State") == "Submitted"


@shows("time-pattern")
def _() -> None:
    cloud = Cloud(clock="virtual:0")
    cloud.clock.advance(60)
    submit(media_info(), cloud)
    created = read(send(cloud, "GET", "/jobs?tag=MediaInfo")).findtext("JobsDetail/CreationTime", "")
    for start, found in (
        (created, True),
        (created.replace("T", " "), True),
        ("2999-12-31T23:12:59+0800", False),
        ("soon", True),
        ("%Y", True),
    ):
        jobs = read(send(cloud, "GET", f"/jobs?tag=MediaInfo&startCreationTime={quote(start)}"))
        assert (jobs.find("JobsDetail") is not None) == found, start


@shows("list-queue-id")
def _() -> None:
    assert names(read(send(a_cloud(), "GET", "/jobs?tag=MediaInfo"))) == ["NextToken"]
    assert code(send(a_cloud(), "GET", f"/jobs?queueId={QUEUE}")) == (400, "InvalidArgument")


def made_template(more: str) -> ET.Element:
    body = f"<Request><Tag>VoiceSeparate</Tag><Name>n</Name><AudioMode>IsAudio</AudioMode>{more}</Request>"
    found = read(send(a_cloud(), "POST", "/template", body)).find("Template")
    assert found is not None
    return found


@shows("template-tag-node")
def _() -> None:
    found = made_template("<AudioConfig><Codec>mp3</Codec></AudioConfig>")
    assert (found.findtext("Tag"), found.find("Code")) == ("VoiceSeparate", None)


@shows("template-audio-config")
def _() -> None:
    for more in ("", "<AudioConfig></AudioConfig>"):
        assert names(made_template(more).find("VoiceSeparate")) == ["AudioMode"]


@shows("bind-again")
def _() -> None:
    cloud = a_cloud()
    first = read(send(cloud, "POST", "/mediabucket")).findtext("MediaBucket/CreateTime")
    cloud.clock.advance(60)
    assert read(send(cloud, "POST", "/mediabucket")).findtext("MediaBucket/CreateTime") == first
    strict = a_cloud(bind_again="refused")
    assert send(strict, "POST", "/mediabucket").status == 200
    assert code(send(strict, "POST", "/mediabucket")) == (403, "MediaBucketAlreadyBinded")


@shows("bucket-already-binded")
def _() -> None:
    cloud = a_cloud(bind_again="refused")
    send(cloud, "POST", "/mediabucket")
    assert code(send(cloud, "POST", "/mediabucket")) == (403, "MediaBucketAlreadyBinded")
    cloud.fail_next("tencent_ci.CreateMediaBucket", code="BucketAlreadyBinded")
    assert code(send(cloud, "POST", "/mediabucket")) == (400, "BucketAlreadyBinded")


@shows("callback-jobs-detail")
def _() -> None:
    other = "<Request><Tag>Tts</Tag><Input><Object>a</Object></Input></Request>"
    for setting, wanted in (("page", [dict, list, list]), ("object", [dict] * 3), ("array", [list] * 3)):
        found = [told(body, callback_jobs_detail=setting)["JobsDetail"] for body in (media_info(), separation(), other)]
        assert [type(one) for one in found] == wanted
    assert SETTINGS["callback_jobs_detail"]["default"] == "page"


@shows("callback-job-level")
def _() -> None:
    for setting, level in (({}, 0), ({"callback_job_level": "text"}, "0")):
        assert told(media_info(), **setting)["JobsDetail"]["Operation"]["JobLevel"] == level


@shows("callback-progress")
def _() -> None:
    assert "Progress" not in told(media_info())["JobsDetail"]
    assert finished(media_info()).findtext("Progress") == "100"


def test_the_id_of_a_template_is_the_same_however_its_path_is_encoded() -> None:
    body = "<Request><Tag>VoiceSeparate</Tag><Name>n</Name><AudioMode>IsAudio</AudioMode></Request>"
    for method, more in (("PUT", body), ("DELETE", "")):
        response = send(a_cloud(), method, f"/template/%74{OFFICIAL[1:]}", more)
        assert ET.fromstring(response.body).findtext("Message") == f"The template {OFFICIAL} is an official one"
