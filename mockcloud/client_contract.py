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
from typing import Any, ClassVar

import pytest

from mockcloud.conduct import failure, raising, refusing, sending, signing, subject
from mockcloud.conduct.trial import Trial
from mockcloud.conduct.verdict import Deviation, NotApplicable
from mockcloud.errors import MissingExtra, UsageError

Record = Callable[[str, object], None]


class ClientContract:
    """The tests of one client's use of one operation."""

    operation: str = ""
    error: type[BaseException] | tuple[type[BaseException], ...]
    arguments: ClassVar[Any] = None

    def test_it_sends_only_requests_that_the_contract_allows(self, record_property: Record) -> None:
        """Every valid request, boundary and enumerated value: nothing of it is refused but for the state of the cloud."""
        _try(self, record_property, sending.tests_allowed)

    def test_it_sends_what_it_was_given(self, record_property: Record) -> None:
        """Each argument arrives with its value, and nothing else does."""
        _try(self, record_property, sending.tests_given)

    def test_it_signs_so_that_the_vendor_accepts(self, record_property: Record) -> None:
        """With every value, several credentials, in other time zones, and twice within a second."""
        _try(self, record_property, signing.tests_signed)

    def test_it_raises_its_error_for_every_documented_error(self, record_property: Record) -> None:
        """Its own error, which carries the vendor's code."""
        _try(self, record_property, raising.tests_raised)

    def test_it_refuses_or_passes_on_what_the_contract_forbids(self, record_property: Record) -> None:
        """For each rule arguments that break it: refused by the client, or sent as they are; never something else."""
        _try(self, record_property, refusing.tests_refused)


def _try(suite: ClientContract, record: Record, question: Callable[[Trial], None]) -> None:
    """Answer one question about a client, as pytest wants the answer."""
    problem, reason = "", ""
    try:
        tried = subject.read(suite)
        with Trial(tried) as trial:
            try:
                question(trial)
            except Deviation as deviation:
                problem = failure.page(tried, deviation)
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
