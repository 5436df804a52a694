"""A provider's errors: the codes, and which condition or broken rule earns which of them.

Law: every refusal that the mock answers is found here; nothing else knows a code, a status or a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from mockcloud.contracts.vocabulary import CONDITIONS
from mockcloud.errors import ContractError, nearest
from mockcloud.messages import Json

_FIELD = re.compile(r"\{(\w+)\}")


def pattern(text: str, file: str, at: str) -> re.Pattern[str]:
    """A compiled regular expression. Raises ContractError."""
    try:
        return re.compile(text)
    except re.error as problem:
        raise ContractError(file, at, f"'{text}' is no regular expression: {problem}") from None


@dataclass(frozen=True, slots=True)
class Answer:
    """One way in which the provider says no: a code with a status and a message template."""

    code: str
    status: int
    message: str
    where: str

    def worded(self, fields: Mapping[str, Json]) -> str:
        """The message with its fields filled in; a field that is not given stays empty."""
        return _FIELD.sub(lambda match: str(fields.get(match[1], "")), self.message)


class Catalogue:
    """The codes of one provider and what earns them."""

    def __init__(self, data: Json, file: str) -> None:
        self._file = file
        self.codes = {
            code: Answer(code, entry["status"], entry["message"], entry["where"]) for code, entry in data["codes"].items()
        }
        other = data.get("task_codes")
        self.task_pattern = pattern(other["pattern"], file, "/task_codes/pattern") if other else None
        """What further codes of failed tasks look like, None where all are listed."""
        self.conditions = {name: self._answer(entry, f"/conditions/{name}") for name, entry in data["conditions"].items()}
        self._rules = [(entry["match"], self._answer(entry, f"/rules/{i}")) for i, entry in enumerate(data["rules"])]
        self._checks: list[str] = [entry.get("check", "") for entry in data["rules"]]
        self.unless: list[Json] = [entry.get("unless") for entry in data["rules"]]
        """For each pattern the setting and its value under which rules that match need not be kept, None for always."""

    def _answer(self, entry: Json, at: str) -> Answer:
        code = entry["code"]
        if code not in self.codes:
            raise ContractError(self._file, at, f"'{code}' is not in codes.{nearest(code, self.codes)}")
        named = {key: entry[key] for key in ("status", "message") if key in entry}
        return replace(self.codes[code], **named)

    def require(self, conditions: Iterable[str], known: Iterable[str]) -> None:
        """Raise ContractError for a condition that is not mapped, and for one that nothing raises."""
        possible = set(known) | set(conditions) | CONDITIONS
        for name in sorted((set(conditions) | CONDITIONS) - set(self.conditions)):
            raise ContractError(
                self._file, "/conditions", f"'{name}' can happen and is mapped to no code.{nearest(name, self.conditions)}"
            )
        for name in self.conditions:
            if name not in possible:
                raise ContractError(self._file, f"/conditions/{name}", f"nothing raises this condition.{nearest(name, possible)}")
            if name in self.codes:
                raise ContractError(self._file, f"/conditions/{name}", "a condition cannot be named like a code")

    def earned(self, reason: str) -> Answer:
        """The answer for a condition or a code. Raises KeyError when it is neither."""
        return self.conditions.get(reason) or self.codes[reason]

    def broken(self, rule: str) -> Answer | None:
        """The answer that a broken rule earns, by its id; None when no pattern matches."""
        place = self.rank(rule)
        return self._rules[place][1] if place < len(self._rules) else None

    def counts(self, rule: str, settings: Mapping[str, Json], *, strict: bool) -> bool:
        """Whether a rule has to be kept: one of authentication where signatures count, any other unless a setting says no."""
        place = self.rank(rule)
        if self._checks[place] == "authentication" and not strict:
            return False
        return not self.passed_over(rule, settings)

    def passed_over(self, rule: str, settings: Mapping[str, Json]) -> str:
        """The setting that lets a rule be broken; empty where none does."""
        unless = self.unless[self.rank(rule)]
        return str(unless["setting"]) if unless is not None and settings.get(unless["setting"]) == unless["is"] else ""

    def rank(self, rule: str) -> int:
        """How urgent a broken rule is: the place of the pattern that it matches."""
        return next((place for place, (match, _) in enumerate(self._rules) if fnmatchcase(rule, match)), len(self._rules))

    def task_code(self, code: str) -> bool:
        """Whether a task may fail with this code."""
        entry = self.codes.get(code)
        if entry is not None and entry.where != "request":
            return True
        return bool(self.task_pattern and self.task_pattern.fullmatch(code))

    def request_code(self, code: str) -> bool:
        """Whether a request may be refused with this code."""
        return code in self.codes and self.codes[code].where != "task"

    def failure_message(self, code: str) -> str:
        """What a task that failed with this code says."""
        return self.codes[code].worded({}) if code in self.codes else ""
