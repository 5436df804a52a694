"""Tasks as views see them: just the members that somebody speaks of.

Knows no vendor. Law: what no view speaks of is not found out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from mockcloud.contracts.model import Contract
from mockcloud.contracts.vocabulary import TASK_MEMBERS
from mockcloud.messages import Json
from mockcloud.state.lifecycle import Standing
from mockcloud.state.tasks import Task, Tasks

Scope = dict[str, Json]
Shown = Callable[[Task, float], Scope]
"""A task at a time as views see it."""


def shower(contract: Contract, tasks: Tasks, speaks_of: Iterable[str]) -> Shown:
    """What shows of a task just the members that the views of an operation speak of."""
    names = set(speaks_of)
    # A page is told by the id that it begins with, and what happens to many is told by the ids of each.
    wanted = TASK_MEMBERS if "task" in names else {"id", *(name[5:] for name in names if name.startswith("task."))}
    facts = [(name, find) for name, find in _facts(contract).items() if name in wanted]
    standings = [(name, find) for name, find in _standings(contract).items() if name in wanted]

    def of_facts(task: Task, now: float) -> Scope:
        return {name: find(task) for name, find in facts}

    def of_both(task: Task, now: float) -> Scope:
        shown = {name: find(task) for name, find in facts}
        standing = tasks.standing(task, now)
        for name, find in standings:
            value = find(task, standing)
            if value is not None:
                shown[name] = value
        return shown

    return of_both if standings else of_facts


def _facts(contract: Contract) -> Mapping[str, Callable[[Task], Json]]:
    """Members that never change."""
    render = contract.times.render
    return {
        "id": lambda task: task.id,
        "kind": lambda task: task.kind,
        "created": lambda task: render(task.created),
        "created_at": lambda task: task.created,
        "sent": lambda task: task.facts.sent,
        "request": lambda task: task.facts.request,
        "resource": lambda task: task.facts.resource,
        "host": lambda task: task.facts.host,
    }


def _standings(contract: Contract) -> Mapping[str, Callable[[Task, Standing], Json]]:
    """Members that follow from the state; None is absent."""
    render, message = contract.times.render, contract.errors.failure_message

    def failure(task: Task, standing: Standing) -> Json:
        if standing.state.phase != "failed":
            return None
        return {"code": task.facts.failure, "message": message(task.facts.failure)}

    return {
        "state": lambda task, standing: standing.state.name,
        "phase": lambda task, standing: standing.state.phase,
        "progress": lambda task, standing: standing.state.progress,
        "updated": lambda task, standing: render(standing.updated),
        "started": lambda task, standing: None if standing.started is None else render(standing.started),
        "ended": lambda task, standing: None if standing.ended is None else render(standing.ended),
        "ended_at": lambda task, standing: standing.ended,
        "failure": failure,
    }
