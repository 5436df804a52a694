"""The page of a failure: what it shows, how long it is, and the case on it that can be tried alone."""

from __future__ import annotations

import os
import re
import textwrap
from typing import Any

import pytest
from conduct import wrong
from conduct.clients import Creating, Getting, Pontus, PontusError, ServedCreating
from conduct.running import over, run
from conduct.wrong import FORBIDDEN, GIVEN, IGNORED, RAISED, READ, SIGNED, WAITED, WRONG, Wrong

from mockcloud import ClientContract, Credential, Response
from mockcloud.conduct.outcomes import OWN, Raised, did


def page(contract: type[ClientContract], client: type, test: str) -> str:
    return run(over(contract, client), test).page


def part(page: str, title: str) -> str:
    """What stands behind a title, in one line."""
    found = re.search(rf"^  {title} +(.*(?:\n {{13}}.*)*)", page, re.MULTILINE)
    assert found, page
    return re.sub(r"\n\s+", " ", found[1])


@pytest.mark.parametrize("one", WRONG, ids=lambda one: one.client.__name__)
def test_a_page_has_forty_lines_at_most_and_nothing_of_ours_or_of_hypothesis(one: Wrong) -> None:
    found = one.page
    assert found.count("\n") < 40
    assert not re.search(r"hypothesis|Traceback|mockcloud/conduct|Falsifying|site-packages", found, re.IGNORECASE)


@pytest.mark.parametrize("one", WRONG, ids=lambda one: one.client.__name__)
def test_the_case_on_a_page_fails_alone_with_the_same_sentence_and_passes_with_a_correct_client(one: Wrong) -> None:
    suite, first = one.suite, one.page
    code = textwrap.dedent(first.partition("To try this case alone:")[2])
    again = run_pasted(code, {suite.__name__: suite})
    assert again.split("\n", 1)[0] == first.split("\n", 1)[0]
    assert run_pasted(code, {suite.__name__: one.contract}) == ""


def run_pasted(code: str, names: dict[str, Any]) -> str:
    """What a pasted test fails with, empty for one that passes."""
    scope = dict(names)
    exec(compile(code, "pasted", "exec"), scope)  # noqa: S102  # what is pasted is run
    try:
        scope["test_this_case"]()
    except pytest.fail.Exception as failed:
        return str(failed)
    return ""


def test_the_arguments_are_the_smallest_that_show_it() -> None:
    arguments = part(page(Creating, wrong.UnicodeMangled, GIVEN), "arguments")
    assert "é" in arguments
    assert len(arguments) < 90


def test_a_text_is_cut_down_to_the_part_that_shows_it() -> None:
    class Trimmed(Pontus):
        def body(self, body: dict[str, Any]) -> dict[str, Any]:
            return {**body, "source": {"source_url": body["source"]["source_url"].replace("<", "")}}

    assert "'source_url': '<'" in part(page(Creating, Trimmed, GIVEN), "arguments")


def test_what_was_sent_is_a_command_to_paste() -> None:
    sent = part(page(Creating, wrong.MisspeltMember, GIVEN), "sent")
    assert sent.startswith("curl -X POST https://media.pontus.com/api/v0/task/transcoding -H 'apiPublicKey: mockcloud'")
    assert '"profileName": "x"' in sent


def test_what_was_sent_to_the_loopback_server_is_asked_there() -> None:
    assert "curl -X GET http://127.0.0.1:" in page(ServedCreating, wrong.EndlessOnASocket, WAITED)


def test_the_rule_is_named_with_its_document_and_line() -> None:
    found = part(page(Creating, wrong.ValuesClamped, FORBIDDEN), "contract")
    assert found.startswith("pontus.createTranscodingTask/request#/targets:")
    assert re.search(r"\[.+ line \d+\]$", found)


def test_the_place_is_named_with_its_document_and_line() -> None:
    found = part(page(Creating, wrong.OptionalDropped, GIVEN), "contract")
    assert re.fullmatch(r"pontus\.createTranscodingTask/request#/profile_name \[.+ line \d+\]", found)


def test_the_code_is_named_with_its_document() -> None:
    assert part(page(Creating, wrong.CodeLost, RAISED), "contract").startswith("pontus:NoSuchProfile [")


