"""The way to a place in a message that was drawn: what must be around it is put in, and what then breaks a condition mended.

Knows plans. Law: the message is never changed; what comes back is another.
"""

from __future__ import annotations

from hypothesis.strategies import DrawFn

from mockcloud.messages import Json
from mockcloud.strategies.values import Either, Elements, Members, Plan


def opened(plan: Plan, value: Json, steps: list[str], draw: DrawFn) -> Json:
    """The value with something around the place at the end of the steps; the first element of lists is meant."""
    if not steps:
        return value
    step, *rest = steps
    around = _around(plan, step)
    if isinstance(around, Elements):
        elements = value if isinstance(value, list) and value else [around.element.draw(draw)]
        return [opened(around.element, elements[0], rest, draw), *elements[1:]]
    members = value if isinstance(value, dict) else around.draw(draw)
    if not rest:
        return members
    below = members[step] if step in members else around.members[step].draw(draw)
    return {**members, step: opened(around.members[step], below, rest, draw)}


def mended(plan: Plan, value: Json, steps: list[str], draw: DrawFn, spared: Json) -> Json:
    """The value with all conditions on the way kept but those that are tied to the `spared` one."""
    step = steps[0] if steps else ""
    around = _around(plan, step)
    if isinstance(around, Elements) and isinstance(value, list) and value:
        return [mended(around.element, value[0], steps[1:], draw, spared), *value[1:]]
    if not isinstance(around, Members) or not isinstance(value, dict):
        return value
    if step in value and step in around.members:
        value = {**value, step: mended(around.members[step], value[step], steps[1:], draw, spared)}
    for tie in around.bound:
        if not any(one is spared for one in tie.named):
            value = tie.keep(value, draw, around.member)
    return value


def _around(plan: Plan, step: str) -> Members | Elements:
    """The plan of what a step leads into."""
    plans = plan.plans if isinstance(plan, Either) else [plan]
    kind = Elements if step == "*" else Members
    return next((one for one in plans if isinstance(one, kind)), _NOTHING)


_NOTHING = Members({}, (), [])
