"""Pontus has no SDK: plain httpx and requests walk every workflow, once in process and once over a socket."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple

import httpx
import pytest
import requests
from cases import ROOT

from mockcloud import Cloud, Credential

CODES = json.loads((ROOT / "schemas/pontus/errors.json").read_text(encoding="utf-8"))["codes"]
OPERATIONS = json.loads((ROOT / "schemas/pontus/operations.json").read_text(encoding="utf-8"))
ACCOUNTS = [Credential(f"key-{number}", f"secret-{number}", f"client-{number}") for number in range(500)]
SYSTEM = "video_mp4_1280x720_1728kbps"
QUALITY = {"container": "mp4", "bitrate": 1000000, "audio_bitrate": 64000, "width": 1280, "height": 720}
TASK = {"source": {"source_url": "rtmp://h/in"}, "profile_name": SYSTEM, "targets": [{"target_url": "rtmp://h/out"}]}
CHANNEL = {"cid": "room", "profile_name": SYSTEM, "type": 1}
PROFILE = {"profile_name": "mine", "qlties": [QUALITY]}
GUEST = {"cid": "room", "input_url": "rtmp://h/camera"}


class Answer(NamedTuple):
    """An answer as both clients tell it."""

    status: int
    body: Any
    headers: Any


def by_httpx(method: str, url: str, headers: dict[str, str], body: Any) -> Answer:
    with httpx.Client(trust_env=False, verify=False) as client:
        answer = client.request(method, url, headers=headers, json=body)
    return Answer(answer.status_code, answer.json() if answer.content else None, answer.headers)


def by_requests(method: str, url: str, headers: dict[str, str], body: Any) -> Answer:
    with requests.Session() as session:
        session.trust_env = False
        answer = session.request(method, url, headers=headers, json=body)
    return Answer(answer.status_code, answer.json() if answer.content else None, answer.headers)


class Account:
    """A client with keys that nobody else uses, and the cloud behind it."""

    def __init__(self, cloud: Cloud, base: str, send: Callable[..., Answer], keys: Credential) -> None:
        self.cloud, self.base, self.send, self.keys = cloud, base, send, keys

    def headers(self, **changed: str) -> dict[str, str]:
        nonce, seconds = "938219048", "1432038519"
        text = self.keys.secret_key + nonce + self.keys.client_code + seconds
        given = {
            "apiPublicKey": self.keys.access_key,
            "apiNonce": nonce,
            "apiClientCode": self.keys.client_code,
            "apiExecTime": seconds,
            "apiCheckSum": hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(),
        }
        return {**given, **changed}

    def call(self, method: str, path: str, body: Any = None, version: str = "v1", **changed: str) -> Answer:
        return self.send(method, f"{self.base}/api/{version}{path}", self.headers(**changed), body)

    def does(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.call(method, path, body)
        assert answer.status == 200, answer
        assert answer.headers["Server"] == "PWS"
        return answer.body

    def refused(self, method: str, path: str, body: Any = None, **more: str) -> tuple[int, str]:
        answer = self.call(method, path, body, **more)
        assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
        assert set(answer.body) == {"code", "message"}
        return answer.status, answer.body["code"]


@pytest.fixture(scope="module", params=["in process", "over a socket"])
def entrance(request: pytest.FixtureRequest) -> Iterator[tuple[Cloud, str, Iterator[Credential]]]:
    with ExitStack() as stack:
        cloud = Cloud(clock="virtual:0", credentials={"pontus": ACCOUNTS})
        cloud.report = lambda problem: None
        if request.param == "in process":
            stack.enter_context(cloud.intercept())
            base = "http://media.pontus.com"
        else:
            base = stack.enter_context(cloud.serve()).url
        yield cloud, base, iter(ACCOUNTS)


@pytest.fixture(params=[by_httpx, by_requests])
def account(entrance: tuple[Cloud, str, Iterator[Credential]], request: pytest.FixtureRequest) -> Account:
    cloud, base, keys = entrance
    return Account(cloud, base, request.param, next(keys))


def test_a_profile_lives_as_long_as_a_task_that_uses_it(account: Account) -> None:
    assert account.does("POST", "/profile", PROFILE) is None
    shown = account.does("GET", "/profile/mine")
    assert (shown["qlties_length"], shown["qlties"][0]["bitrate"], shown["qlties"][0]["b_frame_num"]) == (1, "1000000", "0")
    task = account.does("POST", "/task/transcoding", {**TASK, "profile_name": "mine"})["task_id"]
    seen = []
    for seconds in (0, 2, 3):
        account.cloud.clock.advance(seconds)
        found = account.call("GET", f"/task/transcoding/{task}", version="v0").body
        seen.append((found["task_status"], "start_time" in found, "end_time" in found))
        if found["task_status"] != "SUCCESS":
            assert account.refused("DELETE", "/profile/mine") == (400, "ProfileNotEmpty")
    assert seen == [("PENDING", False, False), ("RUNNING", True, False), ("SUCCESS", True, True)]
    assert account.does("DELETE", "/profile/mine") is None
    assert account.refused("GET", "/profile/mine") == (404, "NoSuchProfile")
    assert account.refused("POST", "/task/transcoding", {**TASK, "profile_name": "mine"}) == (404, "NoSuchProfile")


def test_profiles_are_listed_after_the_systems_own_which_stay(account: Account) -> None:
    account.does("POST", "/profile", PROFILE)
    listed = [one["profile_name"] for one in account.does("GET", "/profiles")["profiles"]]
    assert listed == [SYSTEM, "video_mp4_1920x1080_3660kbps", "mine"]
    assert account.refused("DELETE", f"/profile/{SYSTEM}") == (403, "AccessDenied")
    assert account.refused("POST", "/profile", PROFILE) == (400, "InvalidParameterException")
    assert len(account.does("GET", "/profiles")["profiles"]) == 3


def test_a_channel_is_made_changed_read_and_deleted(account: Account) -> None:
    made = account.does("POST", "/channel", CHANNEL)
    assert set(made) == {"cid", "max_member", "create_time"}
    assert account.does("PUT", "/channel/room", {"screen_mode": "2-RIGHT", "show_id_name": True}) is None
    shown = {**CHANNEL, **made, "screen_mode": "2-RIGHT", "show_id": True}
    assert account.does("GET", "/channel/room") == shown
    assert account.does("GET", "/channels") == {"channels": [shown]}
    assert account.does("DELETE", "/channel/room") is None
    assert account.refused("GET", "/channel/room") == (404, "NoSuchChannel")
    assert account.does("GET", "/channels") == {"channels": []}


def test_members_join_until_the_channel_is_full_and_go_with_it(account: Account) -> None:
    account.does("POST", "/channel", CHANNEL)
    joined = [account.does("POST", "/channel/ilvb", {**GUEST, "id_name": f"来宾{number}"}) for number in range(8)]
    members = [one["member_id"] for one in joined]
    assert members == list(range(members[0], members[0] + 8))
    assert {one["output_url"] for one in joined} == {f"rtmp://media.pontus.com/ilvb/output{one}" for one in members}
    assert account.refused("POST", "/channel/ilvb", GUEST) == (400, "InvalidParameterException")
    assert account.does("DELETE", f"/channel/ilvb/{members[0]}") is None
    last = account.does("POST", "/channel/ilvb", GUEST)["member_id"]
    listed = account.does("GET", "/channel/room/members")["members"]
    assert [one["member_id"] for one in listed] == [*members[1:], last]
    assert (listed[0]["id_name"], listed[-1]["id_name"], listed[-1]["display_type"]) == ("来宾1", "", "normal")
    account.does("DELETE", "/channel/room")
    assert account.refused("DELETE", f"/channel/ilvb/{last}") == (404, "NoSuchMember")
    account.does("POST", "/channel", CHANNEL)
    assert account.does("GET", "/channel/room/members") == {"cid": "room", "members": []}


def test_a_live_channel_takes_no_members_until_it_is_an_interactive_one(account: Account) -> None:
    account.does("POST", "/channel", {**CHANNEL, "type": 0})
    assert account.refused("POST", "/channel/ilvb", GUEST) == (400, "InvalidParameterException")
    account.does("PUT", "/channel/room", {"type": 1})
    assert account.does("POST", "/channel/ilvb", GUEST)["cid"] == "room"


def test_what_one_account_has_another_does_not_see(account: Account) -> None:
    account.does("POST", "/profile", PROFILE)
    account.does("POST", "/channel", CHANNEL)
    member = account.does("POST", "/channel/ilvb", GUEST)["member_id"]
    account.keys = ACCOUNTS[-1]
    assert account.refused("GET", "/profile/mine") == (404, "NoSuchProfile")
    assert account.refused("GET", "/channel/room") == (404, "NoSuchChannel")
    assert account.refused("DELETE", f"/channel/ilvb/{member}") == (404, "NoSuchMember")
    assert account.does("GET", "/channels") == {"channels": []}


def test_strangers_wrong_versions_paths_and_methods_are_refused(account: Account) -> None:
    assert account.refused("GET", "/profiles", apiPublicKey="stranger") == (403, "AccessDenied")
    assert account.refused("GET", "/profiles", apiCheckSum="0" * 40) == (403, "AccessDenied")
    assert account.refused("GET", "/profiles", apiNonce="9" * 65) == (400, "InvalidParameterException")
    assert account.refused("GET", "/profiles", version="v1.0") == (404, "InvalidVersion")
    assert account.refused("GET", "/queues") == (404, "InvalidURI")
    assert account.refused("GET", "/task/transcoding") == (405, "MethodNotAllowed")


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_code_of_the_catalogue_reaches_the_client(code: str, account: Account) -> None:
    entry = CODES[code]
    if entry["where"] in ("request", "both"):
        account.cloud.fail_next("pontus.createTranscodingTask", code=code, where="request")
        answer = account.call("POST", "/task/transcoding", TASK)
        assert (answer.status, answer.body) == (entry["status"], {"code": code, "message": entry["message"]})
    if entry["where"] in ("task", "both"):
        account.cloud.fail_next("pontus.createTranscodingTask", code=code, where="task")
        task = account.does("POST", "/task/transcoding", TASK)["task_id"]
        account.cloud.clock.advance(5)
        found = account.does("GET", f"/task/transcoding/{task}")
        assert (found["task_status"], found["error"]) == ("FAILED", {"code": code, "message": entry["message"]})


CALLS = {
    "createTranscodingTask": TASK,
    "createProfile": {**PROFILE, "profile_name": "other"},
    "createChannel": {**CHANNEL, "cid": "other"},
    "updateChannel": {"type": 1},
    "joinLiveInteraction": GUEST,
}


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_each_operation_can_be_made_to_refuse_once(name: str, account: Account) -> None:
    account.does("POST", "/profile", PROFILE)
    account.does("POST", "/channel", CHANNEL)
    ids = {
        "{profile_name}": "mine",
        "{cid}": "room",
        "{cid:(?!ilvb$).+}": "room",
        "{member_id}": str(account.does("POST", "/channel/ilvb", GUEST)["member_id"]),
        "{task_id}": account.does("POST", "/task/transcoding", TASK)["task_id"],
    }
    path = OPERATIONS[name]["path"].removeprefix("/api/{version}")
    for place, value in ids.items():
        path = path.replace(place, value)
    (method,) = OPERATIONS[name]["methods"]
    account.cloud.fail_next(f"pontus.{name}", code="InternalError", where="request")
    assert account.refused(method, path, CALLS.get(name)) == (500, "InternalError")
    assert account.call(method, path, CALLS.get(name)).status == 200
