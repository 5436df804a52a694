"""Check a contract: the table of laws, and what of a folder breaks them.

Knows every law by name. Law: a name is that of a function, its sentence the function's docstring; nobody keeps a second list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mockcloud.contracts.loader import load
from mockcloud.errors import ContractError
from mockcloud.messages import Json
from mockcloud.reports.laws import answers, arguments, believing, names, refusals, usage
from mockcloud.reports.laws.subject import Broken, Subject, subject

Law = Callable[[Subject], Iterator[Broken]]

_FUNCTIONS: Final[tuple[Law, ...]] = (
    usage.documents_are_cited,
    usage.contradictions_are_cited,
    usage.schema_files_are_used,
    usage.definitions_are_used,
    usage.settings_are_used,
    usage.resources_are_used,
    usage.identifiers_are_used,
    usage.kinds_are_created,
    usage.values_are_called,
    usage.messages_are_sent,
    believing.lines_of_seeds_are_numbers,
    believing.settings_follow_their_contradictions,
    arguments.sources_are_arguments,
    arguments.references_are_arguments,
    arguments.effects_are_about_arguments,
    arguments.views_speak_of_arguments,
    arguments.defaults_come_from_arguments,
    names.hosts_fit_their_patterns,
    names.hosts_are_its_own,
    names.paths_are_its_own,
    names.identifiers_differ,
    refusals.codes_can_be_provoked,
    refusals.conditions_can_happen,
    refusals.conditions_are_raised,
    refusals.patterns_match_rules,
    refusals.messages_are_filled,
    refusals.tasks_can_fail,
    answers.schemas_compile,
    answers.requests_can_be_made,
    answers.requests_arrive,
    answers.modules_raise_refusals,
    answers.states_are_shown,
    answers.answers_keep_their_schemas,
    answers.refusals_keep_their_schema,
    answers.messages_keep_their_schemas,
)

LAWS: Final[Mapping[str, Law]] = {law.__name__.replace("_", "-"): law for law in _FUNCTIONS}
"""Every law by its name."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One break of a law: where, what was found, what is wanted (the law itself) and what to do."""

    law: str
    file: str
    pointer: str
    found: str
    wanted: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}#{self.pointer}: {self.found}. {self.wanted} To do: {self.remedy}."

    def as_json(self) -> dict[str, Json]:
        """The finding as plain data, all of its parts by their names."""
        return {name: getattr(self, name) for name in self.__slots__}


def check(path: Path) -> list[Finding]:
    """What breaks a law in the contract of a folder, which need not be installed; only its module has to be importable.

    Raises ContractError for a folder that is not a contract, or whose module cannot be imported.
    """
    folder = path.resolve()
    looked_at = _loaded(folder)
    return [
        Finding(name, f"{folder.name}/{one.file}", one.pointer, one.found, sentence(name), one.remedy)
        for name, law in LAWS.items()
        for one in law(looked_at)
    ]


def sentence(name: str) -> str:
    """What a law demands."""
    return (LAWS[name].__doc__ or "").strip()


def _loaded(folder: Path) -> Subject:
    try:
        load(folder)
    except ContractError as problem:
        if problem.pointer == "/module" and problem.problem.startswith("no module"):
            hint = f"{problem.problem}; install its package, or set PYTHONPATH to the folder that it lies in"
            raise ContractError(problem.file, problem.pointer, hint) from None
        raise
    except Exception as problem:
        # A module of somebody else's may raise anything while it is imported.
        said = f"its module does not load: {type(problem).__name__}: {problem}"
        raise ContractError(f"{folder.name}/provider.json", "/module", said) from problem
    return subject(folder)
