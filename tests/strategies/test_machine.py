"""The state machine: it runs on a cloud of each provider without a complaint, and complains of each cloud that is broken."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from mockcloud import strategies
from mockcloud.cloud import Cloud
from mockcloud.drafting.client.client import Wrong
from mockcloud.drafting.client.ends import Ends
from mockcloud.drafting.client.ledger import Ledger
from mockcloud.errors import UsageError
from mockcloud.messages import Request, Response
from mockcloud.reports.dossier import dossier, dossiers
from mockcloud.state.clock import VirtualClock
from mockcloud.state.messenger import Message

START = 1_767_268_800.0


def run(machine: type[RuleBasedStateMachine], examples: int = 20, steps: int = 20) -> None:
    phases = [Phase.generate]  # what it finds is looked at; nobody has to read the smallest
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True, database=None, phases=phases,
        verbosity=Verbosity.quiet, suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=chosen)


@pytest.mark.parametrize("provider", [entry.name for entry in dossiers()])
def test_a_cloud_of_each_provider_does_what_its_tables_say_in_any_order(provider: str) -> None:
    run(strategies.machine(provider))


def test_a_run_makes_looks_lists_changes_removes_and_is_told() -> None:
    asked: set[str] = set()
    told: set[str] = set()

    class Watched(Cloud):
        def handle(self, request: Request) -> Response:
            response = super().handle(request)
            if not self.journal.last.refusal:
                asked.add(self.journal.last.operation.partition(".")[2])
            told.update(message.callback for message in self.callbacks)
            return response

    run(strategies.machine("jdcloud", cloud=lambda: Watched(["jdcloud"], clock=VirtualClock(START))), examples=40)
    for operation in (
        "createThumbnailTask",
        "getThumbnailTask",
        "listThumbnailTask",
        "setNotification",
        "deleteTranscodeTemplate",
    ):
        assert operation in asked
    assert "mpsThumbnailComplete" in told


def broken(provider: str, change: Callable[[Cloud, Request, Response], Response]) -> Callable[[], Cloud]:
    """Makes clouds whose answers are changed on their way."""

    class Broken(Cloud):
        def handle(self, request: Request) -> Response:
            return change(self, request, super().handle(request))

    return lambda: Broken([provider], clock=VirtualClock(START))


def _slow_end(cloud: Cloud, request: Request, response: Response) -> Response:
    """A task is running again once it was seen to have succeeded."""
    seen = vars(cloud).setdefault("seen", set())
    if request.target in seen:
        return response._replace(body=response.body.replace(b"SUCCESS", b"RUNNING"))
    if b"SUCCESS" in response.body:
        seen.add(request.target)
    return response


def _same_id(cloud: Cloud, request: Request, response: Response) -> Response:
    """Whatever task is made has the id of the first."""
    if request.method != "POST" or b"task_id" not in response.body:
        return response
    return response._replace(body=vars(cloud).setdefault("first", response.body))


def _lists_nothing(cloud: Cloud, request: Request, response: Response) -> Response:
    return response._replace(body=b'{"channels":[]}') if request.target.endswith("/channels") else response


def _cancelled_late(cloud: Cloud, request: Request, response: Response) -> Response:
    """Whatever is cancelled is said to have been."""
    return Response(200) if request.method == "PUT" and "/jobs/" in request.target else response


def _never_gone(cloud: Cloud, request: Request, response: Response) -> Response:
    """What was removed is shown as it was."""
    shown = vars(cloud).setdefault("shown", {})
    if request.method == "GET" and response.status == 200:
        shown[request.target] = response
    return shown.get(request.target, response) if request.method == "GET" else response


PLANTED = [
    ("pontus", _slow_end, "no documented way leads there"),
    ("pontus", _same_id, "of that id before"),
    ("pontus", _lists_nothing, "was made and is not listed"),
    ("pontus", _never_gone, "was removed and is still"),
    ("tencent_ci", _cancelled_late, "cancel|Cancel"),
]


@pytest.mark.parametrize(("provider", "change", "says"), PLANTED, ids=lambda value: getattr(value, "__name__", None))
def test_a_defect_in_a_cloud_is_found(provider: str, change: Callable[[Cloud, Request, Response], Response], says: str) -> None:
    with pytest.raises(Wrong, match=says):
        run(strategies.machine(provider, cloud=broken(provider, change)), examples=300)


def message(task: str, callback: str = "mpsThumbnailComplete") -> Message:
    return Message(START, "jdcloud", callback, task, "http://callbacks.invalid/", "POST", (), b"{}", 1)


def ended(ledger: Ledger, *names: str) -> None:
    """Tasks that were made alike, and were seen to have succeeded."""
    for name in names:
        ledger.make("task", name, ("alike", 0))
        made = ledger.living["task", name]
        assert made.course is not None
        made.course.states, made.word = frozenset({"SUCCESS"}), "SUCCESS"


def test_an_end_that_is_told_twice_is_found() -> None:
    contract = dossier("jdcloud").contract
    ends, ledger = Ends(contract), Ledger(contract.lifecycles)
    ended(ledger, "a")
    ends.told([message("a")], ledger)
    with pytest.raises(Wrong, match="told twice"):
        ends.told([message("a"), message("a")], ledger)


def test_an_end_that_is_not_told_while_those_of_like_tasks_are_is_found() -> None:
    contract = dossier("jdcloud").contract
    ends, ledger = Ends(contract), Ledger(contract.lifecycles)
    ended(ledger, "a", "b")
    ends.told([], ledger)
    with pytest.raises(Wrong, match="not that of the task b"):
        ends.told([message("a")], ledger)


def test_an_end_that_is_told_of_a_task_that_was_seen_to_end_otherwise_is_found() -> None:
    contract = dossier("tencent_ci").contract
    ends, ledger = Ends(contract), Ledger(contract.lifecycles)
    ledger.make("task", "a")
    course = ledger.living["task", "a"].course
    assert course is not None
    course.happen("cancel", accepted=True)
    with pytest.raises(Wrong, match="at the wrong time"):
        ends.told([message("a", "TaskFinish")], ledger)


def test_a_server_is_asked_at_its_host_and_by_its_clock() -> None:
    cloud = Cloud(["pontus"], clock=VirtualClock(START))
    hosts = set()

    def send(request: Request) -> Response:
        hosts.add(request.host)
        return cloud.handle_for("pontus", request)

    run(strategies.machine("pontus", send, host="gateway.test:8443", now=lambda: cloud.clock.now() + 1), examples=3)
    assert hosts == {"gateway.test:8443"}


def test_a_provider_of_which_nothing_can_be_made_has_a_machine_too(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = strategies.machine("ucloud")
    monkeypatch.setitem(vars(vars(machine)["verbs"]), "makers", [])
    run(machine)


def test_a_provider_that_is_not_there_is_told_of_at_once() -> None:
    with pytest.raises(UsageError, match="pontus"):
        strategies.machine("ponto")
