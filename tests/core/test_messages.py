"""The values that travel, and what we raise at our own users."""

from __future__ import annotations

import dataclasses

import pytest

import mockcloud
from mockcloud import Credential, Request, Response
from mockcloud.contracts.behaviours import Behaviours
from mockcloud.errors import ContractError, MissingExtra, MockcloudError, UsageError, nearest
from mockcloud.messages import Refusal, Violation


def test_a_header_is_found_by_its_lower_case_name_trimmed_and_joined() -> None:
    request = Request("GET", "/", "h", (("A-b", " 1 "), ("a-B", "2"), ("C", "")))
    assert (request.header("a-b"), request.header("c"), request.header("d")) == ("1,2", "", None)


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [("/a?b=c?d", "/a", "b=c?d"), ("/a", "/a", ""), ("/a?", "/a", ""), ("", "", ""), ("/%3F?x", "/%3F", "x")],
)
def test_path_and_query_are_the_raw_ones(target: str, path: str, query: str) -> None:
    request = Request("GET", target, "h")
    assert (request.path, request.query) == (path, query)


def test_requests_of_equal_facts_are_equal_hashable_and_frozen() -> None:
    one, two = Request("GET", "/", "h", (("A", "1"),)), Request("GET", "/", "h", (("A", "1"),))
    assert one == two
    assert hash(one) == hash(two)
    assert dataclasses.replace(one, headers=(("A", "2"),)).header("a") == "2"
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.method = "PUT"  # type: ignore[misc]


def test_the_first_header_of_a_response_counts() -> None:
    response = Response(200, (("A", "1"), ("a", "2")))
    assert (response.header("a"), response.header("b")) == ("1", None)


def test_a_secret_key_is_not_printed() -> None:
    assert "hush" not in repr(Credential("id", "hush"))


def test_a_refusal_carries_its_reason_fields_violations_and_note() -> None:
    broken = Violation("r", "/a", 1, "is wrong")
    refusal = Refusal("some", violations=(broken,), note="n", id=5)
    assert (str(refusal), refusal.reason, refusal.fields, refusal.violations, refusal.note) == (
        "some",
        "some",
        {"id": 5},
        (broken,),
        "n",
    )


@pytest.mark.parametrize(
    ("word", "known", "said"),
    [
        ("jdclod", ["jdcloud", "pontus"], " Did you mean 'jdcloud'?"),
        ("get", ["GET", "POST"], " Did you mean 'GET'?"),
        ("zzz", ["b", "a"], " Known: a, b."),
        ("zzz", [], ""),
        ("", ["a"], " Known: a."),
    ],
)
def test_the_nearest_word_is_named_else_all_that_are_known(word: str, known: list[str], said: str) -> None:
    assert nearest(word, known) == said


def test_our_errors_have_one_root_and_say_where_and_what_to_do() -> None:
    error = ContractError("p/x.json", "/a", "is wrong")
    assert str(error) == "p/x.json#/a: is wrong"
    assert "pip install 'mockcloud[fast]'" in str(MissingExtra("speed", "fast"))
    for kind in (ContractError, UsageError, MissingExtra, mockcloud.UnknownHost):
        assert issubclass(kind, MockcloudError)
    assert issubclass(UsageError, ValueError)
    assert issubclass(MissingExtra, ImportError)


def test_every_public_name_is_there_and_no_other() -> None:
    for name in mockcloud.__all__:
        assert getattr(mockcloud, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'Clod'"):
        _ = mockcloud.Clod


def test_a_value_of_a_module_is_given_once() -> None:
    behaviours = Behaviours({"x"})
    assert behaviours.value("a")(len) is len
    with pytest.raises(ValueError, match="'a' is given twice"):
        behaviours.value("a")(len)
    assert behaviours.verifier(len) is behaviours.verify is len  # type: ignore[arg-type]
    assert behaviours.signer(len) is behaviours.sign is len  # type: ignore[arg-type]
