"""What the views of an answer may speak of, gathered from a call.

Knows the names of scopes and tasks, no vendor. Law: what no view of an operation speaks of a task is not found out.
"""

from __future__ import annotations

from mockcloud.contracts.times import http_date
from mockcloud.messages import Json
from mockcloud.pipeline.call import Call

Scope = dict[str, Json]


def at_the_gate(call: Call) -> Scope:
    """What the views of a gate may speak of: the names of `contracts.effects.GATE`."""
    return {
        "request": call.arguments,
        "operation": call.operation.shown,
        "credential": call.credential.shown,
        "host": call.host,
        "settings": call.settings,
        "catalog": call.contract.catalog,
    }


def base(call: Call) -> Scope:
    """What every view may speak of, however far the request came: the names of `contracts.effects.BASE`."""
    return {
        "request": call.arguments,
        "operation": call.operation.shown if call.chosen else {},
        "credential": call.credential.shown,
        "host": call.host,
        "path": call.request.path,
        "settings": call.settings,
        "request_id": call.request_id,
        "date": http_date(int(call.now)),
        "now": call.now,
        "catalog": call.contract.catalog,
        "resource": {},
    }
