"""Planned misbehaviour: by `fail_next`, and by the magic names of inputs.

Knows codes of the catalogue and faults of the connection; what a client meets of the latter is the doors' work. Law: a plan is
used up by the first request that it fits. A code that the catalogue does not have is told, not guessed.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any, Final

from mockcloud.contracts.json_reader import pointed
from mockcloud.contracts.model import Contract, Operation
from mockcloud.errors import UsageError, nearest
from mockcloud.messages import FAULTS, Refusal, TransportFault
from mockcloud.pipeline.call import Call

THROTTLE: Final = "throttle"
"""The fault that is an answer: the provider's own refusal of too many requests."""

THROTTLED: Final = "throttled"
"""The condition that a contract maps to it."""

_MAGIC = re.compile(r"mockcloud-(fail|refuse|fault)-([^.]*)")


@dataclass(frozen=True, slots=True)
class Plan:
    """What shall go wrong: the request is refused with the code, or the task that it creates fails with it.

    A `fault` of the connection stands in place of a code; `after` says whether the request is carried out before it.
    """

    code: str = ""
    of_task: bool = False
    fault: str = ""
    after: bool = True


class Plans:
    """The plans of one cloud, by operation id."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, deque[Plan]] = defaultdict(deque)
        self._lock = threading.Lock()

    def add(self, contract: Contract, operation: str, **said: Any) -> None:
        """Plan for the next request of an operation: `code` and `where`, or `fault` and `after`, None where nothing was said.

        Raises UsageError for what cannot happen there.
        """
        found = contract.operations.get(operation.partition(".")[2])
        if found is None:
            known = (entry.id for entry in contract.operations.values())
            raise UsageError(f"there is no operation '{operation}'.{nearest(operation, known)}")
        given = {name: value for name, value in said.items() if value is not None}
        if "code" in given and given.keys() <= {"code", "where"}:
            made = _of_code(contract, found, str(given["code"]), given.get("where"))
        elif "fault" in given and given.keys() <= {"fault", "after"}:
            made = _of_fault(contract, str(given["fault"]), given.get("after"))
        else:
            listed = ", ".join(f"{name}={value!r}" for name, value in given.items()) or "nothing"
            raise UsageError(f"what goes wrong is code=..., with where=..., or fault=..., with after=...; found {listed}")
        self._waiting[operation].append(made)

    def take(self, operation: str) -> Plan | None:
        """The oldest plan for an operation, used up."""
        if not self._waiting:
            return None
        with self._lock:
            waiting = self._waiting.get(operation)
            return waiting.popleft() if waiting else None


_SETTLED: Final = {THROTTLE: False, "truncate": True}
"""Faults of which it is settled whether the request is carried out before."""

_WHY_SETTLED: Final = {
    THROTTLE: "a request that is throttled is refused, and so not carried out",
    "truncate": "what is truncated is the answer of a request that was carried out",
}


def _of_code(contract: Contract, operation: Operation, code: str, where: str | None) -> Plan:
    as_request, as_task = contract.errors.request_code(code), operation.creates and contract.errors.task_code(code)
    if where not in (None, "request", "task"):
        raise UsageError(f"where is 'request' or 'task', found {where!r}")
    if not {"request": as_request, "task": as_task, None: as_request or as_task}[where]:
        raise UsageError(f"'{operation.id}' cannot fail with '{code}'{_why_not(contract, operation, code)}")
    return Plan(code, where == "task" or (where is None and not as_request))


def _of_fault(contract: Contract, fault: str, after: bool | None) -> Plan:
    if fault not in (*FAULTS, THROTTLE):
        raise UsageError(f"there is no fault '{fault}'.{nearest(fault, (*FAULTS, THROTTLE))}")
    if fault == THROTTLE and THROTTLED not in contract.errors.conditions:
        raise UsageError(f"{contract.name} throttles nobody: its contract maps '{THROTTLED}' to no code of errors.json")
    if not isinstance(after, bool | None):
        raise UsageError(f"after is True or False, found {after!r}")
    if after is not None and after is not _SETTLED.get(fault, after):
        raise UsageError(f"after={after} does not go with fault='{fault}': {_WHY_SETTLED[fault]}")
    return Plan(THROTTLED) if fault == THROTTLE else Plan(fault=fault, after=after is not False)


def _why_not(contract: Contract, operation: Operation, code: str) -> str:
    if contract.errors.task_code(code):
        return ": only a task fails with it, and this operation makes none" if not operation.creates else ": only a task does"
    if contract.errors.request_code(code):
        return ": only a request does"
    return f".{nearest(code, contract.errors.codes)}"


def misbehave(call: Call, plans: Plans) -> None:
    """Fill in how the task to be created, or the connection once the request was carried out, shall fail.

    Raises the Refusal, or the TransportFault before anything was carried out, that is planned.
    """
    operation = call.operation
    plan = plans.take(operation.id) or (_magic(call, operation.source) if operation.source else None)
    if plan is None:
        return
    if plan.fault:
        _break(call, plan)
    elif plan.of_task:
        call.failure = plan.code
    else:
        raise Refusal(plan.code, note=f"planned for {operation.id}")


def _break(call: Call, plan: Plan) -> None:
    order = "after" if plan.after else "before"
    note = f"planned for {call.operation.id}: {FAULTS[plan.fault]}, {order} the request was carried out"
    call.note = f"{call.note}; {note}" if call.note else note
    if not plan.after:
        raise TransportFault(plan.fault)
    call.fault = plan.fault


def _magic(call: Call, pointer: str) -> Plan | None:
    source = pointed(call.arguments, pointer)
    if not isinstance(source, str) or "mockcloud-" not in source:
        return None
    match = _MAGIC.match(source.partition("?")[0].rpartition("/")[2])
    if match is None:
        return None
    if match[1] == "fault":
        return _magic_fault(call, match[2])
    of_task, code, errors = match[1] == "fail", match[2], call.contract.errors
    if not (errors.task_code(code) if of_task else errors.request_code(code)):
        known = [known for known in errors.codes if (errors.task_code(known) if of_task else errors.request_code(known))]
        problem = f"mockcloud knows no code '{code}' to {match[1]} with.{nearest(code, known)}"
        raise Refusal("unlisted-code", note=problem, problem=problem)
    return Plan(code, of_task)


def _magic_fault(call: Call, fault: str) -> Plan:
    try:
        return _of_fault(call.contract, fault, None)
    except UsageError as raised:
        problem = f"mockcloud cannot let this go wrong: {raised}"
        raise Refusal("unlisted-code", note=problem, problem=problem) from None
