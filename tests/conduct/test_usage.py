"""What is wrong with a user's class is told in one sentence, with the nearest right spelling and no traceback."""

from __future__ import annotations

from typing import Any

import pytest
from conduct.clients import Creating, Pontus
from conduct.running import run
from conduct.wrong import ALLOWED, GIVEN, READ, SIGNED, SURVIVED, WAITED

from mockcloud import ClientContract
from mockcloud.conduct.suites import read
from mockcloud.conduct.trial import Trial
from mockcloud.reports.dossier import dossiers


def suite(**attributes: Any) -> type[ClientContract]:
    return type("TestMine", (Creating,), attributes)


WRONG_CLASSES = [
    ({"operation": ""}, "TestMine.operation is the id of an operation, such as 'PROVIDER.Operation', found ''"),
    ({"operation": "pontus.createTranscodngTask"}, "Did you mean 'pontus.createTranscodingTask'?"),
    ({"operation": "pontos.createTranscodingTask"}, "TestMine.operation: "),
    ({"error": "PontusError"}, "TestMine.error is what the client raises for a refusal, an exception type or a tuple of them"),
    ({"error": ()}, "TestMine.error is what the client raises for a refusal, an exception type or a tuple of them, found ()"),
    (
        {"call": lambda self, client: None},
        "TestMine.call(client) does not take client, args: write `def call(self, client, args): ...`",
    ),
    ({"client": None}, "TestMine has no client: write `def client(self, cloud): ...`"),
    (
        {"client": lambda self, cloud: cloud.credential},
        "TestMine.client(cloud) raised AttributeError: 'Bench' object has no attribute",
    ),
    ({"result": 7}, "TestMine.result is 7: write `def result(self, returned): ...`"),
    ({"examples": -1}, "TestMine.examples is how many cases are drawn by chance, 0 for none, found -1"),
    ({"examples": "40"}, "TestMine.examples is how many cases are drawn by chance, 0 for none, found '40'"),
    ({"arguments": (name for name in ("source",))}, "TestMine.arguments are the names that the client takes"),
    ({"arguments": "source"}, "TestMine.arguments are the names that the client takes"),
    ({"arguments": {"source", "profil_name"}}, "has no argument 'profil_name'. Did you mean 'profile_name'?"),
]


@pytest.mark.parametrize(
    ("attributes", "says"), WRONG_CLASSES, ids=lambda value: ", ".join(value) if isinstance(value, dict) else ""
)
def test_a_class_that_cannot_be_tried_is_told_so_in_one_line(attributes: dict[str, Any], says: str) -> None:
    told = run(suite(**attributes), ALLOWED).page
    assert says in told
    assert "Traceback" not in told
    assert told.count("\n") <= 1


def test_a_base_class_that_names_no_operation_says_what_to_write() -> None:
    assert "TestEmpty.operation is the id of an operation" in run(type("TestEmpty", (ClientContract,), {}), ALLOWED).page


def test_a_client_that_sends_nothing_to_the_cloud_is_told_where_to_aim() -> None:
    class Silent(Pontus):
        def send(self, method: str, path: str, content: bytes = b"") -> dict[str, Any]:
            return {"task_id": "1"}

    page = run(suite(made_of=Silent), ALLOWED).page
    assert "it sends nothing that reaches the cloud" in page
    assert "cloud.base_url" in page


def test_a_client_that_is_aimed_at_another_host_is_told_the_nearest() -> None:
    class Astray(Pontus):
        def __init__(self, *given: str) -> None:
            super().__init__(*given)
            self.url = "https://media.pontos.com"

    assert "media.pontus.com" in run(suite(made_of=Astray), ALLOWED).page


def test_a_case_of_a_test_that_is_not_there_names_the_nearest() -> None:
    assert (
        "there is no test 'it_sends_what_it_was_gven'. Did you mean"
        in run(Creating, "it_sends_what_it_was_gven", arguments={}).page
    )


def test_a_case_with_a_member_that_is_not_there_names_those_that_are() -> None:
    assert (
        "a case of this test is of arguments; got an unexpected keyword argument 'argument'"
        in run(Creating, GIVEN, arguments={}, argument={}).page
    )


@pytest.mark.parametrize(
    ("test", "case"),
    [(GIVEN, {"arguments": 5}), (SIGNED, {"arguments": {}, "calls": 0}), (WAITED, {"states": 5})],
)
def test_a_case_that_holds_something_else_is_told_in_a_sentence(test: str, case: dict[str, Any]) -> None:
    told = run(Creating, test, **case).page
    assert told.startswith("this case cannot be tried: ")
    assert "\n" not in told


def test_a_fault_that_is_not_there_names_the_nearest() -> None:
    told = run(Creating, SURVIVED, arguments={}, faults=("rest",)).page
    assert told == "there is no fault 'rest'. Did you mean 'reset'?"


def test_a_message_for_a_class_that_takes_none_is_skipped() -> None:
    assert run(Creating, "handles_every_callback_message", messages=[({}, b"")]).reason.startswith(
        "the class has no `on_callback`"
    )


def test_a_history_that_no_task_has_is_told() -> None:
    assert "no task of pontus.createTranscodingTask is seen as DONE" in run(Creating, WAITED, states=["DONE"]).page


def test_only_the_arguments_that_the_class_names_are_given_and_the_others_are_the_clients_own() -> None:
    given: list[dict[str, Any]] = []

    class Narrow(Pontus):
        def create(self, **arguments: Any) -> dict[str, Any]:
            given.append(arguments)
            return super().create("v1", targets=[{"target_url": "rtmp://own/x"}], **arguments)

    narrow = suite(made_of=Narrow, arguments={"source.source_url", "profile_name"}, examples=10)
    for test in (ALLOWED, GIVEN):
        assert not run(narrow, test).page
    assert {name for one in given for name in one} == {"source", "profile_name"}
    assert len({str(one) for one in given}) > 10


def test_no_more_cases_are_drawn_than_the_class_says() -> None:
    deck = run(suite(examples=0), GIVEN).examples
    assert run(suite(examples=30), GIVEN).examples == deck + 30


def test_a_function_of_pythons_own_will_do() -> None:
    ended = run(suite(result=dict, examples=1), READ)
    assert not ended.page
    assert ended.examples


MAKERS = [one.id for entry in dossiers() for one in entry.contract.operations.values() if one.creates]


@pytest.mark.parametrize("operation", MAKERS)
def test_what_is_waited_for_is_made_also_where_the_smallest_request_is_refused_as_things_stand(operation: str) -> None:
    with Trial(read(type("Making", (Creating,), {"operation": operation})())) as trial:
        arguments = trial.taken()
        bench = trial.bench()
        assert trial.asked_by_another(bench, trial.placed(bench, arguments))
        assert bench.tasks(operation.partition(".")[0])
