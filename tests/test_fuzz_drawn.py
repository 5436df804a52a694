"""Cases that are drawn find what no deck holds, are made small, and are the same under the same seed."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import chain, repeat
from typing import Any

import pytest
from broken_servers import THUMBNAIL, asking, resigned, server

from mockcloud import strategies
from mockcloud.drafting import decks
from mockcloud.drafting.requests import parameters
from mockcloud.drafting.sessions.caller import Caller
from mockcloud.errors import MissingExtra
from mockcloud.fuzzing import cards, drawn, tampering
from mockcloud.fuzzing.campaign import Campaign
from mockcloud.fuzzing.deviation import Deviation, Report
from mockcloud.fuzzing.pair import Pair
from mockcloud.fuzzing.target import NoAnswer, Target, Unreachable
from mockcloud.messages import Request, Response
from mockcloud.reports.dossier import dossier


def pair_with(target: Target) -> tuple[Pair, Report]:
    campaign = Campaign(dossier("jdcloud"), target, [THUMBNAIL], examples=0)
    return campaign._pair(), campaign.report


def valid(target: Target, seed: int, examples: int) -> list[Deviation]:
    pair, report = pair_with(target)
    for _ in drawn._searched(pair, "valid", strategies.requests(THUMBNAIL), drawn._valid(pair), examples, seed):
        pass
    return list(report.deviations.values())


def failing(on: Any) -> Target:
    """A server that fails on some requests."""
    kept = server("jdcloud")

    def send(request: Request) -> Response:
        if on(request):
            raise NoAnswer("the connection was closed without an answer")
        return kept.send(request)

    return replace(kept, send=send)


def _prefixed(request: Request) -> bool:
    """A prefix that holds more than plain letters, beside a rule: no deck holds that."""
    body = json.loads(request.body) if request.body.startswith(b"{") else {}
    target = body.get("target")
    return isinstance(target, dict) and not str(target.get("destKeyPrefix", "")).isascii() and "rule" in body


def test_a_server_that_keeps_its_contract_is_not_complained_of() -> None:
    pair, report = pair_with(server("jdcloud"))
    operation = dossier("jdcloud").contract.operations[THUMBNAIL.partition(".")[2]]
    for _ in drawn.of_operation(pair, operation, 10, 1):
        pass
    assert not report.deviations
    assert pair.asked > 12


def test_what_no_deck_holds_is_found_small_and_again_under_the_same_seed() -> None:
    (shown,), (again,) = (valid(failing(_prefixed), seed=3, examples=60) for _ in range(2))
    assert (shown.kind, shown.rule) == ("no-answer", "valid")
    assert shown.request.body == again.request.body
    body = json.loads(shown.request.body)
    assert set(body) == {"source", "target", "rule"}
    assert set(body["target"]) == {"destBucket", "destKeyPrefix"}
    assert len(body["target"]["destKeyPrefix"]) == 1
    assert not body["rule"]


def test_a_rule_that_is_not_checked_is_found_by_what_is_drawn_as_well() -> None:
    def mended(request: Request) -> Request:
        body = json.loads(request.body) if request.body.startswith(b"{") else {}
        rule = body.get("rule")
        if not isinstance(rule, dict) or type(rule.get("count")) is not int or rule["count"] <= 3600:
            return request
        rule["count"] = 3600
        return resigned("jdcloud", parameters.with_body(request, json.dumps(body).encode()))

    kept = server("jdcloud")
    pair, report = pair_with(replace(kept, send=asking(mended)(kept.send)))
    rule = f"{THUMBNAIL}/request#/rule/count:maximum"
    cases = strategies.broken_requests(THUMBNAIL, rule)
    for _ in drawn._searched(pair, "broken", cases, drawn._broken(pair, decks.operation_of(THUMBNAIL)[1]), 10, 1):
        pass
    assert [(one.kind, one.rule) for one in report.deviations.values()] == [("accepted", rule)]


def test_a_deck_that_deviates_is_shown_by_the_smallest_request() -> None:
    campaign = Campaign(dossier("jdcloud"), failing(lambda request: b"keyFrame" in request.body), [THUMBNAIL], examples=0)
    for part in campaign.parts():
        for _ in campaign.play(part):
            pass
    valid = [one for one in campaign.report.deviations.values() if one.kind == "no-answer" and one.rule == "valid"]
    (shown,) = valid
    body = json.loads(shown.request.body)
    assert set(body) == {"source", "target", "rule"}
    assert set(body["rule"]) == {"keyFrame"}


def test_a_deviation_that_one_request_shows_was_seen_once() -> None:
    once = iter([True])
    pair, report = pair_with(failing(lambda request: next(once, False)))
    for _ in cards.valid(pair, decks.operation_of(THUMBNAIL)[1]):
        pass
    assert [(one.kind, one.seen) for one in report.deviations.values()] == [("no-answer", 1)]


def test_a_server_that_is_gone_for_a_moment_ends_the_search_of_drawn_cases_as_it_ends_a_run() -> None:
    kept, left = server("jdcloud"), iter([False] * 5 + [True])

    def send(request: Request) -> Response:
        if next(left, False):
            raise Unreachable("no connection to 127.0.0.1:8080: Connection refused")
        return kept.send(request)

    pair, report = pair_with(replace(kept, send=send))
    with pytest.raises(Unreachable):
        for _ in drawn.of_operation(pair, decks.operation_of(THUMBNAIL)[1], 20, 1):
            pass
    assert (report.deviations, pair.asked) == ({}, 6)


def test_what_is_changed_after_signing_does_not_depend_on_where_a_second_ends() -> None:
    deck = decks.drafts(THUMBNAIL)

    def names(*moments: float) -> list[str]:
        now = chain(moments, repeat(moments[-1]))
        caller = Caller(dossier("jdcloud"), None, now=lambda: next(now))
        return [one.name for one in tampering.of_operation(caller, deck[0])]

    assert names(1_767_268_800.5) == names(1_767_268_799.999, 1_767_268_800.001)


def test_without_hypothesis_it_is_said_what_is_missing_before_anything_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(drawn, "import_module", missing)
    with pytest.raises(MissingExtra, match=r"--examples 0 does without.*pip install 'mockcloud\[hypothesis\]'"):
        Campaign(dossier("jdcloud"), server("jdcloud"), [THUMBNAIL], examples=1)
    Campaign(dossier("jdcloud"), server("jdcloud"), [THUMBNAIL], examples=0)
