"""What a seeded defect is, and how one contract test is tried on one client in this process, without a pytest under it.

Knows `ClientContract` and no provider. A defect is a class: the correct client with a method or two done wrong, its docstring
saying what a team that wrote it would have believed. Law: a defect is killed only by the test that its row names, with a page
that shows what its row says.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest
from hypothesis import settings

from mockcloud import ClientContract

PREFIX = "test_it_"
TABLES = {"DEFECTS": "defects_*.py", "CORRECT": "*_contracts.py", "FINDINGS": "findings_*.py"}
"""Where tables stand: the defects, the contracts over the correct clients, what was found in SDKs."""

# The tests of a contract by a word, without what they all begin with.
ALLOWED = "sends_only_requests_that_the_contract_allows"
GIVEN = "sends_what_it_was_given"
SIGNS = "signs_so_that_the_vendor_accepts"
READS = "reads_every_documented_answer"
UNKNOWN = "ignores_what_it_does_not_know"
RAISES = "raises_its_error_for_every_documented_error"
WAITS = "waits_to_the_end_with_the_right_verdict"
PASSES = "refuses_or_passes_on_what_the_contract_forbids"
TWICE = "creates_nothing_twice"
SURVIVES = "survives_transport_faults"
RECEIVES = "handles_every_callback_message"


@dataclass(frozen=True)
class Defect:
    """A wrong client, the contract that it breaks, the test that finds it, and a part of the page that the test fails with.

    `client` is a subclass of the contract's own; its name is the defect's and its docstring the sentence about it. `killed_by`
    is the test's name without `test_it_`.
    """

    client: type
    contract: type[ClientContract]
    killed_by: str
    shows: str

    @property
    def name(self) -> str:
        """The class's name in words."""
        return re.sub(r"(?<!^)(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])", " ", self.client.__name__).lower()

    @property
    def provider(self) -> str:
        """Whose client it is."""
        return self.contract.operation.partition(".")[0]

    @property
    def says(self) -> str:
        """What is wrong, in a sentence."""
        return " ".join((self.client.__doc__ or "").split())

    @property
    def library(self) -> str:
        """What the client is built on, which each client's class says in `library`."""
        return str(getattr(self.client, "library"))  # noqa: B009  # the classes have nothing else in common

    @property
    def correct(self) -> type[ClientContract]:
        """The contract over the correct client."""
        return of(self.contract, self.client.__mro__[1])

    @property
    def suite(self) -> type[ClientContract]:
        """The contract over the wrong client."""
        return of(self.contract, self.client)


class Verdict(NamedTuple):
    """How one test of a client went: `page` is what a failed one shows, `reason` why one was skipped."""

    failed: bool
    page: str
    reason: str
    examples: int
    seconds: float

    def shows(self, part: str) -> bool:
        """Whether the test failed, and for that of which this is a part."""
        return self.failed and part in self.page


@cache
def of(contract: type[ClientContract], client: type) -> type[ClientContract]:
    """A contract over another client, the same whenever it is asked for."""
    return type(f"{contract.__name__}Of{client.__name__}", (contract,), {"made_of": client, "__module__": client.__module__})


def questions(contract: type[ClientContract]) -> list[str]:
    """The names of a contract's tests, in their order, without what they all begin with."""
    named = {name: None for owner in reversed(contract.__mro__) for name in vars(owner) if name.startswith(PREFIX)}
    return [name.removeprefix(PREFIX) for name in named]


@contextmanager
def unchanging() -> Iterator[None]:
    """While open, chance is the same in every run, and nothing is remembered from one to the next."""
    before = settings.get_current_profile_name()
    settings.register_profile("unchanging", derandomize=True, database=None)
    settings.load_profile("unchanging")
    try:
        # As where it is CI that runs, which the shipped profile asks the environment for.
        with patch.dict(os.environ, {"CI": "true"}):
            yield
    finally:
        settings.load_profile(before)


def tried(contract: type[ClientContract], test: str) -> Verdict:
    """One test of a contract. Whatever else than a failure or a skip comes out of it is a crash of ours, and is raised."""
    told: dict[str, Any] = {}
    page = reason = ""
    began = time.perf_counter()
    try:
        with unchanging():
            getattr(contract(), PREFIX + test)(told.__setitem__)
    except pytest.fail.Exception as failed:
        page = str(failed)
    except pytest.skip.Exception as skipped:
        reason = str(skipped)
    seconds = time.perf_counter() - began
    return Verdict(bool(page), page, reason, int(told.get("mockcloud_examples", 0)), seconds)


def everything(table: str) -> Iterator[Any]:
    """The rows of a table of that name, in every module that has one."""
    for path in sorted(Path(__file__).parent.glob(TABLES[table])):
        yield from getattr(import_module(f".{path.stem}", __package__), table)
