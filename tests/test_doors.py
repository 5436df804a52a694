"""Same bytes in, same bytes out, through every door."""

from __future__ import annotations

import pytest
from cases import Case, all_cases, cloud_of, judge, send
from doors import DOORS, INTERCEPTED, Door, by_handle

from mockcloud import Cloud, Request, Response


def raw(case: Case) -> bool:
    """Whether no client library would send the request as it is: they all add the Content-Length that it leaves out."""
    return any(value is None for _, value in case.data["request"].get("headers", []))


def reachable(case: Case, door: str) -> bool:
    if raw(case):
        return door == "socket"
    return door not in INTERCEPTED or Cloud().answers(case.data["request"]["host"])


def groups() -> dict[str, list[Case]]:
    """The cases by provider, folder and operation: what fails names its case, and thousands of tests would cost more than they do."""
    found: dict[str, list[Case]] = {}
    for case in all_cases():
        operation = (case.data.get("operation") or "").partition(".")[2]
        found.setdefault(f"{case.provider}/{case.verdict}/{operation}", []).append(case)
    return found


PAIRS = [pytest.param(cases, name, id=f"{group}-{name}") for group, cases in groups().items() for name in DOORS]


def essence(response: Response) -> tuple[int, list[tuple[str, str]], bytes]:
    headers = [(name.lower(), value) for name, value in response.headers if name.lower() != "connection"]
    return response.status, headers, response.body


HANDLED: dict[str, Response] = {}
"""What `handle` answers, by case: each door's answer is compared with the same one."""


def difference(case: Case, door: Door) -> str:
    """What is not as through `handle`, or not as the case has it; empty for nothing."""
    if case.id not in HANDLED:
        HANDLED[case.id] = send(case, cloud_of(case), by_handle)
    wanted = HANDLED[case.id]
    found = send(case, cloud_of(case), door)
    try:
        judge(case, found)
    except AssertionError as problem:
        return f"{case.id}: {problem}"
    return "" if essence(found) == essence(wanted) else f"{case.id}: {essence(found)} is not {essence(wanted)}"


class TestEveryDoor:
    @pytest.mark.filterwarnings("ignore::mockcloud.errors.UnmatchedRequest")
    @pytest.mark.parametrize(("cases", "name"), PAIRS)
    def test_same_bytes_in_same_bytes_out(self, cases: list[Case], name: str) -> None:
        different = [problem for case in cases if reachable(case, name) and (problem := difference(case, DOORS[name]))]
        assert not different, "\n".join(different)

    @pytest.mark.filterwarnings("ignore::mockcloud.errors.UnmatchedRequest")
    @pytest.mark.parametrize(
        "target", ["/jobs/j1%2Cj2", "/v1/transcodeJobs%3Asubmit", "/jobs/a%2Fb", "/?Action=A%20b&x=%E4%B8%AD", "//jobs"]
    )
    @pytest.mark.parametrize("name", ["httpx", "httpx async", "requests", "socket"])
    def test_the_raw_target_arrives_unharmed(self, target: str, name: str) -> None:
        cloud = Cloud()
        DOORS[name](cloud, Request("GET", target, "mps.jdcloud-api.com"))
        assert cloud.journal.last.request.target == target

    @pytest.mark.filterwarnings("ignore::mockcloud.errors.UnmatchedRequest")
    @pytest.mark.parametrize("name", sorted(DOORS))
    def test_a_body_of_every_byte_arrives_unharmed(self, name: str) -> None:
        body = bytes(range(256)) * 5
        cloud = Cloud()
        DOORS[name](cloud, Request("POST", "/v1/x", "mps.jdcloud-api.com", (("Content-Length", str(len(body))),), body))
        assert cloud.journal.last.request.body == body
