"""A JSON Schema of our closed vocabulary: its rules, its defaults, and the two validators that must agree.

jsonschema is the oracle and explains; jsonschema-rs, where installed, says "valid" faster.
Law: the oracle's errors are named by the very subschema objects that the rules were read from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from mockcloud.contracts import json_reader, meta, rules
from mockcloud.contracts.json_reader import Place
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.vocabulary import JSON_CONDITIONS
from mockcloud.errors import ContractError
from mockcloud.messages import Json, Violation


class JsonSchema:
    """One schema file, read for one side of one operation. Implements `rules.Schema`."""

    def __init__(self, path: Path, owner: tuple[str, str], *, text: bool) -> None:
        self.tree = json_reader.read(path)
        self.places = json_reader.places(self.tree, path, text=text)
        file = "/".join(path.parts[-3:])
        meta.check_schema(self.tree, file)
        self.rules: dict[str, Rule] = {}  # in the order of the places
        self._named: dict[tuple[int, str], tuple[Rule, Place]] = {}
        for place in self.places:
            rule = rules.make(owner, place.path, place.constraint, place.demand, place.evidence, place.says)
            if rule.id in self.rules:
                raise ContractError(file, place.at, f"two rules are called '{rule.id}'")
            self.rules[rule.id] = rule
            self._named[id(place.schema), place.key] = (rule, place)
        self._fill = json_reader.filler(self.tree)

    @cached_property
    def accepts(self) -> Callable[[Json], bool]:
        """Whether a message keeps every rule, by the fastest validator installed."""
        is_valid = self._is_valid

        def accepts(message: Json) -> bool:
            try:
                return is_valid(message)
            except ValueError:
                # The compiled validator takes no lone surrogate and no number with an exponent; the reference does.
                return not self.violations(message)

        return accepts

    def sources(self) -> list[str]:
        """Every piece of evidence that the schema names, of members without a rule too."""
        return list(json_reader.sources(self.tree))

    def filled(self, message: Json) -> Json:
        return self._fill(message, message) if self._fill else message

    def violations(self, message: Json) -> tuple[Violation, ...]:
        found: list[Violation] = []
        for error in islice(self._oracle.iter_errors(message), rules.TOLD):
            found.extend(self._explain(error))
        return rules.in_order(found, self.rules)

    @cached_property
    def _is_valid(self) -> Callable[[Json], bool]:
        try:
            import jsonschema_rs
        except ImportError:
            return lambda message: next(self._oracle.iter_errors(message), None) is None
        is_valid: Callable[[Json], bool] = jsonschema_rs.Draft202012Validator(self.tree).is_valid
        named = [place for place in self.places if place.key == "x-rule" and "x-at-least" in place.schema]
        comparisons = [(tuple(place.path.split("/")[1:]), place.demand) for place in named]
        if not comparisons:
            return is_valid

        def accepts(message: Json) -> bool:
            # Calling back from the compiled validator would cost more than all that it does.
            return is_valid(message) and not falls_short(message, comparisons)

        return accepts

    @cached_property
    def _oracle(self) -> Any:
        from jsonschema import Draft202012Validator, validators

        keywords = {"x-at-least": _at_least, "pattern": _pattern}
        return validators.extend(Draft202012Validator, keywords)(self.tree)

    def _explain(self, error: Any) -> Iterator[Violation]:
        named = self._named_condition(error)
        if named is not None:
            yield named
            return
        where = _pointer(error.absolute_path)
        if error.validator != "required":
            rule, _ = self._named[id(error.schema), error.validator]
            yield Violation(rule.id, where, error.instance, rule.reason)
            return
        for name in error.validator_value:
            if name not in error.instance:
                rule, _ = self._named[id(error.schema), f"required {name}"]
                yield Violation(rule.id, f"{where}/{name}", None, rule.reason)

    def _named_condition(self, error: Any) -> Violation | None:
        """The violation of the named rule that the error lies in, told by following its path down the tree."""
        schema, instance = self.tree, list(error.absolute_path)
        depth, naming = 0, False
        for step in error.absolute_schema_path:
            if not naming and "x-rule" in schema and step in _INTO_CONDITIONS:
                return self._condition(schema, error, instance[:depth])
            depth += naming or step == "items"
            naming = not naming and step == "properties"
            schema = schema[step]
        return None

    def _condition(self, schema: Json, error: Any, where: list[Any]) -> Violation:
        rule, place = self._named[id(schema), "x-rule"]
        found = error.instance
        if not place.about:
            return Violation(rule.id, _pointer(where), found, rule.reason)
        found = found.get(place.about) if isinstance(found, dict) else found
        return Violation(rule.id, _pointer([*where, place.about]), found, rule.reason)


_INTO_CONDITIONS = JSON_CONDITIONS | {"then"}


def _pointer(steps: Iterable[Any]) -> str:
    return "".join(f"/{step}" for step in steps)


def _at_least(validator: Any, demand: Json, instance: Json, schema: Json) -> Iterator[Any]:
    from jsonschema import ValidationError

    if not holds_at_least(demand, instance):
        yield ValidationError(f"{demand['member']} is less than {demand['other']}")


def falls_short(message: Json, comparisons: list[tuple[tuple[str, ...], Json]]) -> bool:
    """Whether some part of a message is less than it has to be: comparisons with the steps of their paths."""
    for steps, demand in comparisons:
        for part in _parts(message, steps):
            if not holds_at_least(demand, part):
                return True
    return False


def holds_at_least(demand: Json, instance: Json) -> bool:
    """Whether the one member is not less than the other, where both are there as numbers."""
    if not isinstance(instance, dict):
        return True
    member = instance.get(demand["member"])
    other = instance.get(demand["other"], demand.get("other_default"))
    if not (_number(member) and _number(other)) or member in demand.get("unless", ()):
        return True
    return bool(member >= other)


def _number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _parts(message: Json, steps: tuple[str, ...]) -> list[Json]:
    """The parts of a message at a rule's path, `*` being every element of a list."""
    found = [message]
    for step in steps:
        if step == "*":
            found = [item for one in found if isinstance(one, list) for item in one]
        else:
            found = [one[step] for one in found if isinstance(one, dict) and step in one]
    return found


def _pattern(validator: Any, demand: str, instance: Json, schema: Json) -> Iterator[Any]:
    from jsonschema import ValidationError

    if isinstance(instance, str) and not compiled(demand).search(instance):
        yield ValidationError(f"does not match {demand}")


_DOLLAR = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])|\$")
"""An escape or a class, in which a dollar is only a dollar; else one that is the end."""


@lru_cache(1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern as JSON Schema means it: Python's `$` also matches before a last line feed, ECMA's does not."""
    return re.compile(_DOLLAR.sub(lambda found: found[1] or r"\Z", pattern))
