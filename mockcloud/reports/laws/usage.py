"""Laws of use: what a contract declares is used by something.

Knows where each kind of thing can be used. Law: what nothing uses is either forgotten or misspelt where it should be used.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from posixpath import dirname, join, normpath

from mockcloud.contracts.xsd_reader import XS
from mockcloud.messages import Json
from mockcloud.reports.laws.subject import Broken, Subject, nodes

VIEWED = ("provider", "operations", "lifecycle", "callbacks")
"""The files that hold views."""


def documents_are_cited(subject: Subject) -> Iterator[Broken]:
    """Every document is evidence of something."""
    cited = {one.partition("#")[0] for _, _, one in subject.evidence}
    mentioned = " ".join(subject.texts)
    for name in subject.data["documents"]:
        if name not in cited and name not in mentioned:
            yield Broken("documents.json", f"/{name}", f"nothing cites '{name}'", "cite it where it is believed, or take it out")


def contradictions_are_cited(subject: Subject) -> Iterator[Broken]:
    """Every contradiction decides something that cites it, or has a setting."""
    cited = {one for file, _, one in subject.evidence if file != "contradictions.json"}
    for name, entry in subject.data["contradictions"].items():
        if f"contradiction#{name}" not in cited and "setting" not in entry:
            remedy = f"cite 'contradiction#{name}' as evidence of what it decided"
            yield Broken("contradictions.json", f"/{name}", f"nothing cites '{name}'", remedy)


def schema_files_are_used(subject: Subject) -> Iterator[Broken]:
    """Every schema file is that of an operation, a refusal or a callback, or one of these refers to it."""
    used = _used(subject)
    for name in subject.schemas:
        if name not in used:
            yield Broken(name, "", "nothing uses this file", "name it in operations.json, or take it out")


def definitions_are_used(subject: Subject) -> Iterator[Broken]:
    """Every definition of a schema file is referred to."""
    referred = {target for name, schema in subject.schemas.items() for target in _references(name, schema)}
    types = {one.get("type") for schema in subject.schemas.values() if isinstance(schema, ET.Element) for one in schema.iter()}
    for name, schema in subject.schemas.items():
        if isinstance(schema, ET.Element):
            unused = [f"/{one.get('name')}" for one in schema if one.get("name") and one.get("name") not in types]
            unused = [at for at in unused if schema.find(f"{XS}element[@name='{at[1:]}']") is None]
        else:
            wanted = {at: f"{name}#{at}" for at in (f"/$defs/{one}" for one in schema.get("$defs", {}))}
            unused = [at for at, whole in wanted.items() if not any(f"{one}/".startswith(f"{whole}/") for one in referred)]
        for at in unused:
            yield Broken(name, at, "nothing refers to this definition", "refer to it, or take it out")


def settings_are_used(subject: Subject) -> Iterator[Broken]:
    """Every setting changes something: a view or a rule's `unless` speaks of it, or the module reads it."""
    used = _second(subject, "settings") | subject.texts
    used |= {entry["unless"]["setting"] for entry in subject.data["errors"]["rules"] if "unless" in entry}
    yield from _unused(subject, "settings", used, "no view, no rule and no text of the module names '{}'")


def resources_are_used(subject: Subject) -> Iterator[Broken]:
    """Every resource is referred to, listed, made or shown by something."""
    used = _second(subject, "catalog") | _second(subject, "resource")
    for operation in subject.contract.operations.values():
        used |= {one.resource for one in operation.references} | {effect.kind for effect in operation.effects}
    used |= {kind for one in subject.contract.callbacks.values() for kind, _ in one.gather.values()}
    used |= {table.dispatch.queue for table in subject.contract.lifecycles.values() if table.dispatch}
    yield from _unused(subject, "resources", used, "nothing names the resource '{}'")


def identifiers_are_used(subject: Subject) -> Iterator[Broken]:
    """Every identifier is that of requests, or of a kind of task or resource."""
    used = {"request", "evidence", *subject.contract.lifecycles, *subject.contract.resources}
    yield from _unused(subject, "identifiers", used, "nothing is of the kind '{}'")


def kinds_are_created(subject: Subject) -> Iterator[Broken]:
    """Every kind of task is created by an operation."""
    operations = subject.contract.operations.values()
    created = {effect.kind for operation in operations for effect in operation.effects if effect.verb == "create"}
    for kind in subject.contract.lifecycles:
        if kind not in created:
            remedy = f'give an operation the effect {{"create": "{kind}"}}, or take the table out'
            yield Broken("lifecycle.json", f"/{kind}", f"no operation creates a '{kind}'", remedy)


def values_are_called(subject: Subject) -> Iterator[Broken]:
    """Every value that the module computes is called by a view."""
    called = {node["$call"] for name in VIEWED for _, node in nodes(subject.data[name]) if "$call" in node}
    for name in subject.contract.behaviours.computed:
        if name not in called:
            yield Broken("provider.json", "/module", f"no view calls the value '{name}'", "call it, or take the function out")


def messages_are_sent(subject: Subject) -> Iterator[Broken]:
    """Every message is sent when a task ends, or by an effect that asks."""
    asked = {node["ask"] for _, node in nodes(subject.data["operations"]) if "ask" in node}
    for name, callback in subject.contract.callbacks.items():
        if not callback.of and name not in asked:
            remedy = "say 'of' which tasks and 'on' which states it tells, or ask it in an effect"
            yield Broken("callbacks.json", f"/{name}", f"nothing sends '{name}'", remedy)


def _unused(subject: Subject, section: str, used: Iterable[str], found: str) -> Iterator[Broken]:
    known = set(used)
    for name in subject.data["provider"][section]:
        if name not in known:
            yield Broken("provider.json", f"/{section}/{name}", found.format(name), "use it, or take it out")


def _second(subject: Subject, root: str) -> set[str]:
    """The names that views speak of below a root; all of its names where one takes it whole."""
    section: Mapping[str, Json] = subject.data["provider"]["settings" if root == "settings" else "resources"]
    named = [steps for _, _, one, steps in subject.spoken(*VIEWED) if one == root]
    return {steps[0] for steps in named if steps} | (set(section) if [] in named else set())


def _used(subject: Subject) -> set[str]:
    operations = subject.data["operations"].values()
    used = {f"requests/{one['request']}" for one in operations}
    used |= {f"responses/{one['response']}" for one in operations if "response" in one}
    used |= {f"responses/{name}" for one in subject.data["callbacks"].values() for name in one.get("schemas", {}).values()}
    used |= {f"responses/{one}" for one in [subject.data["provider"]["refusal"].get("schema")] if one}
    waiting = list(used)
    while waiting:
        name = waiting.pop()
        found = {one.partition("#")[0] for one in _references(name, subject.schemas[name])} - used
        used |= found
        waiting.extend(found)
    return used


def _references(name: str, schema: Json) -> Iterator[str]:
    """What a schema file refers to: `<side>/<file>#<pointer>`."""
    if isinstance(schema, ET.Element):
        for include in schema.iterfind(f"{XS}include"):
            yield join(dirname(name), include.get("schemaLocation", ""))
        return
    for _, node in nodes(schema):
        if isinstance(node.get("$ref"), str):
            file, _, pointer = node["$ref"].partition("#")
            yield f"{normpath(join(dirname(name), file)) if file else name}#{pointer}"
