"""`ClientContract`: the ready-made tests of a client of a media cloud. Subclass it; pytest collects the rest.

    class TestThumbnails(mockcloud.ClientContract):
        operation = "PROVIDER.Operation"
        error = ThumbnailError                          # what the client raises for a refusal: a type, or a tuple of types

        def client(self, cloud): ...                    # build the client; `cloud.credentials(...)`, `cloud.base_url`
        def call(self, client, args): ...               # invoke it with documented arguments; return what it returns
        def result(self, returned): ...                 # -> the documented members that it read
        def code(self, error): ...                      # -> the vendor's code that the error carries
        def wait(self, client, returned): ...           # optional: wait for the end; -> the vendor's final state
        def on_callback(self, client, headers, body): ...  # optional: -> the members that it read

Each may be `async def`. A client that takes fewer arguments than the contract has says which: `arguments = {"source"}`.

Knows the questions and their order; how each is answered is in `conduct/`. Law: what does not apply is skipped with a reason,
and what fails shows a page, never a traceback of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, ClassVar, Final

import pytest

from mockcloud.conduct import campaign, failure, suites
from mockcloud.conduct.trial import Trial
from mockcloud.conduct.verdict import Case, Deviation, NotApplicable, Question
from mockcloud.errors import MissingExtra, UsageError, nearest

Record = Callable[[str, object], None]


class ClientContract:
    """The tests of one client's use of one operation. A subclass says which, and how its client is used.

    Every case has a client of its own, on a cloud of its own; what has `aclose` or `close` is closed behind it. The vendor's
    hosts are intercepted for httpx and requests; for anything else `cloud.base_url` is a loopback server over the same cloud.
    Sleeping takes no time; for a client that tries again and again until a deadline, a day is over at last.
    """

    operation: str = ""
    """The operation's id."""

    error: type[BaseException] | tuple[type[BaseException], ...]
    """What the client raises for a refusal, and for whatever else keeps it from an answer."""

    arguments: ClassVar[Any] = None
    """The names of what the client takes (`"source"`, `"target.format"`), where it does not take all that is documented."""

    retries_create: ClassVar[bool] = False
    """Whether the client may send again what makes something, though the first request may have made it."""

    examples: ClassVar[int] = 40
    """How many cases are drawn by chance for a question, after those that are always tried; 0 for none."""

    @pytest.fixture
    def mockcloud_record(self, request: pytest.FixtureRequest) -> Record:
        """What a test says of itself beside its verdict: `mockcloud_examples`, the number of cases that it tried."""
        # Pytest's own fixture for it warns where a report of the newer JUnit family is written.
        return lambda name, value: request.node.user_properties.append((name, value))

    def again(self, test: str, **case: Any) -> None:
        """Try one case of a test once more, as the page of a failure has it. Fails as the test does."""
        name = test.removeprefix("test_").removeprefix("it_")
        if name not in QUESTIONS:
            pytest.fail(f"there is no test '{test}'.{nearest(name, QUESTIONS)}", pytrace=False)
        _put(self, name, lambda *_: None, case)

    def test_it_sends_only_requests_that_the_contract_allows(self, mockcloud_record: Record) -> None:
        """Every valid request, boundary and enumerated value: nothing of it is refused but for the state of the cloud."""
        _put(self, "sends_only_requests_that_the_contract_allows", mockcloud_record)

    def test_it_sends_what_it_was_given(self, mockcloud_record: Record) -> None:
        """Each argument arrives with its value, and nothing else does."""
        _put(self, "sends_what_it_was_given", mockcloud_record)

    def test_it_signs_so_that_the_vendor_accepts(self, mockcloud_record: Record) -> None:
        """With every value, several credentials, in other time zones, and twice within a second."""
        _put(self, "signs_so_that_the_vendor_accepts", mockcloud_record)

    def test_it_reads_every_documented_answer(self, mockcloud_record: Record) -> None:
        """Each member that it reads, wherever an answer has it, with its value; and no documented answer is an error."""
        _put(self, "reads_every_documented_answer", mockcloud_record)

    def test_it_ignores_what_it_does_not_know(self, mockcloud_record: Record) -> None:
        """Members, nodes, states and codes that do not exist yet."""
        _put(self, "ignores_what_it_does_not_know", mockcloud_record)

    def test_it_raises_its_error_for_every_documented_error(self, mockcloud_record: Record) -> None:
        """Its own error, which carries the vendor's code."""
        _put(self, "raises_its_error_for_every_documented_error", mockcloud_record)

    def test_it_waits_to_the_end_with_the_right_verdict(self, mockcloud_record: Record) -> None:
        """On every history of a task, and soon after its end."""
        _put(self, "waits_to_the_end_with_the_right_verdict", mockcloud_record)

    def test_it_refuses_or_passes_on_what_the_contract_forbids(self, mockcloud_record: Record) -> None:
        """For each rule arguments that break it: refused by the client, or sent as they are; never something else."""
        _put(self, "refuses_or_passes_on_what_the_contract_forbids", mockcloud_record)

    def test_it_survives_transport_faults(self, mockcloud_record: Record) -> None:
        """Resets, timeouts, truncated and empty bodies, sequences of 5xx, throttling: its own error, or a later success.

        A client that sets no timeout would wait for ever. One at `base_url` meets no timeout: that would take its time.
        """
        _put(self, "survives_transport_faults", mockcloud_record)

    def test_it_creates_nothing_twice(self, mockcloud_record: Record) -> None:
        """Under the same faults, unless the class says that it may: `retries_create = True`."""
        _put(self, "creates_nothing_twice", mockcloud_record)

    def test_it_handles_every_callback_message(self, mockcloud_record: Record) -> None:
        """In each form, of each end of a task, repeated and out of order."""
        _put(self, "handles_every_callback_message", mockcloud_record)


