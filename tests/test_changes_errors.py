"""The catalogue of errors is compared by what a client is told, not by what its entries say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from editions import changes, copied, put

from mockcloud.changes.change import Change, Weight
from mockcloud.changes.diff import diff
from mockcloud.changes.edition import editions
from mockcloud.contracts import folders

UCLOUD, PONTUS = folders.known()["ucloud"], folders.known()["pontus"]
RULES = "ucloud/errors.json#/rules"
CODE = "230"


def compared(tmp_path: Path, edit: Any, provider: str = "ucloud", file: str = "errors.json") -> list[Change]:
    return changes(folders.known()[provider], copied(tmp_path, provider, {file: edit}))


def entry(data: Any, match: str = "*:required") -> Any:
    return next(one for one in data["rules"] if one["match"] == match)


def test_a_pattern_that_earns_another_code_is_told_once_with_the_rules_that_come_to_it(tmp_path: Path) -> None:
    found = compared(tmp_path, lambda data: entry(data).update(code=CODE, message="Missing"))
    assert {change.kind for change in found} <= {"refusal-code-changed", "refusal-status-changed", "refusal-message-changed"}
    change = next(one for one in found if one.kind == "refusal-code-changed")
    assert (change.place, change.new, change.breaking, change.side) == (f"{RULES}/*:required", CODE, True, "errors")
    assert "rules: ucloud." in change.why


def test_a_pattern_that_is_gone_is_told_by_what_its_rules_earn_instead(tmp_path: Path) -> None:
    found = compared(tmp_path, lambda data: data["rules"].remove(entry(data)))
    assert {change.place.partition(" (")[0] for change in found} == {f"{RULES}/*:required"}
    assert all(change.breaking for change in found)


def test_a_pattern_in_other_words_that_tell_the_same_is_a_note(tmp_path: Path) -> None:
    def spelt(data: Any) -> None:
        one = entry(data)
        one["status"] = one.get("status", data["codes"][one["code"]]["status"])

    assert [(one.kind, one.verdict.weight) for one in compared(tmp_path, spelt)] == [("evidence-changed", Weight.NOTE)]


def test_patterns_in_another_order_that_no_rule_notices_are_told_as_an_order(tmp_path: Path) -> None:
    def idle(data: Any) -> None:
        data["rules"][:0] = [
            {"match": "nobody-1", "code": CODE, "evidence": "decision: x"},
            {"match": "nobody-2", "code": CODE, "evidence": "decision: x"},
        ]

    def turned(data: Any) -> None:
        idle(data)
        data["rules"][:2] = reversed(data["rules"][:2])

    old, new = (
        copied(tmp_path / "old", "ucloud", {"errors.json": idle}),
        copied(tmp_path / "new", "ucloud", {"errors.json": turned}),
    )
    assert [(one.kind, one.place, one.breaking) for one in changes(old, new)] == [("refusal-order-changed", RULES, True)]


@pytest.mark.parametrize(
    ("old", "new", "kind", "breaks"),
    [
        (None, {"setting": "adaptive", "is": "accepted"}, "refusal-unless-added", False),
        ({"setting": "adaptive", "is": "accepted"}, None, "refusal-unless-removed", True),
        ({"setting": "adaptive", "is": "accepted"}, {"setting": "adaptive", "is": "refused"}, "refusal-unless-changed", True),
    ],
)
def test_whether_a_refusal_counts_is_told(old: Any, new: Any, kind: str, breaks: bool, tmp_path: Path) -> None:
    def under(setting: Any) -> Any:
        return lambda data: entry(data).update(unless=setting) if setting else None

    folders_of = [copied(tmp_path / name, "ucloud", {"errors.json": under(one)}) for name, one in (("old", old), ("new", new))]
    assert [(one.kind, one.place, one.breaking) for one in changes(*folders_of)] == [(kind, f"{RULES}/*:required", breaks)]


def test_a_rules_own_sentence_is_on_the_wire_where_the_message_shows_it(tmp_path: Path) -> None:
    def reworded(data: Any) -> None:
        named(data)["x-says"] = "is not what it should be"

    found = compared(tmp_path, reworded, "jdcloud", "requests/createThumbnailTask.schema.json")
    assert [one.kind for one in found if one.verdict.weight is Weight.NOTE] == ["wording-changed"]
    told = [one for one in found if one.kind == "refusal-message-changed"]
    assert [one.breaking for one in told] == [True]
    assert "is not what it should be" in told[0].new


def named(node: Any) -> Any:
    """The first schema with a named rule."""
    if isinstance(node, dict):
        return node if "x-rule" in node else next((found for below in node.values() if (found := named(below))), None)
    return next((found for below in node if (found := named(below))), None) if isinstance(node, list) else None


def test_codes_that_tasks_may_have_by_a_pattern_are_told(tmp_path: Path) -> None:
    more = put("task_codes", value={"pattern": "^X", "evidence": "decision: x"})
    assert [(one.kind, one.breaking) for one in compared(tmp_path, more, "pontus")] == [("task-codes-added", True)]


def test_a_provider_that_comes_fits_and_one_that_goes_breaks_its_clients() -> None:
    both_of_them, one = {**editions(UCLOUD, ""), **editions(PONTUS, "")}, editions(PONTUS, "")
    come, gone = diff(one, both_of_them), diff(both_of_them, one)
    assert [(change.kind, change.place, change.breaking) for change in come] == [
        ("provider-added", "ucloud/provider.json#", False)
    ]
    assert [(change.kind, change.place, change.breaking) for change in gone] == [
        ("provider-removed", "ucloud/provider.json#", True)
    ]
