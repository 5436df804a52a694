"""Laws of refusals: each code can be had, each message can be filled, each entry leads somewhere.

Knows which fields the core's conditions offer. Law: of what a module raises only what stands there in plain words is judged.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from mockcloud.contracts.operations import conditions, of_provider
from mockcloud.contracts.vocabulary import CONDITIONS, PLANNED_CONDITIONS
from mockcloud.messages import Json
from mockcloud.reports.laws.subject import Broken, Subject, nodes
from mockcloud.reports.provoked import provoked

FIELD = re.compile(r"\{(\w+)\}")
"""A field of a message."""
_PLACE: Final = frozenset({"name", "field", "where"})
OF_RULES: Final = _PLACE | {"reason", "rule"}
OF_CONDITIONS: Final = {
    "unknown-route": frozenset({"path"}),
    "unknown-method": frozenset({"allow", "method"}),
    "malformed-body": frozenset({"problem"}),
    "missing-body": frozenset({"problem"}),
    "body-too-large": frozenset({"limit"}),
    "unlisted-code": frozenset({"problem"}),
    "missing-operation": frozenset({"name"}),
    "unknown-operation": frozenset({"name"}),
    "unknown-marker": frozenset({"id"}),
    "event-refused": frozenset({"id", "state"}),
    "missing-content-length": frozenset[str](),
    "content-digest": frozenset[str](),
    "target-too-long": frozenset({"limit"}),
    "too-many-tasks": frozenset[str](),
    "throttled": frozenset[str](),
}
"""The fields that the core's conditions offer to a message."""
OF_KINDS: Final = {
    "unknown-": _PLACE | {"id"},
    "duplicate-": _PLACE | {"id", "found"},
    "protected-": frozenset({"id"}),
    "full-": frozenset({"id", "limit"}),
}
"""The same for conditions about a kind of task or resource."""


def codes_can_be_provoked(subject: Subject) -> Iterator[Broken]:
    """Every error code can be had by a rule, a condition, a magic name or `fail_next`."""
    for code in subject.contract.errors.codes:
        if not provoked(subject.dossier, code).words():
            found = "no rule and no condition earns it, and no operation creates a task that could fail with it"
            yield Broken("errors.json", f"/codes/{code}", found, "map what earns it, or say where: request")


def conditions_can_happen(subject: Subject) -> Iterator[Broken]:
    """Every condition that is mapped can happen."""
    possible = _possible(subject)
    for name in subject.contract.errors.conditions:
        if name not in possible:
            yield Broken("errors.json", f"/conditions/{name}", "nothing of this contract raises it", "take the entry out")


def conditions_are_raised(subject: Subject) -> Iterator[Broken]:
    """Every condition that the module announces is named where it is raised."""
    for name in sorted(subject.contract.behaviours.conditions):
        if subject.sources and not _stands(name, subject.texts):
            found = f"the module announces '{name}' and raises it nowhere"
            yield Broken("provider.json", "/module", found, f"raise Refusal('{name}'), or do not announce it")


def patterns_match_rules(subject: Subject) -> Iterator[Broken]:
    """Every entry of `rules` is the first to match some rule; the last may be one for whatever is left."""
    reached = {place for places in subject.dossier.earned.values() for place in places}
    entries = subject.data["errors"]["rules"]
    for place, entry in enumerate(entries):
        if place not in reached and (place, entry["match"]) != (len(entries) - 1, "*"):
            found = f"'{entry['match']}' matches no rule that an entry above has left"
            yield Broken("errors.json", f"/rules/{place}", found, "correct it (`mockcloud rules` lists them), or take it out")


