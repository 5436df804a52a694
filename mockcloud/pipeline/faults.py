"""Planned misbehaviour: by `fail_next`, and by the magic names of inputs.

Law: a plan is used up by the first request that it fits. A code that the catalogue does not have is told, not guessed.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict, deque
from dataclasses import dataclass

from mockcloud.contracts.json_reader import pointed
from mockcloud.contracts.model import Contract, Operation
from mockcloud.errors import UsageError, nearest
from mockcloud.messages import Refusal
from mockcloud.pipeline.call import Call

_MAGIC = re.compile(r"mockcloud-(fail|refuse)-([^.]*)")


@dataclass(frozen=True, slots=True)
class Plan:
    """What shall go wrong: the request is refused with the code, or the task that it creates fails with it."""

    code: str
    of_task: bool


class Plans:
    """The plans of one cloud, by operation id."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, deque[Plan]] = defaultdict(deque)
        self._lock = threading.Lock()

    def add(self, contract: Contract, operation: str, code: str | int, where: str | None) -> None:
        """Plan for the next request of an operation. Raises UsageError for a code that cannot happen there."""
        found = contract.operations.get(operation.partition(".")[2])
        if found is None:
            known = (entry.id for entry in contract.operations.values())
            raise UsageError(f"there is no operation '{operation}'.{nearest(operation, known)}")
        code = str(code)
        as_request, as_task = contract.errors.request_code(code), found.creates and contract.errors.task_code(code)
        if where not in (None, "request", "task"):
            raise UsageError(f"where is 'request' or 'task', found {where!r}")
        if not {"request": as_request, "task": as_task, None: as_request or as_task}[where]:
            raise UsageError(f"'{operation}' cannot fail with '{code}'{_why_not(contract, found, code)}")
        self._waiting[operation].append(Plan(code, where == "task" or (where is None and not as_request)))

    def take(self, operation: str) -> Plan | None:
        """The oldest plan for an operation, used up."""
        if not self._waiting:
            return None
        with self._lock:
            waiting = self._waiting.get(operation)
            return waiting.popleft() if waiting else None


def _why_not(contract: Contract, operation: Operation, code: str) -> str:
    if contract.errors.task_code(code):
        return ": only a task fails with it, and this operation makes none" if not operation.creates else ": only a task does"
    if contract.errors.request_code(code):
        return ": only a request does"
    return f".{nearest(code, contract.errors.codes)}"


def misbehave(call: Call, plans: Plans) -> None:
    """Fill in the code that the task to be created shall fail with; raises the Refusal that is planned."""
    operation = call.operation
    plan = plans.take(operation.id) or (_magic(call, operation.source) if operation.source else None)
    if plan is None:
        return
    if not plan.of_task:
        raise Refusal(plan.code, note=f"planned for {operation.id}")
    call.failure = plan.code


def _magic(call: Call, pointer: str) -> Plan | None:
    source = pointed(call.arguments, pointer)
    if not isinstance(source, str) or "mockcloud-" not in source:
        return None
    match = _MAGIC.match(source.partition("?")[0].rpartition("/")[2])
    if match is None:
        return None
    of_task, code, errors = match[1] == "fail", match[2], call.contract.errors
    if not (errors.task_code(code) if of_task else errors.request_code(code)):
        known = [known for known in errors.codes if (errors.task_code(known) if of_task else errors.request_code(known))]
        problem = f"mockcloud knows no code '{code}' to {match[1]} with.{nearest(code, known)}"
        raise Refusal("unlisted-code", note=problem, problem=problem)
    return Plan(code, of_task)
