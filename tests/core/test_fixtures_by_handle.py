"""Every fixture through the first door, `Cloud.handle`."""

from __future__ import annotations

import cases
import pytest

from mockcloud import Cloud, Request, Response, validate
from mockcloud.messages import Refusal


def by_handle(cloud: Cloud, request: Request) -> Response:
    return cloud.handle(request)


def params(*verdicts: str) -> list:
    return [pytest.param(case, id=case.id) for case in cases.all_cases(*verdicts)]


def sent(case: cases.Case) -> tuple[Cloud, list[str]]:
    cloud, reports = cases.cloud_of(case), []
    cloud.report = reports.append
    cases.judge(case, cases.send(case, cloud, by_handle))
    assert not [report for report in reports if "defect" in report]
    return cloud, reports


@pytest.mark.parametrize("case", params("accepted"))
def test_an_accepted_case_is_answered_as_its_fixture_says_and_breaks_nothing(case: cases.Case) -> None:
    cloud, reports = sent(case)
    last = cloud.journal.last
    assert (last.violations, last.refusal, last.operation) == ((), "", case.data["operation"])
    assert validate(case.data["operation"], last.request, case.data.get("settings", {}).get(case.provider)) == ()
    assert not reports


@pytest.mark.parametrize("case", params("refused"))
def test_a_refused_case_is_answered_as_its_fixture_says_and_breaks_its_rule_alone(case: cases.Case) -> None:
    cloud, _ = sent(case)
    last = cloud.journal.last
    assert last.refusal, "nothing was refused"
    broken = [violation.rule for violation in last.violations]
    if case.rule and not broken:  # the vendor's gate refuses before the schema is asked
        try:
            broken = [violation.rule for violation in validate(case.data["operation"], last.request)]
        except Refusal as refusal:
            pytest.fail(f"the request cannot be judged: {refusal.reason} {refusal.note}")
    if case.rule:
        assert broken == [case.rule]
    else:  # no rule of a schema is broken, or several are, which is what the case is about
        assert len(broken) != 1, f"the fixture names no rule, and there is one: {broken}"


@pytest.mark.parametrize("case", params("vectors"))
def test_a_vector_is_answered_as_its_fixture_says(case: cases.Case) -> None:
    cloud, _ = sent(case)
    last = cloud.journal.last
    assert last.refusal or not last.violations


def test_there_are_fixtures_of_every_provider_and_no_two_of_one_name() -> None:
    listed = cases.all_cases()
    assert {case.provider for case in listed} == {"jdcloud", "pontus", "tencent_ci", "ucloud"}
    assert len({case.id for case in listed}) == len(listed)