def messages_are_filled(subject: Subject) -> Iterator[Broken]:
    """Every `{field}` of a message is one that the condition or the rule offers."""
    errors, used = subject.data["errors"], set()
    for section, at, entry, offered in _answers(subject):
        own = "message" in entry
        used |= set() if own else {entry["code"]}
        message = entry["message"] if own else errors["codes"][entry["code"]]["message"]
        for name in FIELD.findall(message):
            if offered is not None and name not in offered:
                whose = "the message" if own else f"the message of '{entry['code']}'"
                found = f"{whose} has {{{name}}}, and there is no such field"
                remedy = f"use one of {', '.join(sorted(offered)) or 'none'}, or give it a message of its own"
                yield Broken("errors.json", f"/{section}/{at}", found, remedy)
    for code, entry in errors["codes"].items():
        if code not in used and FIELD.search(entry["message"]):
            found = f"the message has {FIELD.findall(entry['message'])}, and only fail_next answers it, which fills nothing"
            yield Broken("errors.json", f"/codes/{code}/message", found, "write a message that stands by itself")


def tasks_can_fail(subject: Subject) -> Iterator[Broken]:
    """A kind of task has a failed state exactly when there are codes that a task can fail with."""
    codes = [code for code, entry in subject.data["errors"]["codes"].items() if entry["where"] != "request"]
    codes += ["task_codes"] if "task_codes" in subject.data["errors"] else []
    for kind, table in subject.contract.lifecycles.items():
        fails = any(state.phase == "failed" for state in table.states.values())
        if codes and not fails:
            found = f"no state has the phase failed, and there is the code '{codes[0]}' for tasks"
            yield Broken("lifecycle.json", f"/{kind}/states", found, "add the state of a failed task, and 'fails' before it")
        elif fails and not codes and any(state.fails for state in table.states.values()):
            found = "a task can fail, and no code says with what"
            yield Broken("lifecycle.json", f"/{kind}/states", found, "add codes to errors.json with where: task")


def _possible(subject: Subject) -> set[str]:
    contract = subject.contract
    found = set(contract.behaviours.conditions) | CONDITIONS | PLANNED_CONDITIONS | of_provider(subject.data["provider"])
    queues = (one.dispatch for one in contract.lifecycles.values() if one.dispatch)
    found |= {f"full-{one.queue}" for one in queues if one.room}
    return found.union(*(conditions(one, contract.resources) for one in contract.operations.values()))


def _answers(subject: Subject) -> Iterator[tuple[str, str, Json, frozenset[str] | None]]:
    """Every entry that answers: section, place, the entry, and the fields that it can use; None where nobody knows."""
    raised = _raised(subject)
    for name, entry in subject.data["errors"]["conditions"].items():
        yield "conditions", name, entry, raised.get(name, _of_condition(subject, name))
    for index, entry in enumerate(subject.data["errors"]["rules"]):
        yield "rules", str(index), entry, OF_RULES


def _of_condition(subject: Subject, name: str) -> frozenset[str] | None:
    kinds = {*subject.contract.lifecycles, *subject.contract.resources}
    of_kind = next((OF_KINDS[one] for one in OF_KINDS if name.startswith(one) and name.removeprefix(one) in kinds), None)
    return OF_CONDITIONS.get(name, of_kind)


def _raised(subject: Subject) -> dict[str, frozenset[str] | None]:
    """The fields of the conditions that effects and the module raise; None for one that is raised with fields unknown."""
    found: dict[str, frozenset[str] | None] = {}
    for _, effect in (*nodes(subject.data["operations"]), *nodes(subject.data["provider"].get("gate", ()))):
        if isinstance(effect.get("refuse"), str) and ("when" in effect or "ask" in effect):
            offered = frozenset({"found"}) | (_PLACE if "about" in effect else frozenset())
            found[effect["refuse"]] = offered & (found.get(effect["refuse"]) or offered)
    for tree in subject.sources:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal" and node.args:
                names = [word.arg for word in node.keywords]
                fields = None if None in names else frozenset(str(name) for name in names) - {"note", "violations"}
                for name in _constants(node.args[0]):
                    found[name] = fields if name not in found or fields is None else fields | (found[name] or fields)
    return found


def _stands(name: str, texts: set[str]) -> bool:
    """Whether a module has the text, whole or in two parts."""
    return name in texts or any(name[:at] in texts and name[at:] in texts for at in range(1, len(name)))


def _constants(node: ast.expr) -> list[str]:
    """The conditions that an expression can be: a text, or the branches of a choice."""
    if isinstance(node, ast.IfExp):
        return _constants(node.body) + _constants(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
