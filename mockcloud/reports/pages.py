"""Explanations as pages for people.

Knows the objects that `explain.py` makes. Law: nothing is said here that is not in the object; a message is shown as it goes
over the wire, not translated.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from mockcloud.messages import Json
from mockcloud.reports.page import Page

LONGEST = 60
NAMES = 24
"""The columns of a condition's name, or of a pattern's."""
MANY = 12
"""Of a long list the first ones are shown, and how many there are."""


def page(explained: dict[str, Json], width: int) -> str:
    """The page of an explanation, styled, at most so wide."""
    made = Page(width)
    PAGES[explained["kind"]](made, explained)
    return str(made)


# What stands on several pages ---------------------------------------------------------------------------------------------


def evidence(sources: list[dict[str, Json]]) -> list[str]:
    """Evidence in lines, one for each document: `seed: createThumbnailTask, lines 43, 44 (001_20d4131b6d265f54.txt)`."""
    places: dict[str, list[str]] = {}
    for source in sources:
        if source["line"] is not None or source["section"]:
            places.setdefault(source["document"], []).append(str(source["line"] or source["section"]))
    return list(dict.fromkeys(_line(source, places.get(source["document"], [])) for source in sources))


def _line(source: dict[str, Json], places: list[str]) -> str:
    kind, title = source["kind"], source["title"]
    if kind == "decision":
        return f"decision: {title}"
    if kind == "contradiction":
        return f"contradiction {source['document']}: {title}, because {source['reason']}"
    unit = "line" if kind == "seed" else "section"
    place = f", {unit}{'s' if len(places) > 1 else ''} {', '.join(places)}" if places else ""
    return f"{kind}: {title}{place} ({source['where']})"


def _evidence(made: Page, explained: dict[str, Json], label: str = "Evidence") -> None:
    made.row(label, evidence(explained["sources"]))


def part(one: dict[str, Json]) -> str:
    """A part of an example in a line: `/target/widthInPixel = 4097`."""
    at = one["at"] or "the message"
    if "left_out" in one:
        return f"{at} left out"
    if "times" in one:
        return f"{at} there once" if one["times"] == 1 else f"{at} there {one['times']} times"
    return f"{at} = {value(one['value'])}"


def value(found: Json) -> str:
    """A value as JSON, a long one shortened."""
    text = json.dumps(found, ensure_ascii=False)
    if isinstance(found, str) and len(found) > LONGEST:
        return f'"{found[:3]}…" ({len(found)} characters)'
    return text if len(text) <= 2 * LONGEST else f"{text[:LONGEST]}…"


def _some(names: list[str]) -> list[str]:
    return names if len(names) <= MANY else [*names[:MANY], f"and {len(names) - MANY} more"]


# The four pages -----------------------------------------------------------------------------------------------------------


def _rule(made: Page, explained: dict[str, Json]) -> None:
    of = {"request": "the requests", "response": "the answers"}.get(explained["side"], "the callbacks")
    made.title(explained["id"], f"A rule of {of} of {explained['operation']}")
    made.row("Demands", explained["demands"])
    if explained["test"] is not None:
        made.row("Test", explained["test"])
    _evidence(made, explained)
    made.row("Broken by", [part(one) for one in explained["breaks"]] or "no small example was found; the test says what it takes")
    made.row("Kept by", [part(one) for one in explained["keeps"]] or "whatever the demand says")
    refused = explained["refused"]
    if refused is None:
        made.row("Refusal", "none: it is a rule of what mockcloud itself sends; what breaks it is reported as a defect")
        return
    made.row("Refusal", [f"{refused['status']} {refused['code']}", json.dumps(refused["message"], ensure_ascii=False)])
    if explained["of_authentication"]:
        made.row("", "not asked of anybody where signatures do not count (auth off)")


def _operation(made: Page, explained: dict[str, Json]) -> None:
    made.title(explained["id"], "An operation")
    if explained["partly"]:
        made.row("Partly", f"known in part only: {explained['partly']}")
    made.row("Asked by", f"{explained['method']} {explained['path']}  at {', '.join(explained['hosts'])}")
    if explained["select"]:
        equals = explained["select"]["equals"]
        is_what = "is left out" if equals is None else f"is {value(equals)}"
        made.row("Told by", f"{explained['select']['argument']} {is_what}")
    root = f", root element {explained['root']}" if explained["root"] else ""
    made.row("Reads", f"{READS.get(explained['reads'], explained['reads'])}{root}")
    made.row("Does", explained["effect"])
    for given in explained["references"]:
        fitting = "".join(f", whose {member} is {at}" for member, at in given["where"].items())
        made.row("Refers to", f"{given['argument']} must be the id of a {given['resource']}{fitting}")
    if explained["source"]:
        made.row("Input", f"{explained['source']}: the argument that the magic names are looked for in")
    _evidence(made, explained)
    rules = explained["rules"]
    made.row(
        "Rules", f"{rules['request']} of requests, {rules['response']} of answers; `mockcloud rules {explained['id']}` lists them"
    )
    if explained["fields"]:
        made.heading("Fields")
        made.table([_field(row) for row in explained["fields"]], ("path", "type", "required", "default", "constraints"))
    made.heading("Errors")
    errors = [(row["code"], " or ".join(map(str, row["statuses"])), _by(row)) for row in explained["errors"]]
    made.table(errors, ("code", "status", "earned by"))
    made.row(
        "By plan", f"{len(explained['planned'])} codes, by fail_next or a magic name; `mockcloud contracts --json` lists them"
    )


READS: Final = {
    "json": "an object of JSON in the body",
    "xml": "an XML document in the body",
    "query": "the query",
    "parameters": "parameters of the query, or of a form or JSON in the body",
    "none": "its path",
}


def _field(row: dict[str, Json]) -> tuple[str, ...]:
    default = "" if row["default"] is None else value(row["default"])
    return row["path"] or "(whole)", row["type"], "yes" if row["required"] else "", default, "; ".join(row["constraints"])


def _by(row: dict[str, Json]) -> str:
    rules = [f"{row['rules']} rule{'s' if row['rules'] > 1 else ''}"] if row["rules"] else []
    return ", ".join([*rules, *row["conditions"]])


def _error(made: Page, explained: dict[str, Json]) -> None:
    where = {"request": "a request is refused with it", "task": "a task fails with it"}
    told = where.get(explained["where"], "a request is refused with it, or a task fails with it")
    made.title(f"{explained['provider']}:{explained['code']}", f"An error code: {told}")
    made.row("Status", str(explained["status"]))
    made.row("Message", json.dumps(explained["message"], ensure_ascii=False))
    _evidence(made, explained)
    for heading, name in (("Conditions", "condition"), ("Rules", "match")):
        found = explained[heading.lower()]
        if found:
            made.heading(heading)
        for one in found:
            made.row(one[name], [f"{one['status']} {json.dumps(one['message'], ensure_ascii=False)}", *_lines(one)], NAMES)
    made.heading("On demand")
    code = explained["code"]
    planned = [f'cloud.fail_next("{operation}", code="{code}")' for operation in explained["fail_next"]]
    made.row("fail_next", _some(planned))
    named = [
        f"{one['name']} at the start of the last segment of {one['argument']}, {one['operation']}"
        for one in explained["magic_names"]
    ]
    made.row("magic name", _some(named))
    if not explained["fail_next"]:
        made.row("", "nothing: no operation can be made to fail with it")


def _lines(one: dict[str, Json]) -> list[str]:
    rules = one.get("rules", [])
    shown = [f"{len(rules)} rules, such as {rules[0]}" if len(rules) > 1 else rules[0]] if rules else []
    return [*shown, *evidence(one["sources"])]


def _contradiction(made: Page, explained: dict[str, Json]) -> None:
    made.title(f"{explained['provider']}:{explained['id']}", "A contradiction of documents and clients")
    for number, one in enumerate(explained["readings"], 1):
        made.row(f"Reading {number}", [one["reading"], *(f"- {line}" for line in evidence(one["sources"]))])
    made.row("Decision", explained["decision"])
    made.row("Reason", explained["reason"])
    _evidence(made, explained)
    setting = explained["setting"]
    if setting:
        values = " or ".join(json.dumps(one, ensure_ascii=False) for one in setting["values"]) or f"any {setting['type']}"
        made.row(
            "Setting",
            [f"{explained['provider']}.{setting['name']}: {setting['says']}", f"{values}; default {value(setting['default'])}"],
        )
    if explained["cited_by"]:
        made.row("Cited by", _some(explained["cited_by"]))


PAGES: Final[dict[str, Callable[[Page, dict[str, Json]], None]]] = {
    "rule": _rule,
    "operation": _operation,
    "error": _error,
    "contradiction": _contradiction,
}
"""For each kind of explanation its page."""
