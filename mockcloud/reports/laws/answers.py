"""Laws of the trial: what a contract's own examples come to when its own stages handle them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from mockcloud.contracts.model import Operation, Schema
from mockcloud.contracts.times import http_date
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.messages import Json, Refusal, Request, Violation
from mockcloud.pipeline import rendering
from mockcloud.pipeline.call import Call
from mockcloud.pipeline.validation import fields
from mockcloud.reports.laws.refusals import FIELD
from mockcloud.reports.laws.subject import Broken, Subject
from mockcloud.reports.laws.trial import Outcome, Trial, made, outcomes, shown
from mockcloud.state.shown import shower

_ENUMS = ("enum", "enumeration", "const")


def requests_can_be_made(subject: Subject) -> Iterator[Broken]:
    """Every operation's request schema takes some request."""
    for name in dict.fromkeys(one for one in outcomes(subject) if isinstance(one, str)):
        found = f"no request was found that keeps all rules of {name}"
        remedy = f"see whether two rules exclude each other (`mockcloud rules {subject.contract.name}.{name}`)"
        yield Broken("operations.json", f"/{name}/request", found, remedy)


def schemas_compile(subject: Subject) -> Iterator[Broken]:
    """Every schema is one that the reference validator takes."""
    for file, problem in subject.uncompiled.items():
        yield Broken(file, "", problem, "correct the schema; until then nothing that needs it is tried")


def modules_raise_refusals(subject: Subject) -> Iterator[Broken]:
    """What the module does with a valid request raises nothing but refusals."""
    for name, raised in dict.fromkeys((one.operation, one.raised) for one in _had(subject) if one.raised):
        yield Broken(
            "operations.json", f"/{name}", f"an example of it ends in {raised}", "let the module take what the schema takes"
        )


def requests_arrive(subject: Subject) -> Iterator[Broken]:
    """An example of a request, signed by the module's signer, comes to its operation."""
    seen = set()
    for one in _had(subject):
        if not (one.arrived or one.raised or one.operation in seen):
            seen.add(one.operation)
            met = f"refused as '{one.refused}'" if one.refused else "taken for another operation's"
            found = f"an example of {one.operation} is {met}{f': {one.note}' if one.note else ''}"
            yield Broken("operations.json", f"/{one.operation}", found, "correct path, selector, verifier or signer")


def states_are_shown(subject: Subject) -> Iterator[Broken]:
    """Every state of a task is one that the answers which show it may show."""
    for one, defect in _defects(subject):
        if _is_state(one, defect):
            found = f"{defect.rule} does not list '{one.state}'"
            remedy = "add it to the enum, or show another word for it"
            yield Broken("lifecycle.json", f"/{one.kind}/states/{one.state}", found, remedy)


def answers_keep_their_schemas(subject: Subject) -> Iterator[Broken]:
    """What an operation answers keeps its response schema, whatever state the task is in."""
    for one, defect in _defects(subject):
        if not _is_state(one, defect):
            when = f" of a {one.kind} that is '{one.state}'" if one.state else ""
            found = f"the answer{when} breaks {defect.rule} with {shown(defect.found)}: {defect.reason}"
            yield Broken("operations.json", f"/{one.operation}/result", found, "correct the view or the schema")


def refusals_keep_their_schema(subject: Subject) -> Iterator[Broken]:
    """Every code, condition and broken rule is answered with a refusal that keeps its schema."""
    trial = Trial(subject)
    for section, at, refused in () if subject.uncompiled else _refusals(subject):
        call = trial.service.receive(Request("POST", "/", trial.host), trial.parts, trial.clock.tick())
        found = _wrong(partial(_refused, call, refused))
        if found:
            remedy = "correct the entry, the view in provider.json or the schema"
            yield Broken("errors.json", f"/{section}/{at}", f"its refusal {found}", remedy)


def messages_keep_their_schemas(subject: Subject) -> Iterator[Broken]:
    """What a message tells of a task that ended keeps the schema of its codec."""
    contract = subject.contract
    creators: dict[str, Operation] = {
        effect.kind: one for one in contract.operations.values() for effect in one.effects if effect.verb == "create"
    }
    for name, callback in contract.callbacks.items():
        for state in sorted(callback.on):
            trial = made(subject, callback.of, creators.get(callback.of), state)
            found = _wrong(partial(_told, trial, name)) if trial else ""
            if found:
                told = f"the message of a {callback.of} that is '{state}' {found}"
                yield Broken("callbacks.json", f"/{name}/body", told, "correct the view or the schema")


def _refused(call: Call, refused: Refusal) -> tuple[Violation, ...]:
    return rendering.refusal(call, refused).defects


def _wrong(made: Callable[[], tuple[Violation, ...]]) -> str:
    """What is wrong with what is made, empty for nothing: the first rule that it breaks, or what is raised in its place."""
    try:
        defects = made()
    except Exception as problem:  # noqa: BLE001  # a module of somebody else's may raise anything
        return f"ends in {type(problem).__name__}: {problem}"
    return f"breaks {defects[0].rule} with {shown(defects[0].found)}: {defects[0].reason}" if defects else ""


def _told(trial: Trial, name: str) -> tuple[Violation, ...]:
    contract, now = trial.contract, trial.clock.now()
    callback = contract.callbacks[name]
    task = shower(contract, trial.service.tasks, ["task"])(trial.task(callback.of), now)
    parts = {key: task[key] for key in ("request", "host", "resource")}
    scope: dict[str, Json] = {**parts, "task": task, "settings": trial.service.settings, "catalog": contract.catalog}
    scope |= {"request_id": "0" * 32, "random": "0" * 32, "date": http_date(int(now)), "now": now}
    scope |= {key: found[-1] for key, (kind, _) in callback.gather.items() if (found := trial.items.all(kind, trial.tenancy))}
    schema = callback.schemas.get(str(callback.codec(scope)))
    return _broken(schema, callback.body(scope)) if schema else ()


def _broken(schema: Schema, body: Json) -> tuple[Violation, ...]:
    return schema.encode(body)[1] if isinstance(schema, XmlSchema) else schema.violations(body)


def _refusals(subject: Subject) -> Iterator[tuple[str, str, Refusal]]:
    errors = subject.contract.errors
    yield from (("codes", code, Refusal(code)) for code in errors.codes if errors.request_code(code))
    for name, answer in errors.conditions.items():
        given: dict[str, Json] = dict.fromkeys(FIELD.findall(answer.message), "x")
        yield "conditions", name, Refusal(name, **given)
    for places in subject.dossier.earned.values():
        for place, rules in places.items():
            side = subject.dossier.side_of(rules[0])
            reason = side.schema.rules[rules[0]].reason if side else ""
            violation = Violation(rules[0], "/" + rules[0].partition("#/")[2].rpartition(":")[0], None, reason)
            yield "rules", str(place), Refusal("", violations=(violation,), **fields(violation))


def _had(subject: Subject) -> Iterator[Outcome]:
    yield from (one for one in outcomes(subject) if isinstance(one, Outcome))


def _defects(subject: Subject) -> Iterator[tuple[Outcome, Violation]]:
    """Each rule that an operation's answers break, once for each state."""
    seen = set()
    for one in _had(subject):
        for defect in one.defects:
            key = (one.state if _is_state(one, defect) else one.operation, defect.rule)
            if key not in seen:
                seen.add(key)
                yield one, defect


def _is_state(one: Outcome, defect: Violation) -> bool:
    return bool(one.state) and defect.found == one.state and defect.rule.rpartition(":")[2] in _ENUMS
