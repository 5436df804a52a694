"""Constraints and effects in words.

Law: every constraint of the vocabulary has its words; a test holds the table to that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

from mockcloud.contracts.effects import Effect
from mockcloud.contracts.model import Contract, Operation
from mockcloud.contracts.rules import Rule
from mockcloud.messages import Json

PHRASES: Final = {
    "type": "of type {demand}",
    "required": "there",
    "minItems": "a list of at least {demand}",
    "maxItems": "a list of at most {demand}",
    "enum": "one of {demand}",
    "const": "exactly {demand}",
    "minimum": "at least {demand}",
    "maximum": "at most {demand}",
    "minLength": "at least {demand} characters long",
    "maxLength": "at most {demand} characters long",
    "pattern": "a text that matches {demand}",
    "enumeration": "one of {demand}",
    "minInclusive": "at least {demand}",
    "maxInclusive": "at most {demand}",
    "maxOccurs": "there at most {demand} times",
}
"""What a value must be, for each constraint; a condition has a sentence of its own."""


def dotted(path: Json) -> str:
    """A pointer as people say it: `target.widthInPixel`; a view as the thing that it names."""
    if not isinstance(path, str):
        return "what its view names"
    return path.lstrip("/").replace("/", ".") or "the message"


def is_named(rule: Rule) -> bool:
    """Whether the rule is a condition with a name of its own."""
    return rule.constraint not in PHRASES


def phrase(rule: Rule) -> str:
    """What the value must be, where the rule is no condition: `at most 4096`."""
    demand = rule.demand
    shown = ", ".join(_shown(one) for one in demand) if isinstance(demand, list) else _shown(demand)
    text = PHRASES[rule.constraint].format(demand=shown)
    return text.replace(" 1 characters", " 1 character").replace(" 1 times", " once") if str(demand) == "1" else text


def demand(rule: Rule, told: str) -> str:
    """What the rule demands, in a sentence. `told` is what whoever breaks it is told."""
    if is_named(rule):
        return f"{dotted(rule.path)} must keep the condition {rule.constraint}; whoever breaks it is told: {told}"
    return f"{dotted(rule.path)} must be {phrase(rule)}"


def _shown(value: Json) -> str:
    return value if isinstance(value, str) and value else '""' if value == "" else str(value)


# Effects -----------------------------------------------------------------------------------------------------------


def _create(effect: Effect, contract: Contract) -> str:
    each = effect.get("each")
    table = contract.lifecycles[effect.kind]
    way, seen = table.initial, [table.initial]
    while (following := table.states[way].then) and following not in seen:
        seen.append(way := following)
    number = f"one {effect.kind} for each {dotted(each)}" if each else f"a {effect.kind}"
    return f"creates {number}, which goes {' -> '.join(seen)}"


def _find(effect: Effect, contract: Contract) -> str:
    ids = dotted(effect["ids"])
    several = f"{ids} lists, separated by '{effect['separator']}'" if effect.get("separator") else f"{ids} names"
    return f"answers with each {effect.kind} that {several}; without it, with all of them"


def _list(effect: Effect, contract: Contract) -> str:
    pages = f", in pages told by {_arguments(effect['page'])}" if effect.page else ""
    return f"answers with every {effect.kind}{_chosen(effect)}{pages}"


def _event(effect: Effect, contract: Contract) -> str:
    return f"lets the event {json.dumps(effect['event'])} happen to {_one(effect)}"


def _one(effect: Effect) -> str:
    if effect.get("id"):
        return f"the {effect.kind} whose id is {dotted(effect['id'])}"
    return f"every {effect.kind}{_chosen(effect)}"


def _chosen(effect: Effect) -> str:
    filters = _arguments(effect.get("where"))
    return f" that fits {filters}" if filters else ""


def _arguments(view: Json) -> str:
    """The arguments of the request that a view speaks of."""
    return ", ".join(dict.fromkeys(re.findall(r"\$request\.([\w.-]+)", json.dumps(view))))


EFFECTS: Final[dict[str, Callable[[Effect, Contract], str]]] = {
    "create": _create,
    "find": _find,
    "list": _list,
    "event": _event,
    "get": lambda effect, contract: f"answers with {_one(effect)}",
    "refuse": lambda effect, contract: f"may refuse by the condition {effect.kind}",
    "ask": lambda effect, contract: f"sends {effect['ask']} and refuses by the condition {effect.kind} when nobody takes it",
    "add": lambda effect, contract: f"adds a {effect.kind}",
    "change": lambda effect, contract: f"changes {_one(effect)}",
    "remove": lambda effect, contract: f"removes {_one(effect)}",
}
"""Every effect that data can declare, in words."""


def effects(operation: Operation, contract: Contract) -> str:
    """What an operation does, in a sentence."""
    return "; ".join(EFFECTS[one.verb](one, contract) for one in operation.effects) or "keeps nothing and changes nothing"
