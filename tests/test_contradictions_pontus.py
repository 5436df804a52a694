"""Where Pontus' pages disagree, what was decided is what happens, and each setting's other values choose otherwise."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cases import ROOT, signed
from shown import Register

from mockcloud import Cloud, Credential, Request, Response
from mockcloud.providers.pontus import checksum

REGISTER = Register("pontus")
CONTRADICTIONS, TESTS, shows = REGISTER.contradictions, REGISTER.tests, REGISTER.shows
CODES = json.loads((ROOT / "schemas/pontus/errors.json").read_text(encoding="utf-8"))["codes"]
HOST = "media.pontus.com"
SYSTEM = "video_mp4_1280x720_1728kbps"
TASK = {"source": {"source_url": "rtmp://h/in"}, "targets": [{"target_url": "rtmp://h/out"}]}
QUALITY = {"container": "mp4", "bitrate": 1000000, "audio_bitrate": 64000}
CHANNEL = {"cid": "room", "profile_name": SYSTEM, "type": 1}
KEYS = Credential("mockcloud", "mockcloud-secret", "mockcloud")


def a_cloud(**settings: Any) -> Cloud:
    cloud = Cloud(clock="virtual:0", settings={"pontus": settings})
    cloud.report = lambda problem: None
    return cloud


def ask(method: str, path: str, body: Any = None, cloud: Cloud | None = None, version: str = "v1") -> Response:
    sent = b"" if body is None else json.dumps(body).encode()
    heard = cloud or a_cloud()
    return heard.handle(signed(heard, "pontus", Request(method, f"/api/{version}{path}", HOST, (), sent)))


def told(method: str, path: str, body: Any = None, cloud: Cloud | None = None) -> dict[str, Any]:
    response = ask(method, path, body, cloud)
    assert response.status == 200, response.body
    found: dict[str, Any] = json.loads(response.body)
    return found


def code(response: Response) -> str:
    return "" if response.status == 200 else str(json.loads(response.body)["code"])


def headers(**changed: str) -> dict[str, str]:
    """The five headers, sealed after the changes unless the seal is one of them."""
    given = {"apiPublicKey": KEYS.access_key, "apiNonce": "1", "apiClientCode": KEYS.client_code, "apiExecTime": "1432038519"}
    given.update(changed)
    seal = checksum(KEYS.secret_key, given["apiNonce"].strip(), given["apiClientCode"].strip(), given["apiExecTime"].strip())
    return {**given, "apiCheckSum": changed.get("apiCheckSum", seal)}


def by_hand(sent: dict[str, str], cloud: Cloud | None = None) -> Response:
    return (cloud or a_cloud()).handle(Request("GET", "/api/v1/profiles", HOST, tuple(sent.items())))


def task(cloud: Cloud, **more: Any) -> str:
    return str(told("POST", "/task/transcoding", {**TASK, **more}, cloud)["task_id"])


def course(cloud: Cloud, source: str = "rtmp://h/in") -> list[dict[str, Any]]:
    """A task as it is answered after 0, 2 and 5 seconds."""
    made, seen = task(cloud, source={"source_url": source}), []
    for seconds in (0, 2, 3):
        cloud.clock.advance(seconds)
        seen.append(told("GET", f"/task/transcoding/{made}", cloud=cloud))
    return seen


def profile(**quality: Any) -> dict[str, Any]:
    """The only quality of a profile as it is answered, once it was made with these members."""
    cloud = a_cloud()
    made = ask("POST", "/profile", {"profile_name": "p", "qlties": [{**QUALITY, **quality}]}, cloud)
    assert made.status == 200, made.body
    (found,) = told("GET", "/profile/p", cloud=cloud)["qlties"]
    return dict(found)


def refused(**quality: Any) -> str:
    return code(ask("POST", "/profile", {"profile_name": "p", "qlties": [{**QUALITY, **quality}]}))


INVALID = "InvalidParameterException"


@pytest.mark.parametrize("name", sorted(CONTRADICTIONS))
def test_the_decision_is_what_happens(name: str) -> None:
    TESTS[name]()


def test_each_contradiction_is_shown_and_nothing_else() -> None:
    assert set(TESTS) == set(CONTRADICTIONS)


@shows("fullwidth-colon")
def _() -> None:
    assert by_hand(headers()).status == 200
    wide = {name + ("：" if name in ("apiExecTime", "apiCheckSum") else ""): value for name, value in headers().items()}
    assert code(by_hand(wide)) == "AccessDenied"


@shows("header-case")
def _() -> None:
    for spelt in (str.lower, str.upper, str.capitalize):
        assert by_hand({spelt(name): value for name, value in headers().items()}).status == 200


@shows("header-spaces")
def _() -> None:
    assert by_hand({name: f" {value} " for name, value in headers().items()}).status == 200
    inside = headers(apiNonce="1 2")
    assert by_hand(inside).status == 200
    assert code(by_hand({**inside, "apiNonce": "12"})) == "AccessDenied"


@shows("versions")
def _() -> None:
    cloud = a_cloud()
    made = task(cloud)
    for version in ("v0", "v1", "v20"):
        assert ask("GET", f"/task/transcoding/{made}", cloud=cloud, version=version).status == 200
    for version in ("v", "1", "v1.0", "V1"):
        response = ask("GET", f"/task/transcoding/{made}", cloud=cloud, version=version)
        assert (response.status, code(response)) == (404, "InvalidVersion")


@shows("failed-status")
def _() -> None:
    assert course(a_cloud(), "mockcloud-fail-Unknown.mp4")[-1]["task_status"] == "FAILED"


@shows("status-words")
def _() -> None:
    assert [one["task_status"] for one in course(a_cloud())] == ["PENDING", "RUNNING", "SUCCESS"]
    assert [one["task_status"] for one in course(a_cloud(), "mockcloud-fail-Unknown.mp4")] == ["PENDING", "RUNNING", "FAILED"]


@shows("missing-comma")
def _() -> None:
    cloud = a_cloud()
    assert json.loads(ask("GET", f"/task/transcoding/{task(cloud)}", cloud=cloud).body)["task_status"] == "PENDING"


@shows("targets-type")
def _() -> None:
    assert course(a_cloud())[0]["targets"] == TASK["targets"]
    wrong: list[Any] = [{"target_url": "rtmp://h/out"}, []]
    also: list[Any] = [QUALITY, []]
    for targets in wrong:
        assert code(ask("POST", "/task/transcoding", {**TASK, "targets": targets})) == INVALID
    for qualities in also:
        assert code(ask("POST", "/profile", {"profile_name": "p", "qlties": qualities})) == INVALID


@shows("dash-as-necessity")
def _() -> None:
    assert task(a_cloud())
    lacking: list[dict[str, Any]] = [{"source": {}}, {"targets": [{}]}]
    for broken in lacking:
        assert code(ask("POST", "/task/transcoding", {**TASK, **broken})) == INVALID
    assert code(ask("POST", "/task/transcoding", {**TASK, "profile_name": "none"})) == "NoSuchProfile"


@shows("error-text")
def _() -> None:
    error = course(a_cloud(), "mockcloud-fail-ParameterError.mp4")[-1]["error"]
    assert error == {"code": "ParameterError", "message": "The input parameter is invalid. Please check it."}


@shows("exec-time-digits")
def _() -> None:
    for time in ("17893213213213213", "0", "1432038519"):
        assert by_hand(headers(apiExecTime=time)).status == 200
    assert code(by_hand(headers(apiExecTime="yesterday"))) == INVALID


@shows("checksum-sample")
def _() -> None:
    sealed = headers()["apiCheckSum"]
    assert len(sealed) == 40
    assert [by_hand(headers(apiCheckSum=one)).status for one in (sealed, sealed.upper(), "897321897321321")] == [200, 200, 403]


@shows("no-special-headers")
def _() -> None:
    assert by_hand(headers()).status == 200
    for name in headers():
        assert code(by_hand({one: value for one, value in headers().items() if one != name})) == "AccessDenied"


@shows("error-member")
def _() -> None:
    optional = {"error", "start_time", "end_time"}
    assert [optional & set(one) for one in course(a_cloud())] == [set(), {"start_time"}, {"start_time", "end_time"}]
    assert optional <= set(course(a_cloud(), "mockcloud-fail-Unknown.mp4")[-1])


@shows("server-name")
def _() -> None:
    answers = [ask("GET", "/profiles"), ask("POST", "/profile", {"profile_name": "p", "qlties": [QUALITY]}), ask("GET", "/none")]
    assert [answer.header("server") for answer in answers] == ["PWS"] * 3


@shows("no-other-methods")
def _() -> None:
    cloud = a_cloud()
    made = task(cloud)
    for method, path in (
        ("GET", "/task/transcoding"),
        ("DELETE", f"/task/transcoding/{made}"),
        ("PUT", "/profile/p"),
        ("POST", "/channels"),
    ):
        response = ask(method, path, cloud=cloud)
        assert (response.status, code(response)) == (405, "MethodNotAllowed")
        assert response.header("allow")


@shows("host-on-one-line")
def _() -> None:
    assert by_hand({**headers(), "Accept": "*/*"}).status == 200


@shows("profile-spellings")
def _() -> None:
    for sent in ({"b_frame_size": 2, "channels": 6}, {"b_frame_num": 2, "audio_channels": 6}):
        found = profile(**sent)
        assert (found["b_frame_num"], found["audio_channels"]) == ("2", "6")
        assert not {"b_frame_size", "channels"} & set(found)
    assert profile(b_frame_size=0, b_frame_num=3)["b_frame_num"] == "0"


@shows("numbers-as-strings")
def _() -> None:
    for width in (640, "640", 640.0):
        found = profile(width=width)
        assert found["width"] == "640"
        assert all(isinstance(value, str) for value in found.values())
    assert refused(width="63") == refused(width=63) == INVALID
    for rate in (1.5, "1.5", 10**12, "1000000000000"):
        assert profile(bitrate=rate)["bitrate"] == str(rate)
    assert refused(bitrate=0.5) == refused(bitrate="0.5") == INVALID
    cloud = a_cloud()
    ask("POST", "/profile", {"profile_name": "p", "qlties": [QUALITY]}, cloud)
    read = told("GET", "/profile/p", cloud=cloud)["qlties"]
    assert ask("POST", "/profile", {"profile_name": "copy", "qlties": read}, cloud).status == 200
    assert told("GET", "/profile/copy", cloud=cloud)["qlties"] == read


@shows("framerate")
def _() -> None:
    given = (30, "30", "30/1", "30000/1001", None)
    assert [profile(framerate=one)["framerate"] for one in given] == ["30", "30", "30", "30000/1001", "0"]
    assert refused(framerate="31/1") == refused(framerate=29.97) == INVALID


@shows("created-time")
def _() -> None:
    cloud = a_cloud()
    ask("POST", "/profile", {"profile_name": "p", "qlties": [QUALITY]}, cloud)
    made = told("POST", "/channel", CHANNEL, cloud)
    shown = [made, told("GET", "/channel/room", cloud=cloud), told("GET", "/profile/p", cloud=cloud), course(cloud)[0]]
    assert all("create_time" in one and "created_time" not in one for one in shown)


@shows("copy-format")
def _() -> None:
    found = profile(container="copy", format="copy", audio_format="copy")
    assert [found[name] for name in ("container", "format", "audio_format")] == ["copy"] * 3


@shows("copy-bitrate")
def _() -> None:
    for name in ("bitrate", "audio_bitrate"):
        assert refused(container="copy", format="copy", audio_format="copy", **{name: None}) == INVALID


@shows("profile-example-name")
def _() -> None:
    assert told("GET", f"/profile/{SYSTEM}")["profile_name"] == SYSTEM


@shows("show-id")
def _() -> None:
    for sent, shown in (
        ({"show_id_name": True}, True),
        ({"show_id": True}, True),
        ({"show_id": True, "show_id_name": False}, False),
        ({}, False),
    ):
        cloud = a_cloud()
        told("POST", "/channel", {**CHANNEL, **sent}, cloud)
        found = told("GET", "/channel/room", cloud=cloud)
        assert (found["show_id"], "show_id_name" in found) == (shown, False)


@shows("channel-create-result")
def _() -> None:
    assert set(told("POST", "/channel", {**CHANNEL, "screen_mode": "2-LEFT"})) == {"cid", "max_member", "create_time"}


@shows("empty-with-json-type")
def _() -> None:
    answer = ask("POST", "/profile", {"profile_name": "p", "qlties": [QUALITY]})
    assert (answer.status, answer.body, answer.header("content-type")) == (200, b"", "application/json;charset=UTF-8")


@shows("draft-paths")
def _() -> None:
    cloud = a_cloud()
    for path in ("/v3/pipeline", "/apiV1/pontus/channel/create", "/api/v1/pontus/channel/create"):
        request = signed(cloud, "pontus", Request("POST", path, HOST, (), b"{}"))
        response = cloud.handle(request)
        assert (response.status, code(response)) == (404, "InvalidURI")


# the settings' other values


def test_a_time_far_from_the_clock_can_be_refused() -> None:
    cloud = a_cloud(max_skew_seconds=300)
    now = int(cloud.clock.now())
    found = [by_hand(headers(apiExecTime=str(now + off)), cloud).status for off in (0, 300, -300, 302, -302)]
    assert found == [200, 200, 200, 403, 403]


def test_a_nonce_can_be_longer_or_must_be_shorter() -> None:
    lengths = {64: ("200", "400"), 0: ("200", "200"), 8: ("400", "400")}
    for longest, wanted in lengths.items():
        cloud = a_cloud(max_nonce_length=longest)
        assert tuple(str(by_hand(headers(apiNonce="1" * length), cloud).status) for length in (64, 65)) == wanted


def test_a_channel_can_be_made_for_more_members_or_fewer() -> None:
    cloud = a_cloud(max_member=1)
    assert told("POST", "/channel", CHANNEL, cloud)["max_member"] == 1
    joined = [ask("POST", "/channel/ilvb", {"cid": "room", "input_url": "u"}, cloud).status for _ in range(2)]
    assert joined == [200, 400]


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"apiClientCode": ""}, "InvalidHTTPAuthHeader"),
        ({"apiPublicKey": "nobody"}, "InvalidAccessKeyId"),
        ({"apiClientCode": "another"}, "InvalidAccessKeyId"),
        ({"apiCheckSum": "0" * 40}, "SignatureDoesNotMatch"),
        ({"apiExecTime": "1432038519"}, "RequestExpired"),
        ({"apiExecTime": "soon"}, INVALID),
    ],
)
def test_strangers_can_be_told_the_cause_by_the_ancestors_codes(changed: dict[str, str], wanted: str) -> None:
    cloud = a_cloud(auth_codes="ancestor", max_skew_seconds=300)
    response = by_hand(headers(**{"apiExecTime": str(int(cloud.clock.now())), **changed}), cloud)
    assert (response.status, code(response)) == (CODES[wanted]["status"], wanted)
    plain = by_hand(headers(**{"apiExecTime": str(int(cloud.clock.now())), **changed}), a_cloud(max_skew_seconds=300))
    assert code(plain) == ("AccessDenied" if wanted != INVALID else INVALID)


@pytest.mark.parametrize(("settings", "members"), [({}, set()), ({"refusal_request_id": True}, {"requestId"})])
def test_a_refusal_can_tell_the_requests_id(settings: dict[str, Any], members: set[str]) -> None:
    cloud = a_cloud(**settings)
    told = [json.loads(ask("GET", f"/profile/none{number}", cloud=cloud).body) for number in range(2)]
    assert [set(one) - {"code", "message"} for one in told] == [members] * 2
    assert len({one.get("requestId", number) for number, one in enumerate(told)}) == 2


def test_an_object_can_be_taken_for_a_list_of_one_target() -> None:
    cloud = a_cloud(lone_target="accepted")
    for targets in ({"target_url": "u"}, [{"target_url": "u"}]):
        made = task(cloud, targets=targets)
        assert told("GET", f"/task/transcoding/{made}", cloud=cloud)["targets"] == [{"target_url": "u"}]
    wrong: list[Any] = [{}, {"target_url": ""}, [], "u", 7]
    for targets in wrong:
        assert code(ask("POST", "/task/transcoding", {**TASK, "targets": targets}, cloud)) == INVALID
