"""Judge many mutants, in several processes or in this one.

Knows no reasons and prints nothing. Law: every process has its own copy of the folders to change.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from mockcloud.contracts import folders

from .laboratory import LOADER, Laboratory, Verdict
from .mutant import Mutant
from .mutants import all_mutants

CHUNK = 8


@dataclass
class Study:
    """One provider, its mutants and what became of those that were judged."""

    laboratory: Laboratory
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    @cached_property
    def mutants(self) -> dict[str, Mutant]:
        """Every mutant, by id."""
        return {mutant.id: mutant for mutant in all_mutants(self.laboratory.folder)}

    @property
    def survivors(self) -> list[str]:
        """The mutants that nobody noticed."""
        return [name for name, verdict in self.verdicts.items() if not verdict.by]

    def shares(self) -> dict[str, tuple[int, int, int]]:
        """For each kind of mutant: how many were judged, noticed by a fixture, refused by the loader."""
        found: dict[str, tuple[int, int, int]] = {}
        for name, verdict in self.verdicts.items():
            kind = self.mutants[name].kind
            judged, noticed, refused = found.get(kind, (0, 0, 0))
            by_loader = verdict.by == LOADER
            found[kind] = judged + 1, noticed + (bool(verdict.by) and not by_loader), refused + by_loader
        return found

    def sample(self, number: int, seed: int) -> list[str]:
        """So many of the mutants, by a seed."""
        names = list(self.mutants)
        return random.Random(seed).sample(names, min(number, len(names)))


@contextmanager
def studies(providers: Iterable[str] = ()) -> Iterator[dict[str, Study]]:
    """The studies of these providers, of all that lie in this repository when none is named."""
    ours = [name for name, path in folders.known().items() if path.parent == folders.own_folder()]
    with tempfile.TemporaryDirectory(prefix="mutation-") as scratch:
        yield {name: Study(Laboratory(name, Path(scratch))) for name in sorted(providers or ours)}


def judge(study: Study, names: Iterable[str]) -> None:
    """Judge these mutants in this process."""
    with study.laboratory.open():
        for name in names:
            study.verdicts[name] = study.laboratory.judged(study.mutants[name])


def judge_all(chosen: dict[str, Study], names: dict[str, list[str]], processes: int) -> Iterator[tuple[str, Verdict]]:
    """Judge these mutants of each provider in as many processes; each provider and verdict as it comes."""
    for study in chosen.values():
        with study.laboratory.open():
            study.laboratory.prepare()
        _ = study.mutants  # here, where the processes to come inherit them
    _HERE.studies = chosen
    work = [(provider, name) for provider, listed in names.items() for name in listed]
    with multiprocessing.get_context("fork").Pool(processes, _settle) as pool:
        for provider, verdict in pool.imap_unordered(_judge, work, CHUNK):
            chosen[provider].verdicts[verdict.mutant] = verdict
            yield provider, verdict
    for name, study in chosen.items():
        study.verdicts = {mutant: study.verdicts[mutant] for mutant in names[name]}


class _Here:
    """What a forked process finds of the one that made it."""

    studies: dict[str, Study]


_HERE = _Here()


def _settle() -> None:
    for study in _HERE.studies.values():
        study.laboratory.move(study.laboratory.folder.parent / str(os.getpid()))


def _judge(work: tuple[str, str]) -> tuple[str, Verdict]:
    provider, name = work
    study = _HERE.studies[provider]
    judge(study, [name])
    return provider, study.verdicts[name]


def processors() -> int:
    """How many processes are worth starting."""
    return os.cpu_count() or 1