def test_the_answer_that_was_given_is_shown_not_the_one_that_the_cloud_had() -> None:
    answered = part(page(Getting, wrong.OptionalNeeded, READ), "answered")
    assert answered.startswith('200 {"task_id"')
    assert "NoSuchTask" not in answered


def test_what_the_client_raised_stands_with_the_place_in_its_own_code() -> None:
    client = part(page(Getting, wrong.OptionalNeeded, READ), "client")
    assert re.fullmatch(r"raised KeyError: 'end_time' at wrong\.py:\d+ in read: return \{.+\}", client)


def test_a_folder_that_is_called_nearly_like_ours_is_the_users() -> None:
    scope: dict[str, Any] = {}
    file = f"{OWN.rstrip(os.sep)}_suites/mine.py"
    exec(compile("def fail():\n    raise ValueError", file, "exec"), scope)  # noqa: S102  # there need be no such file
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # there is one
        scope["fail"]()
    assert "at mine.py:2 in fail" in did(Raised(caught.value))


def test_what_the_client_returned_is_shown() -> None:
    assert part(page(Creating, wrong.OptionalDropped, GIVEN), "client") == "returned {'task_id': '3125'}"


def test_an_error_that_cannot_say_what_it_is_about_is_shown_all_the_same() -> None:
    class Mute(PontusError):
        def __str__(self) -> str:
            raise KeyError("message")

    class Muted(Pontus):
        def read(self, status: int, body: bytes) -> dict[str, Any]:
            raise Mute("x")

    assert part(page(Creating, Muted, READ), "client").startswith("raised Mute: (its text cannot be had: KeyError)")


def test_the_secret_of_a_tried_credential_stands_in_the_case() -> None:
    found = page(Creating, wrong.SecretQuoted, SIGNED)
    assert "credential=Credential('AKmockcloud0123456789ABCDEFabcdef', 'kZ3+/9aB=cD/eF+gH==', 'client-7')," in found
    assert "from mockcloud import Credential" in found


def test_what_a_stranger_sent_cannot_move_a_cursor() -> None:
    class Loud(Pontus):
        def read(self, status: int, body: bytes) -> dict[str, Any]:
            raise PontusError("", "\x1b[2J\x07")

    found = page(Creating, Loud, READ)
    assert "\x1b" not in found
    assert "\\x1b[2J" in found


def test_the_same_client_fails_with_the_same_case_each_time() -> None:
    pages = {page(Getting, wrong.StrictAboutMembers, IGNORED).partition("To try")[2] for _ in range(2)}
    assert len(pages) == 1


def test_a_history_that_chance_alone_finds_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "1")

    class Hasty(Pontus):
        def wait(self, version: str, task: str) -> str:
            for _ in range(12):  # as often as any history of the deck is looked at
                found = self.get(version, task)
                if self.ended(found):
                    return str(found["task_status"])
            raise PontusError("", "it takes too long")

    suite = over(Creating, Hasty)
    first = run(suite, WAITED).page
    code = textwrap.dedent(first.partition("To try this case alone:")[2])
    assert "steps=" in code
    again = run_pasted(code, {suite.__name__: suite})
    assert again.split("\n", 1)[0] == first.split("\n", 1)[0]
    assert run_pasted(code, {suite.__name__: Creating}) == ""


def test_what_chance_alone_finds_is_shown_by_its_smallest_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "1")

    class NineRefused(Pontus):
        def body(self, body: dict[str, Any]) -> dict[str, Any]:
            return {**body, "targets": body["targets"][:3]}

    ended = run(over(Creating, NineRefused), GIVEN)
    assert "was given as" in ended.page.split("\n", 1)[0]
    assert part(ended.page, "arguments").count("target_url") == 4


def test_an_answer_can_be_tried_by_hand() -> None:
    answer = Response(200, (("Content-Type", "application/json"),), b'{"task_id": "7"}')
    assert not run(Creating, READ, arguments={"version": "v1", "source": {"source_url": "x"}}, answer=answer).page


def test_a_credential_can_be_tried_by_hand() -> None:
    arguments = {"version": "v1", "source": {"source_url": "x"}, "targets": [{"target_url": "y"}]}
    assert not run(Creating, SIGNED, arguments=arguments, credential=Credential("a", "b", "c")).page
