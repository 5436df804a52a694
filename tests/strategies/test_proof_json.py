"""Item by item: what is drawn for operations of plain data holds, breaks and shows what it is said to."""

from __future__ import annotations

import pytest
from draws import DRAWS, law
from proof import figures, wanted
from proof.figures import ENOUGH, of_broken, of_valid

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.messages import Request
from mockcloud.reports.dossier import dossiers
from mockcloud.state.journal import Exchange
from mockcloud.strategies import broken

FOUND = [one for entry in dossiers() for one in entry.contract.operations.values() if isinstance(one.request, JsonSchema)]
each_operation = pytest.mark.parametrize("operation", [one.id for one in FOUND])


@each_operation
def test_every_draw_keeps_every_rule_and_every_value_is_seen_within_a_thousand(operation: str) -> None:
    found = of_valid(operation, law, DRAWS)
    assert not found.wrong
    assert not found.unseen, f"not seen within {ENOUGH} draws"


@each_operation
def test_every_rule_is_broken_alone_by_every_draw_that_is_labelled_with_it(operation: str) -> None:
    found = of_broken(operation, law, DRAWS // 2, each=2)
    assert not found.wrong
    assert found.broken == set(broken.ways(operation))


def test_a_request_that_is_not_refused_as_it_says_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lenient(figures.Trial):
        def asked(self, request: Request) -> Exchange:
            return super().asked(request)._replace(refusal="")

    monkeypatch.setattr(figures, "Trial", Lenient)
    found = of_broken("pontus.createChannel", law, 5, each=1)
    assert len(found.wrong) == found.drawn_broken > 5


def test_every_rule_of_these_operations_is_broken_by_some_request_alone_but_one_that_a_setting_passes_over() -> None:
    rules = {rule for one in FOUND for rule in one.request.rules}
    unbroken = rules - {rule for one in FOUND for rule in broken.ways(one.id)}
    assert unbroken == {"ucloud.CreateFunctionTemplate/request#/VideoBitRate:spelt-as-documented"}


@pytest.mark.parametrize("name", wanted.IMPOSSIBLE)
def test_what_no_request_can_show_is_shown_by_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    operation, _, value = name.partition(" ")
    monkeypatch.setattr(figures, "ENOUGH", 100)
    monkeypatch.setattr(wanted, "IMPOSSIBLE", {})
    assert value in of_valid(operation, law, 1).unseen
