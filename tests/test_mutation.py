"""No constraint is idle: a sample of the contracts' mutants, another one each day, and the tool that makes them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cases import Case
from mutation import survivors, table
from mutation.fixtures import Seen
from mutation.json_mutants import Owner, of_request
from mutation.laboratory import LOADER
from mutation.mutant import Mutant, dropped, put
from mutation.run import Study, judge, studies
from mutation.variants import variant_for
from mutation.xml_mutants import split

from mockcloud.contracts import folders
from mockcloud.contracts.loader import load

PROVIDERS = sorted(table.providers())
DAY = int(time.strftime("%Y%j", time.gmtime()))
SAMPLE = 100
"""As many as about ten seconds of one processor can judge."""


@pytest.fixture(scope="module")
def studied() -> Iterator[dict[str, Study]]:
    with studies() as chosen:
        yield chosen


class TestContracts:
    def test_todays_sample_of_mutants_survives_where_it_is_listed_and_nowhere_else(self, studied: dict[str, Study]) -> None:
        provider = PROVIDERS[DAY % len(PROVIDERS)]
        study = studied[provider]
        names = study.sample(SAMPLE, DAY)
        judge(study, names)
        verdicts = {name: bool(study.verdicts[name].by) for name in names}
        problems = survivors.complaints(provider, study.mutants, verdicts)
        again = f"python -m tests.mutation --provider {provider} --sample {SAMPLE} --seed {DAY}"
        assert not problems, f"see docs/coverage-of-contracts.md; again by {again}\n" + "\n".join(problems)

    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_every_listed_survivor_is_a_mutant_that_exists(self, studied: dict[str, Study], provider: str) -> None:
        assert survivors.complaints(provider, studied[provider].mutants, {}) == []

    def test_every_listed_survivor_stands_once_and_under_a_reason(self) -> None:
        for provider, by_reason in survivors.listed().items():
            names = [name for listed in by_reason.values() for name in listed]
            assert provider in PROVIDERS
            assert len(set(names)) == len(names)
            assert all(len(reason) > survivors.SHORTEST for reason in by_reason)

    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_every_rule_of_a_request_has_a_mutant(self, studied: dict[str, Study], provider: str) -> None:
        mutated = {rule for mutant in studied[provider].mutants.values() for rule in mutant.rules}
        rules = {rule for one in load(folders.known()[provider]).operations.values() for rule in one.request.rules}
        assert rules - mutated == set()

    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_the_copy_that_is_mutated_says_what_the_contract_says(self, studied: dict[str, Study], provider: str) -> None:
        original, copy = load(folders.known()[provider]), load(studied[provider].laboratory.folder)
        for name, operation in original.operations.items():
            assert copy.operations[name].request.rules == operation.request.rules
            assert (copy.operations[name].response is None) == (operation.response is None)
            if operation.response:
                assert copy.operations[name].response.rules == operation.response.rules


class TestPage:
    def test_the_page_counts_what_there_is(self) -> None:
        assert table.PAGE.read_text(encoding="utf-8") == table.page(), "python -m tests.mutation --table writes it"

    @pytest.mark.parametrize("provider", PROVIDERS)
    def test_the_figures_agree_with_the_list_of_survivors(self, provider: str) -> None:
        found = survivors.figures()[provider]
        assert found["mutants"] - found["fixtures"] - found["loader"] == len(survivors.reasons(provider))


class TestTool:
    @pytest.fixture
    def study(self, studied: dict[str, Study]) -> Study:
        return studied["pontus"]

    def verdict(self, study: Study, mutant: Mutant) -> str:
        with study.laboratory.open():
            return study.laboratory.judged(mutant).by

    def mutant(self, study: Study, ending: str) -> Mutant:
        return next(mutant for name, mutant in study.mutants.items() if name.endswith(ending))

    def test_a_rule_removed_is_noticed_by_the_fixture_that_breaks_it(self, study: Study) -> None:
        mutant = self.mutant(study, "createTranscodingTask/request#/source:required removed")
        noticed_by = self.verdict(study, mutant)
        assert {case.id: case.rule for case in study.laboratory.cases}[noticed_by] == mutant.rule

    def test_a_rule_removed_is_noticed_by_nobody_without_its_fixture(self, study: Study) -> None:
        mutant = self.mutant(study, "createTranscodingTask/request#/source:required removed")
        pairs = study.laboratory.pairs
        study.laboratory.pairs = [(case, seen) for case, seen in pairs if not breaks(case, seen, mutant.rule)]
        try:
            assert self.verdict(study, mutant) == ""
        finally:
            study.laboratory.pairs = pairs

    def test_a_rule_of_an_answer_removed_is_noticed_by_the_near_miss_that_breaks_it(self, study: Study) -> None:
        mutant = self.mutant(study, "getTranscodingTask/response#/task_id:minLength removed")
        noticed_by = self.verdict(study, mutant)
        assert {document.id: document.rule for document in study.laboratory.documents}[noticed_by] == mutant.rule

    def test_a_member_of_an_answer_made_impossible_is_noticed_by_a_document_that_has_it(self, study: Study) -> None:
        laboratory, mutant = study.laboratory, self.mutant(study, "joinLiveInteraction/response#/output_url impossible")
        pairs, laboratory.pairs = laboratory.pairs, []
        try:
            assert self.verdict(study, mutant).startswith("pontus/answers/joinLiveInteraction.")
        finally:
            laboratory.pairs = pairs

    def test_a_document_that_does_not_hold_without_a_mutant_is_no_witness(self, study: Study) -> None:
        laboratory, mutant = study.laboratory, self.mutant(study, "createTranscodingTask/response#/task_id:minLength removed")
        documents = laboratory.documents
        laboratory.documents = [replace(one, body={"task_id": 5}, put={}) for one in documents if one.rule == mutant.rule]
        try:
            assert laboratory.documents
            assert self.verdict(study, mutant) == ""
        finally:
            laboratory.documents = documents

    @pytest.mark.parametrize(
        "ending",
        [
            "getTranscodingTask/response#/task_id:required removed",
            "getTranscodingTask/response#/task_status:enum removed",
            "getTranscodingTask/response#/create_time:pattern loosened",
            "getTranscodingTask/response#:no-start-time-before if/properties/task_status/const removed",
        ],
    )
    def test_a_mutant_that_no_document_notices_has_a_variant_written_for_it(self, study: Study, ending: str) -> None:
        laboratory, mutant = study.laboratory, self.mutant(study, ending)
        whole = [one for one in laboratory.documents if one.id.startswith("pontus/answers/getTranscodingTask.running")]
        with laboratory.open():
            variant = variant_for(laboratory, mutant, whole)
        assert variant is not None
        rules = {"rule": mutant.rule} if mutant.id == f"{mutant.rule} {ending.rpartition(' ')[2]}" else {}
        assert rules.items() <= variant.items()

    def test_a_schema_that_operations_share_is_mutated_once_and_a_fixture_of_any_of_them_notices(
        self, studied: dict[str, Study]
    ) -> None:
        study = studied["tencent_ci"]
        laboratory = study.laboratory
        shared = {
            rule: one for one in study.mutants.values() for rule in one.rules - {one.rule} if one.id.endswith(":required removed")
        }
        with laboratory.open():
            laboratory.prepare()
        pairs = laboratory.pairs
        others = [(case, seen) for case, seen in pairs if case.rule in shared]
        mutant = shared[others[0][0].rule]
        laboratory.pairs = others[:1]
        try:
            assert self.verdict(study, mutant) == others[0][0].id
        finally:
            laboratory.pairs = pairs
        assert not [name for name in study.mutants if name.startswith(tuple(f"{rule} " for rule in mutant.rules - {mutant.rule}))]

    def test_a_change_of_what_nobody_looks_at_is_noticed_by_nobody(self, study: Study) -> None:
        idle = Mutant("idle", "pontus", "provider", "provider.json", put(("title",), "another title"))
        assert self.verdict(study, idle) == ""

    def test_a_change_that_does_not_load_is_noticed_by_the_loader(self, study: Study) -> None:
        assert self.verdict(study, Mutant("x", "pontus", "provider", "provider.json", dropped(("title",)))) == LOADER

    def test_the_copy_is_afterwards_what_it_was(self, study: Study) -> None:
        folder = study.laboratory.folder
        before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for mutant in list(study.mutants.values())[::40]:
            self.verdict(study, mutant)
        assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before

    def test_a_fixture_that_fails_without_a_mutant_is_no_witness(self) -> None:
        data = {
            "operation": None,
            "request": {"method": "GET", "target": "/", "host": "nobody.example"},
            "response": {"status": 299},
        }
        with studies(["pontus"]) as chosen:
            laboratory = chosen["pontus"].laboratory
            laboratory.cases = [Case("pontus/accepted/wrong", "pontus", "accepted", data)]
            with laboratory.open():
                assert laboratory.pairs == []

    def test_bounds_move_by_one_and_conditions_are_taken_apart(self, tmp_path: Path) -> None:
        schema = tmp_path / "requests" / "x.schema.json"
        schema.parent.mkdir()
        schema.write_text(
            '{"properties": {"a": {"maximum": 9, "x-source": "s"}}, "x-rule": "r", "x-says": "s", "x-source": "s",'
            ' "if": {"required": ["a"]}, "then": {"not": {"required": ["b"]}}}',
            encoding="utf-8",
        )
        found = [
            mutant.id.partition("#")[2] for mutant in of_request(schema, Owner("p", "requests/x", "O", "request"), text=False)
        ]
        assert found == [
            *(":r removed", ":r if/required/a removed", ":r then/not/required/b removed"),
            *("/a:maximum removed", "/a:maximum loosened"),
        ]

    @pytest.mark.parametrize(
        ("test", "word", "parts"),
        [
            ("A or B", " or ", ["A", "B"]),
            ("not(A or B) or C = ' or '", " or ", ["not(A or B)", "C = ' or '"]),
            ("A\n  or B", " or ", ["A", "B"]),
            ("A and B", " or ", ["A and B"]),
        ],
    )
    def test_an_assert_is_split_where_no_bracket_and_no_text_is(self, test: str, word: str, parts: list[str]) -> None:
        assert split(test, word) == parts


def breaks(case: Case, seen: Seen, rule: str) -> bool:
    return case.rule == rule or any(rule in message.rules for message in seen.messages)
