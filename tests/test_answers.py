"""The documents among the fixtures, and how far they go: every example answer of the vendors' pages, every rule of an answer."""

from __future__ import annotations

import pytest
from answers import Document, documents, problem, schema_of
from cases import Case, all_cases
from test_seeds import SEEDS, listed, seed_documents

from mockcloud.contracts import folders
from mockcloud.contracts.evidence import Evidence
from mockcloud.contracts.loader import load

CASES = all_cases("answers", "requests")

EXAMPLES = {
    "000": [(79, 84)],
    "002": [(33, 33), (59, 59)],
    "003": [(110, 135), (222, 255), (300, 340)],
    "004": [(84, 93), (167, 196)],
}
"""First and last line of each example of an answer; the second document has none."""


def wrong(document: Document) -> str:
    contract = load(folders.known()[document.provider])
    return problem(document, schema_of(contract, document), contract.errors)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_document_and_each_near_miss_of_it_gets_its_verdict_from_both_validators(case: Case) -> None:
    problems = [found for document in documents(case) if (found := wrong(document))]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_evidence_of_a_document_is_a_document_or_decision_of_its_provider(case: Case) -> None:
    contract = load(folders.known()[case.provider])
    evidence = Evidence(contract.documents, contract.contradictions)
    assert listed(case.data["evidence"])
    for source in listed(case.data["evidence"]):
        evidence.check(source, case.id, "")


@pytest.mark.parametrize("provider", sorted(folders.known()))
def test_every_rule_of_what_a_vendor_answers_or_tells_is_broken_by_a_near_miss(provider: str) -> None:
    contract = load(folders.known()[provider])
    every = [document for case in CASES if case.provider == provider for document in documents(case)]
    shared = {id(schema_of(contract, one)): one for one in every if one.side != "request"}
    assert shared
    broken = {one.rule for one in every}
    rules = {rule for one in shared.values() for rule in schema_of(contract, one).rules}
    assert rules - broken == set(), "write them, or let `python -m tests.mutation --variants` do it"


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the vendors' documents are not beside this checkout")
@pytest.mark.parametrize(
    ("seed", "first", "last"), [pytest.param(s, *span, id=f"{s}-{span[0]}") for s, spans in EXAMPLES.items() for span in spans]
)
def test_each_example_of_an_answer_is_a_document(seed: str, first: int, last: int) -> None:
    name = next(name for name, file in seed_documents().items() if file.startswith(seed))
    cited = {source for case in CASES for source in listed(case.data["evidence"])}
    assert cited & {f"{name}#{number}" for number in range(first, last + 1)}, f"nothing cites {name} {first}..{last}"