QUESTIONS: Final = {
    "sends_only_requests_that_the_contract_allows": "sending:ALLOWED",
    "sends_what_it_was_given": "sending:GIVEN",
    "signs_so_that_the_vendor_accepts": "signing:SIGNED",
    "reads_every_documented_answer": "reading:READ",
    "ignores_what_it_does_not_know": "reading:IGNORED",
    "raises_its_error_for_every_documented_error": "raising:RAISED",
    "waits_to_the_end_with_the_right_verdict": "waiting:WAITED",
    "refuses_or_passes_on_what_the_contract_forbids": "refusing:REFUSED",
    "survives_transport_faults": "surviving:SURVIVED",
    "creates_nothing_twice": "surviving:CREATED_ONCE",
    "handles_every_callback_message": "callbacks:HANDLED",
}
"""What is asked, by the test's name without what they all begin with, and where in `conduct/` it stands."""


def _question(name: str) -> Question:
    # Each question loads what it needs: a run of one test pays for no other.
    module, _, question = QUESTIONS[name].partition(":")
    found: Question = getattr(import_module(f"mockcloud.conduct.{module}"), question)
    return found


def _put(suite: ClientContract, name: str, record: Record, case: Case | None = None) -> None:
    """Put a question about a client, or one case of it, and answer as pytest wants it."""
    problem, reason = "", ""
    try:
        if find_spec("hypothesis") is None:
            raise MissingExtra("ClientContract", "hypothesis")
        tried = suites.read(suite)
        with Trial(tried) as trial:
            try:
                campaign.put(_question(name), trial, name, case)
            except Deviation as deviation:
                problem = failure.page(tried, name, deviation)
            finally:
                record("mockcloud_examples", trial.examples)
    except NotApplicable as told:
        reason = str(told)
    except (UsageError, MissingExtra) as told:
        problem = str(told)
    if problem:
        pytest.fail(problem, pytrace=False)
    if reason:
        pytest.skip(reason)
