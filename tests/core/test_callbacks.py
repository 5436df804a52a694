"""Messages to clients: when they are sent, how often, in which order, what they say; and the effect that asks."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import NOON, WHY, ask, done

from mockcloud import Cloud, Request, VirtualClock
from mockcloud.state import callbacks as module
from mockcloud.state.messenger import Message, Messages
from mockcloud.state.ring import BYTES, LENGTH

MAKE = {"effect": {"create": "task"}, "result": "$task.id"}
END = {"of": "task", "on": ["Good"], "to": "$request.url", "codec": "json", "body": {"id": "$task.id", "state": "$task.state"}}
PATIENT = 30.0
"""Seconds that only a hang would reach."""


class Receiver:
    """A client's endpoint on loopback: keeps what arrived and answers as it is told."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answer: Callable[[int], tuple[int, bytes]] = lambda count: (200, b"")
        """The answer to the message of this number, from 1."""
        keep = self

        class Handler(BaseHTTPRequestHandler):
            def handle_one(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                keep.seen.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                status, text = keep.answer(len(keep.seen))
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_POST = do_PUT = handle_one  # noqa: N815  # the names that http.server looks for

            def log_message(self, *about: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/told"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PATIENT)

    def said(self) -> list[Any]:
        return [json.loads(body) for _, _, _, body in self.seen]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    one = Receiver()
    yield one
    one.stop()


Opened = Callable[..., Cloud]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    def make(callbacks: dict[str, Any], operations: dict[str, Any] | None = None, *, files: dict[str, str] | None = None, options: dict[str, Any] | None = None, **more: Any) -> Cloud:  # fmt: skip
        folder = tmp_path / "made"
        for name, text in (files or {}).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        made.loaded(folder, {"Make": MAKE, **(operations or {})}, callbacks=callbacks, **more)
        return made.cloud_of(folder, **{"clock": VirtualClock(NOON, 0), **(options or {})})

    return make


def told(cloud: Cloud) -> list[tuple[float, str, str, int]]:
    return [(message.at - NOON, message.callback, message.task, message.attempt) for message in cloud.callbacks]


def test_a_message_is_sent_when_its_task_ends_and_not_before(opened: Opened, receiver: Receiver) -> None:
    cloud = opened({"end": END})
    done(cloud, "Make", url=receiver.url)
    cloud.clock.advance(4.9)
    assert receiver.seen == []
    cloud.clock.advance(100)
    assert receiver.said() == [{"id": "task-1", "state": "Good"}]
    (message,) = cloud.callbacks
    assert message == cloud.callbacks[0]
    assert (message.at, message.provider, message.to, message.method, message.sent, message.kept_back, message.status, message.delivered, message.problem) == (NOON + 5, "made", receiver.url, "POST", True, False, 200, True, "")  # fmt: skip
    cloud.clock.advance("1d")
    cloud.deliver()
    assert (len(receiver.seen), len(cloud.callbacks), repr(cloud.callbacks)) == (1, 1, "<1 messages>")


def test_messages_are_sent_in_the_order_in_which_their_tasks_end(opened: Opened, receiver: Receiver) -> None:
    cloud = opened({"off": {**END, "on": ["Off"]}, "end": END, "also": END}, {"Off": {"effect": {"event": "cancel", "kind": "task", "id": "/id"}, "result": 1}})  # fmt: skip
    for _ in range(3):
        done(cloud, "Make", url=receiver.url)
        cloud.clock.advance(1)
    done(cloud, "Off", id="task-3")
    cloud.clock.advance(60)
    assert told(cloud) == [(3, "off", "task-3", 1), (5, "end", "task-1", 1), (5, "also", "task-1", 1), (6, "end", "task-2", 1), (6, "also", "task-2", 1)]  # fmt: skip


def test_a_message_says_how_things_stood_at_its_time(opened: Opened, receiver: Receiver) -> None:
    body = {"now": "$now", "date": "$date", "ended": "$task.ended", "of": "$task.request.a", "by": "$host.account", "id": "$request_id", "random": "$random"}  # fmt: skip
    headers = {"X-State": "$task.state", "X-None": "$task.failure", "Content-Type": "application/json"}
    cloud = opened({"end": {**END, "body": body, "headers": headers, "method": "PUT"}})
    done(cloud, "Make", url=receiver.url, a=1)
    done(cloud, "Make", url=receiver.url, a=2)
    cloud.clock.advance(50)
    (method, path, sent, _), _ = receiver.seen
    assert (method, path, sent["x-state"], sent["content-type"], "x-none" in sent) == ("PUT", "/told", "Good", "application/json", False)  # fmt: skip
    one, two = receiver.said()
    assert one.pop("random") != two.pop("random")
    assert one.pop("id") != two.pop("id")
    assert one == {"now": NOON + 5, "date": "Thu, 01 Jan 2026 12:00:05 GMT", "ended": "12:00:05", "of": 1, "by": "me"}


def test_a_message_is_tried_again_after_its_gaps_until_it_is_taken(opened: Opened, receiver: Receiver) -> None:
    cloud = opened({"end": {**END, "retries": [10, "20", 40, 80]}})
    receiver.answer = lambda count: (299 if count == 3 else 503, b"")
    done(cloud, "Make", url=receiver.url)
    cloud.clock.advance(1000)
    assert told(cloud) == [(5, "end", "task-1", 1), (15, "end", "task-1", 2), (35, "end", "task-1", 3)]
    assert [message.delivered for message in cloud.callbacks] == [False, False, True]
    cloud.clock.advance(1000)
    assert len(receiver.seen) == 3


def test_a_message_is_taken_by_the_statuses_that_the_contract_names(opened: Opened, receiver: Receiver) -> None:
    cloud = opened({"end": {**END, "retries": [1, 1, 1], "taken_by": [200, 410]}})
    receiver.answer = lambda count: ((201, 204, 410)[count - 1], b"")
    done(cloud, "Make", url=receiver.url)
    cloud.clock.advance(1000)
    assert [(message.status, message.delivered) for message in cloud.callbacks] == [(201, False), (204, False), (410, True)]


@pytest.mark.parametrize(
    ("retries", "times"),
    [([], [5]), (None, [5]), ("5", [5]), ([0, 0], [5, 5, 5]), ([-3, 1], [5, 5, 6]), (["soon", 1], [5]), (["nan", 2], [5, 5, 7])],
)
def test_a_message_that_nobody_takes_is_given_up_after_its_last_gap(opened: Opened, receiver: Receiver, retries: Any, times: list[float]) -> None:  # fmt: skip
    cloud = opened({"end": {**END, "retries": "$request.retries"}})
    receiver.answer = lambda count: (300, b"")
    done(cloud, "Make", url=receiver.url, retries=retries)
    cloud.clock.advance(1000)
    assert [at for at, *_ in told(cloud)] == times


def test_a_receiver_that_is_not_there_is_tried_again_and_the_problem_is_kept(opened: Opened, receiver: Receiver) -> None:
    receiver.stop()
    cloud = opened({"end": {**END, "retries": [10]}})
    done(cloud, "Make", url=receiver.url)
    cloud.clock.advance(1000)
    assert told(cloud) == [(5, "end", "task-1", 1), (15, "end", "task-1", 2)]
    assert [(one.sent, one.kept_back, one.status, bool(one.problem)) for one in cloud.callbacks] == [(False, False, 0, True)] * 2


def test_what_is_for_strangers_is_kept_back_and_recorded_and_not_tried_again(opened: Opened) -> None:
    cloud = opened({"end": {**END, "retries": [10]}})
    done(cloud, "Make", url="http://example.com/told")
    done(cloud, "Make", url="no URL")
    cloud.clock.advance(1000)
    assert [(one.to, one.kept_back, one.sent, one.attempt) for one in cloud.callbacks] == [("http://example.com/told", True, False, 1), ("no URL", True, False, 1)]  # fmt: skip
    assert "example.com" in cloud.callbacks[0].problem
    assert json.loads(cloud.callbacks[0].body)["id"] == "task-1"


@pytest.mark.parametrize("url", [None, ""])
def test_nothing_is_sent_or_recorded_where_there_is_nobody_to_tell(opened: Opened, url: str | None) -> None:
    cloud = opened({"end": END})
    done(cloud, "Make", url=url)
    cloud.clock.advance(1000)
    assert len(cloud.callbacks) == 0


def test_what_goes_to_a_place_of_the_vendors_is_recorded_and_not_sent(opened: Opened, receiver: Receiver) -> None:
    cloud = opened({"end": {**END, "record": "$request.topic", "retries": [1]}})
    done(cloud, "Make", url=receiver.url, topic="topic-1")
    done(cloud, "Make", url=receiver.url)
    cloud.clock.advance(1000)
    assert [(one.to, one.sent, one.kept_back) for one in cloud.callbacks] == [
        ("topic-1", False, True),
        (receiver.url, True, False),
    ]
    assert len(receiver.seen) == 1


OFF = {"effect": {"event": "cancel", "kind": "task", "id": "/id"}, "result": 1}


def test_a_cancelled_task_is_told_of_where_the_contract_says_so(opened: Opened, receiver: Receiver) -> None:
    cloud = opened({"end": END, "off": {**END, "on": ["Off", "Bad"]}}, {"Off": OFF})
    done(cloud, "Make", url=receiver.url)
    cloud.clock.advance(1.5)
    done(cloud, "Off", id="task-1")
    cloud.clock.advance(1000)
    assert told(cloud) == [(1.5, "off", "task-1", 1)]


def test_a_cancelled_task_is_not_told_of_where_the_contract_does_not(opened: Opened, receiver: Receiver) -> None:
    cloud = opened({"end": END}, {"Off": OFF})
    done(cloud, "Make", url=receiver.url)
    done(cloud, "Off", id="task-1")
    cloud.clock.advance(1000)
    assert receiver.seen == []


def test_a_removed_task_is_not_told_of(opened: Opened, receiver: Receiver) -> None:
    cloud = opened({"end": END}, {"Del": {"effect": {"remove": "task", "id": "/id"}, "result": 1}})
    for _ in range(2):
        done(cloud, "Make", url=receiver.url)
    done(cloud, "Del", id="task-1")
    cloud.clock.advance(1000)
    assert told(cloud) == [(5, "end", "task-2", 1)]


def test_a_kind_of_task_that_no_message_is_of_is_not_watched(opened: Opened, receiver: Receiver) -> None:
    lifecycle = {**made.LIFE, "other": made.LIFE["task"]}
    cloud = opened({"end": END}, {"Other": {"effect": {"create": "other"}, "result": "$task.id"}}, lifecycle=lifecycle)
    done(cloud, "Other", url=receiver.url)
    cloud.clock.advance(1000)
    assert receiver.seen == []
    assert not cloud._service("made").callbacks._changed


MESSAGES = {"end": {**END, "to": "http://127.0.0.1:9/", "retries": "$request.gaps"}, "off": {**END, "on": ["Off"], "record": "shelf"}}  # fmt: skip


@settings(max_examples=40, deadline=None, database=None, derandomize=True)
@given(
    plan=st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.lists(st.integers(0, 4), max_size=2)), min_size=1, max_size=5),
    cuts=st.lists(st.integers(1, 8), max_size=8),
)
def test_many_advances_send_what_one_sends(tmp_path_factory: pytest.TempPathFactory, plan: list[Any], cuts: list[int]) -> None:
    folder = tmp_path_factory.getbasetemp() / "advances" / "made"
    if not folder.exists():
        made.loaded(folder, {"Make": MAKE, "Off": OFF}, callbacks=MESSAGES)
    stories = []
    for steps in ([40], [*cuts, *[1] * (40 - sum(cuts))] if sum(cuts) < 40 else [20, 20]):
        cloud = made.cloud_of(folder, clock=VirtualClock(NOON, 0))
        cloud._sender.send = lambda message: module_outcome()  # type: ignore[method-assign]
        for wait, cancelled, gaps in plan:
            name = done(cloud, "Make", gaps=gaps)
            if cancelled:
                done(cloud, "Off", id=name)
            cloud.clock.advance(wait)
        for step in [*steps, 200]:
            cloud.clock.advance(step)
        stories.append([*told(cloud)])
    assert stories[0] == stories[1]
    assert [at for at, *_ in stories[0]] == sorted(at for at, *_ in stories[0])


