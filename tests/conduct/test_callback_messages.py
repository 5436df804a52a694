"""Messages to clients: who reads both forms passes, and each way to read them wrong is found."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from conduct.running import run

from mockcloud import ClientContract

HANDLED = "handles_every_callback_message"
Reader = Callable[[Any, dict[str, str], bytes], Any]


class JobError(Exception):
    """A message that cannot be understood."""


def plain(element: ET.Element) -> Any:
    return {child.tag: plain(child) for child in element} if len(element) else element.text or ""


def both(client: Any, headers: dict[str, str], body: bytes) -> Any:
    found = plain(ET.fromstring(body)) if "xml" in headers["Content-Type"] else json.loads(body)
    jobs = found["JobsDetail"]
    job = jobs[0] if isinstance(jobs, list) else jobs
    return {"JobsDetail": {name: job.get(name) for name in ("JobId", "State", "Code", "Message")}}


def xml_alone(client: Any, headers: dict[str, str], body: bytes) -> Any:
    return plain(ET.fromstring(body))


def lists_unknown(client: Any, headers: dict[str, str], body: bytes) -> Any:
    found = plain(ET.fromstring(body)) if "xml" in headers["Content-Type"] else json.loads(body)
    return {"JobsDetail": {"JobId": found["JobsDetail"]["JobId"]}}


def success_assumed(client: Any, headers: dict[str, str], body: bytes) -> Any:
    found = both(client, headers, body)
    return {"JobsDetail": {**found["JobsDetail"], "State": "Success"}}


def failure_raised(client: Any, headers: dict[str, str], body: bytes) -> Any:
    found = both(client, headers, body)
    if found["JobsDetail"]["State"] == "Failed":
        raise JobError(found["JobsDetail"]["Code"])
    return found


def once_alone(client: dict[str, Any], headers: dict[str, str], body: bytes) -> Any:
    found = both(client, headers, body)
    if client.setdefault(found["JobsDetail"]["JobId"], body) and client.setdefault("seen", 0):
        raise KeyError(found["JobsDetail"]["JobId"])
    client["seen"] += 1
    return found


def nothing(client: Any, headers: dict[str, str], body: bytes) -> Any:
    return None


def other_names(client: Any, headers: dict[str, str], body: bytes) -> Any:
    return {"job": both(client, headers, body)["JobsDetail"]["JobId"]}


def suite(reader: Reader) -> type[ClientContract]:
    body = {
        "operation": "tencent_ci.CreateMediaJobs.MediaInfo",
        "error": JobError,
        "client": lambda self, cloud: {},
        "call": lambda self, client, args: None,
        "on_callback": lambda self, client, headers, body: reader(client, headers, body),
    }
    return type("TestMessages", (ClientContract,), body)


def test_a_client_that_reads_both_forms_raises_no_alarm() -> None:
    ended = run(suite(both), HANDLED)
    assert not ended.page
    assert ended.examples > 10


@pytest.mark.parametrize(
    ("reader", "says"),
    [
        (xml_alone, "it crashes at a message"),
        (lists_unknown, "it crashes at a message"),
        (success_assumed, "the message has JobsDetail.State = 'Failed' and the client reports 'Success'"),
        (failure_raised, "it raises its error at a message"),
        (once_alone, "it crashes at a message after another"),
        (nothing, "`on_callback` gives no dict of members"),
        (other_names, "`on_callback` reports no member that any message has"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_wrong_reader_is_found(reader: Reader, says: str) -> None:
    page = run(suite(reader), HANDLED).page
    assert says in page.split("\n", 1)[0]
    assert "  message    " in page or "gives no dict" in page


def test_the_message_on_a_page_fails_alone() -> None:
    mine = suite(xml_alone)
    code = run(mine, HANDLED).page.partition("To try this case alone:")[2]
    scope: dict[str, Any] = {"TestMessages": mine}
    exec(compile("if True:" + code, "pasted", "exec"), scope)  # noqa: S102  # what is pasted is run
    with pytest.raises(pytest.fail.Exception, match="it crashes at a message"):
        scope["test_this_case"]()


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"on_callback": None}, "the class has no `on_callback`, so its client is sent no messages"),
        ({"operation": "pontus.createTranscodingTask"}, "pontus.createTranscodingTask leads to no message to a client"),
    ],
)
def test_where_no_message_comes_the_test_is_skipped_with_the_reason(attributes: dict[str, Any], reason: str) -> None:
    assert run(type("TestNone", (suite(both),), attributes), HANDLED).reason == reason
