"""Requests whose input has a magic name, so that they are refused, or their tasks fail, with a code that was chosen.

Knows the catalogue's codes and the argument that names the input. Law: every code that can be had so is had, and none is made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mockcloud.drafting.requests.amending import amended
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.reports.dossier import Dossier
from mockcloud.reports.provoked import magic

ENDING = ".mp4"


class Planned(NamedTuple):
    """A request, the code that it asks for, and a sentence."""

    code: str
    says: str
    draft: Draft


def refusals(dossier: Dossier, draft: Draft) -> Iterator[Planned]:
    """The request refused with each code that requests can be refused with."""
    yield from _planned(dossier, draft, "refuse", "A request of {} whose input's name asks for the refusal {}.")


def failures(dossier: Dossier, draft: Draft) -> Iterator[Planned]:
    """The request making a task that fails with each code that tasks can fail with."""
    yield from _planned(dossier, draft, "fail", "A request of {} whose input's name lets the task fail with {}.")


def _planned(dossier: Dossier, draft: Draft, verb: str, says: str) -> Iterator[Planned]:
    operation = draft.operation
    for code in dossier.contract.errors.codes:
        for one in magic(dossier, operation, code):
            source = f"{one.name}{ENDING}"
            named = amended(draft.changed([(one.argument, source)])) if one.name.startswith(f"mockcloud-{verb}-") else None
            if named is not None and named.at(one.argument) == source:
                yield Planned(code, says.format(operation.name, code), named)