def module_outcome() -> Any:
    from mockcloud.outbound import Outcome

    return Outcome(True, 500, (), b"", "")


def test_two_threads_that_deliver_at_once_send_once(opened: Opened, receiver: Receiver) -> None:
    cloud = opened({"end": {**END, "retries": [1]}})
    for _ in range(3):
        done(cloud, "Make", url=receiver.url)
    arrived, go_on = threading.Event(), threading.Event()

    def answer(count: int) -> tuple[int, bytes]:
        arrived.set()
        assert go_on.wait(PATIENT)
        return 200, b""

    receiver.answer = answer
    one = threading.Thread(target=cloud.clock.advance, args=(100,))
    one.start()
    assert arrived.wait(PATIENT)
    cloud.deliver()  # returns at once, though the receiver has not answered
    assert len(receiver.seen) == 1
    go_on.set()
    one.join(PATIENT)
    assert [said["id"] for said in receiver.said()] == ["task-1", "task-2", "task-3"]


def test_8_threads_that_deliver_send_each_message_once(opened: Opened, receiver: Receiver) -> None:
    cloud = opened({"end": END})
    for _ in range(20):
        done(cloud, "Make", url=receiver.url)
    threads = [threading.Thread(target=cloud.clock.advance, args=(10,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENT)
    cloud.deliver()
    assert sorted(said["id"] for said in receiver.said()) == sorted(f"task-{n}" for n in range(1, 21))


def test_a_receiver_may_move_the_clock_and_what_is_due_by_then_is_sent(opened: Opened, receiver: Receiver) -> None:
    cloud = opened({"end": END})
    done(cloud, "Make", url=receiver.url)

    def answer(count: int) -> tuple[int, bytes]:
        if count == 1:
            done(cloud, "Make", url=receiver.url)
            cloud.clock.advance(60)
        return 200, b""

    receiver.answer = answer
    cloud.clock.advance(5)
    assert told(cloud) == [(5, "end", "task-1", 1), (10, "end", "task-2", 1)]


def test_a_message_that_cannot_be_made_keeps_no_other_back_for_good(opened: Opened, receiver: Receiver) -> None:
    cloud = opened(
        {"end": {**END, "body": {"$if": "$request.bad", "then": {"$call": "refused", "with": ["$now"]}, "else": "$task.id"}}}
    )
    done(cloud, "Make", url=receiver.url, bad=1)
    done(cloud, "Make", url=receiver.url)
    with pytest.raises(made.Refusal):
        cloud.clock.advance(5)
    cloud.deliver()
    assert receiver.said() == ["task-2"]


def test_the_messages_of_two_providers_are_sent_in_the_order_of_their_times(tmp_path: Path, receiver: Receiver) -> None:
    folders = [tmp_path / name for name in ("made", "other")]
    for folder in folders:
        made.loaded(folder, {"Make": MAKE}, callbacks={"end": END})
    cloud = made.cloud_of(*folders, clock=VirtualClock(NOON, 0))
    for provider in ("other", "made", "other", "made"):
        assert ask(cloud, "Make", "me", provider, url=receiver.url)[0] == ""
        cloud.clock.advance(0.5)
    cloud.clock.advance(100)
    assert [(one.at - NOON, one.provider) for one in cloud.callbacks] == [
        (5, "other"),
        (5.5, "made"),
        (6, "other"),
        (6.5, "made"),
    ]
    assert len(receiver.seen) == 4


XSD = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:element name="Note"><xs:annotation><xs:appinfo>{WHY}</xs:appinfo></xs:annotation><xs:complexType><xs:all>
<xs:element name="State" type="xs:string" minOccurs="0"><xs:annotation><xs:appinfo>{WHY}</xs:appinfo></xs:annotation></xs:element>
<xs:element name="Id" type="xs:string" minOccurs="0"><xs:annotation><xs:appinfo>{WHY}</xs:appinfo></xs:annotation></xs:element>
</xs:all></xs:complexType></xs:element></xs:schema>"""


def test_a_message_is_written_in_the_codec_that_its_view_gives(opened: Opened, receiver: Receiver) -> None:
    body = {"$if": "$request.codec", "is": "text", "then": "$request.text", "else": {"Note": {"Id": "$task.id", "State": "$task.state"}}}  # fmt: skip
    callback = {**END, "codec": {"$first": ["$request.codec", "xml"]}, "body": body, "schemas": {"xml": "note.xsd", "json": "any.schema.json"}}  # fmt: skip
    cloud = opened({"end": callback}, files={"responses/note.xsd": XSD})
    for more in ({}, {"codec": "json"}, {"codec": "text", "text": "so it is"}, {"codec": "text"}):
        done(cloud, "Make", url=receiver.url, **more)
    cloud.clock.advance(100)
    xml, json_, text, empty = [body for *_, body in receiver.seen]
    assert xml.endswith(b"<Note><State>Good</State><Id>task-1</Id></Note>")
    assert json.loads(json_) == {"Note": {"Id": "task-2", "State": "Good"}}
    assert (text, empty) == (b"so it is", b"")


def test_a_message_speaks_of_items_as_they_stand_when_it_is_sent(opened: Opened, receiver: Receiver) -> None:
    books = made.resource({"id": "b1", "name": "Emma"}, presets="changeable")
    gather = {"book": {"resource": "book", "id": "$request.book"}}
    callback = {**END, "gather": gather, "body": {"name": "$book.name", "id": "$task.id"}}
    cloud = opened({"end": callback}, {"Put": {"effect": {"change": "book", "id": "b1", "item": {"name": "$request.name"}}, "result": 1}}, resources={"book": books})  # fmt: skip
    for book in ("b1", "b9", None):
        done(cloud, "Make", url=receiver.url, book=book)
    done(cloud, "Make", "you", url=receiver.url, book="b1")
    done(cloud, "Put", name="Emil")
    cloud.clock.advance(100)
    assert receiver.said() == [
        {"name": "Emil", "id": "task-1"},
        {"id": "task-2"},
        {"id": "task-3"},
        {"name": "Emma", "id": "task-4"},
    ]


def test_the_oldest_messages_go_when_there_are_too_many() -> None:
    messages, one = Messages(2), Message(1, "p", "c", "t", "to", "POST", (), b"", 1)
    for attempt in (1, 2, 3):
        messages.record(one._replace(attempt=attempt))
    assert ([message.attempt for message in messages], len(messages), messages[-1].attempt) == ([2, 3], 2, 3)


def test_10000_messages_are_kept_and_64_mib_of_them_with_what_was_answered() -> None:
    messages, one = Messages(), Message(1, "p", "c", "t", "to", "POST", (), b"", 1)
    for attempt in range(LENGTH + 1):
        messages.record(one._replace(attempt=attempt))
    assert (len(messages), messages[0].attempt) == (LENGTH, 1)
    half = b"x" * (BYTES // 2)
    messages.record(one._replace(body=half, attempt=-1))
    messages.record(one._replace(answer=half, attempt=-2))
    assert [message.attempt for message in messages] == [-2]


def test_nothing_is_due_where_there_is_no_provider() -> None:
    module.Deliveries().deliver([], 5)


# the effect that asks

CHECK = {
    "to": "$request.url",
    "codec": "json",
    "body": {"say": "$random"},
    "expects": {"$call": "kept", "with": ["$request.expected"]},
}
ASK = {"effect": [{"ask": "check", "refuse": "no-answer", "when": {"$if": "$request.skip", "else": True}}, {"create": "task"}], "result": "$task.id"}  # fmt: skip


def test_an_endpoint_that_answers_as_it_should_lets_the_request_through(opened: Opened, receiver: Receiver) -> None:
    receiver.answer = lambda count: (200, b" pong\n")
    cloud = opened({"check": CHECK}, {"Do": ASK})
    assert done(cloud, "Do", url=receiver.url, expected="pong") == "task-1"
    assert done(cloud, "Do", url=receiver.url) == "task-2", "where nothing is expected any answer will do"
    (one, _) = cloud.callbacks
    assert (one.at, one.task, one.attempt, one.delivered, one.answer) == (NOON, "", 1, True, b" pong\n")


@pytest.mark.parametrize(("status", "answer"), [(200, b"pang"), (500, b"pong"), (302, b"pong"), (200, b"")])
def test_an_endpoint_that_answers_otherwise_refuses_the_request(opened: Opened, receiver: Receiver, status: int, answer: bytes) -> None:  # fmt: skip
    receiver.answer = lambda count: (status, answer)
    cloud = opened({"check": CHECK}, {"Do": ASK})
    code, fields = ask(cloud, "Do", url=receiver.url, expected="pong")
    assert (code, fields) == ("No no-answer", {"found": f"status {status} and {answer.decode()!r}"})
    assert (cloud.tasks("made"), len(cloud.callbacks)) == ([], 1)
    assert receiver.url in cloud.journal.last.note


def test_an_endpoint_that_is_not_there_refuses_the_request(opened: Opened, receiver: Receiver) -> None:
    receiver.stop()
    cloud = opened({"check": CHECK}, {"Do": ASK})
    code, fields = ask(cloud, "Do", url=receiver.url)
    assert (code, fields) == ("No no-answer", {"found": cloud.callbacks[0].problem})


def test_an_endpoint_that_may_not_be_called_is_taken_to_have_answered_well(opened: Opened) -> None:
    cloud = opened({"check": CHECK}, {"Do": ASK})
    assert done(cloud, "Do", url="http://example.com/", expected="pong") == "task-1"
    assert [(one.to, one.kept_back) for one in cloud.callbacks] == [("http://example.com/", True)]


@pytest.mark.parametrize("url", ["http://[::1", "http://host:99999/", "nowhere", "ftp://host/"])
def test_an_endpoint_whose_url_leads_nowhere_has_not_answered(opened: Opened, url: str) -> None:
    cloud = opened({"check": CHECK}, {"Do": ASK})
    code, fields = ask(cloud, "Do", url=url)
    assert (code, fields) == ("No no-answer", {"found": cloud.callbacks[0].problem})


@pytest.mark.parametrize("arguments", [{"skip": 1}, {"url": ""}, {}])
def test_nobody_is_asked_where_there_is_nothing_to_ask_or_nobody(opened: Opened, receiver: Receiver, arguments: dict[str, Any]) -> None:  # fmt: skip
    cloud = opened({"check": CHECK}, {"Do": ASK})
    assert done(cloud, "Do", **{"url": receiver.url if arguments.get("skip") else "", **arguments}) == "task-1"
    assert (receiver.seen, len(cloud.callbacks)) == ([], 0)


@pytest.mark.parametrize(("came", "sent"), [("", "1"), ("1", "2"), ("2", "3"), ("x", "1"), ("1, 2", "1")])
def test_a_message_says_how_many_mocks_what_it_answers_to_came_through(opened: Opened, receiver: Receiver, came: str, sent: str) -> None:  # fmt: skip
    cloud = opened({"end": END, "check": CHECK}, {"Do": ASK})
    for operation in ("Make", "Do"):
        cloud.handle(Request("POST", f"/{operation}", "me.made.example", (("X-Mockcloud-Hop", came),), json.dumps({"url": receiver.url}).encode()))  # fmt: skip
    cloud.clock.advance(60)
    assert {headers["x-mockcloud-hop"] for _, _, headers, _ in receiver.seen} == {sent}


def test_a_message_that_came_through_three_mocks_goes_no_further(opened: Opened, receiver: Receiver) -> None:
    cloud = opened({"end": END})
    cloud.handle(Request("POST", "/Make", "me.made.example", (("X-Mockcloud-Hop", "3"),), json.dumps({"url": receiver.url}).encode()))  # fmt: skip
    cloud.clock.advance(60)
    (message,) = cloud.callbacks
    assert (receiver.seen, message.sent) == ([], False)
    assert "look for a callback that leads back to the mock" in message.problem


def test_an_ask_without_when_always_asks_and_its_expectation_may_speak_of_what_was_said(opened: Opened, receiver: Receiver) -> None:  # fmt: skip
    receiver.answer = lambda count: (200, receiver.seen[-1][3])
    check = {**CHECK, "expects": "$body"}
    cloud = opened({"check": check}, {"Do": {"effect": {"ask": "check", "refuse": "no-answer"}, "result": 1}})
    assert done(cloud, "Do", url=receiver.url) == 1
    receiver.answer = lambda count: (200, b"{}")
    assert ask(cloud, "Do", url=receiver.url)[0] == "No no-answer"


def test_an_ask_is_let_through_to_a_host_that_the_user_names(opened: Opened) -> None:
    cloud = opened({"check": CHECK}, {"Do": ASK}, options={"callback_hosts": ["nowhere.invalid"]})
    code, _ = ask(cloud, "Do", url="http://nowhere.invalid/")
    assert (code, cloud.callbacks[0].kept_back) == ("No no-answer", False)


def test_a_real_clock_that_is_advanced_sends_what_is_due(opened: Opened, receiver: Receiver) -> None:
    cloud = opened({"end": END}, options={"clock": "real"})
    done(cloud, "Make", url=receiver.url)
    cloud.clock.advance("1m")
    assert receiver.said() == [{"id": "task-1", "state": "Good"}]


def test_what_the_next_request_is_answered_is_the_same_whether_what_was_due_has_been_sent_or_not(tmp_path: Path) -> None:
    shapes = {name: [{"random": "0123456789abcdef", "length": 8}] for name in ("task", "request")}
    operations = {"make": MAKE}
    folder = tmp_path / "made"
    made.loaded(folder, operations, callbacks={"end": {**END, "to": "http://client.example/"}}, identifiers=shapes)
    seen = []
    for sent in (False, True):
        cloud = made.cloud_of(folder)
        done(cloud, "make")
        for _ in range(10):
            cloud.clock.tick()
        if sent:
            cloud.deliver()
        seen.append((done(cloud, "make"), len(cloud.callbacks)))
    assert (seen[0][0], seen[0][1], seen[1][1]) == (seen[1][0], 0, 1)
