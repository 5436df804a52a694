"""Bodies that stand alone, without the message around them: which operation's they may be, by what stands in them.

Knows every schema of the contracts, no host and no path. Law: where two operations fit alike and disagree, nobody is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final, NamedTuple

from mockcloud.codecs import form_body, json_body, xml_body
from mockcloud.codecs.malformed import Malformed
from mockcloud.contracts.json_reader import pointed
from mockcloud.contracts.model import Contract, Operation, Schema, Selector
from mockcloud.contracts.routes import in_path
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.contracts.xsd_reader import Node
from mockcloud.messages import Json, Violation

_FORM: Final = re.compile(rb"\s*[\w.%+~-]+=[^\s<>{}\[\]]*\s*")


STRANGE: Final = 2
"""What a member that nobody knows weighs, in broken rules: values are wrong more often than names."""

MISNAMED: Final = 3
"""What a member weighs that must be one text and is another: by such members messages say what they are."""


class Owner(NamedTuple):
    """A schema that a body may be judged by: the operation's, callback's or `refusal`'s id and the side that it is of.

    `form` is how its messages stand in a body: `json`, `xml`, or `form` for names and texts. `operation` is None for
    callbacks and refusals. `elsewhere` are the members that stand in the path and not in the body.
    """

    id: str
    side: str
    form: str
    schema: Schema
    contract: Contract
    operation: Operation | None
    elsewhere: frozenset[str]

    @property
    def selector(self) -> Selector | None:
        """What in a request's body says which operation it is for, where bodies of its kind say so."""
        return self.operation.selector if self.operation is not None and self.side == "request" else None

    @property
    def refuses(self) -> bool:
        """Whether it is the envelope of the vendor's refusals."""
        return self.operation is None and self.side == "response"

    @property
    def selects(self) -> bool:
        """Whether its messages say in so many words which operation they are for."""
        return self.selector is not None and self.selector.equals is not None


class Reading(NamedTuple):
    """A body as one owner reads it: what its schema judges, the rules broken, and the members that it does not know."""

    owner: Owner
    message: Json
    violations: tuple[Violation, ...]
    strangers: int

    @property
    def distance(self) -> int:
        """How far the body is from what the owner describes."""
        rules = self.owner.schema.rules
        named = sum(rules[one.rule].constraint == "const" for one in self.violations)
        return len(self.violations) + (MISNAMED - 1) * named + STRANGE * self.strangers


def language(body: bytes) -> str:
    """`json`, `xml` or `form`, by its first character; empty where it is none of them."""
    first = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if first in (b"{", b"["):
        return "json"
    if first == b"<":
        return "xml"
    return "form" if _FORM.fullmatch(body) else ""


def decoded(body: bytes, written: str) -> Json:
    """Plain data, its nulls kept, or an element tree. Raises Malformed."""
    if written == "json":
        found = json_body.decode(body, nulls=True)
        if not isinstance(found, dict):
            raise Malformed(f"a JSON object is wanted, found {type(found).__name__}")
        return found
    return xml_body.decode(body.strip()) if written == "xml" else dict(form_body.decode(body.strip()))


def owners(contract: Contract) -> Iterator[Owner]:
    """Every schema of a contract, but for requests that have no body."""
    for one in contract.operations.values():
        if one.reads != "none":
            form = one.reads if one.reads in ("json", "xml") else "form"
            yield Owner(one.id, "request", form, one.request, contract, one, frozenset(segment.name for segment in in_path(one)))
        if one.response is not None:
            yield Owner(one.id, "response", _form(one.response), one.response, contract, one, frozenset())
    for name, callback in contract.callbacks.items():
        for schema in callback.schemas.values():
            yield Owner(f"{contract.name}.{name}", "callback", _form(schema), schema, contract, None, frozenset())
    refusal = contract.refusal.schema
    assert refusal is not None  # noqa: S101  # the meta-schema asks for it
    yield Owner(f"{contract.name}.refusal", "response", _form(refusal), refusal, contract, None, frozenset())


def _form(schema: Schema) -> str:
    return "xml" if isinstance(schema, XmlSchema) else "json"


def readings(
    document: Json, written: str, among: Collection[Owner], counts: Callable[[Owner, Violation], bool], *, surely: bool
) -> list[Reading]:
    """The body as each of the owners reads it that are nearest to it; none where nobody knows most of it.

    `surely` says that it is of one of them whatever stands in it.
    """
    each = ((owner, _message(document, written, owner)) for owner in among)
    seen = [(_seen(document, message, owner), message, owner) for owner, message in each if message is not None]
    known = [one for one in seen if surely or (one[0].likely and _selected(one[1], one[2]))]
    if not surely:
        known = [one for one in known if one[2].selects] or known
    best: list[Reading] = []
    for found, message, owner in sorted(known, key=lambda one: one[0].unknown):
        if best and STRANGE * found.unknown > best[0].distance:
            break
        reading = Reading(owner, message, _broken(owner, message, counts), found.unknown)
        if not best or reading.distance < best[0].distance:
            best = [reading]
        elif reading.distance == best[0].distance:
            best.append(reading)
    return [one for one in best if not one.owner.refuses] or best


def _broken(owner: Owner, message: Json, counts: Callable[[Owner, Violation], bool]) -> tuple[Violation, ...]:
    if owner.schema.accepts(message):
        return ()
    found = owner.schema.violations(message)
    return tuple(
        one for one in found if counts(owner, one) and one.where.partition("/")[2].partition("/")[0] not in owner.elsewhere
    )


class _Seen(NamedTuple):
    """How many members of a body are known, and how many are not, with all that they hold."""

    known: int
    unknown: int

    @property
    def likely(self) -> bool:
        """Whether it may be this owner's at all."""
        return self.known > 0 and self.known >= self.unknown


def _message(document: Json, written: str, owner: Owner) -> Json:
    """What the owner's schema judges; None where it is in another language, or has another root."""
    if isinstance(owner.schema, XmlSchema):
        is_its = written == "xml" and document.tag == owner.schema.root.name
        return owner.schema.settle(document) if is_its else None
    if written == "json" and owner.operation is not None and owner.operation.reads == "parameters" and owner.side == "request":
        return form_body.flatten(document)
    if owner.form != written:
        return None
    # Clients send null for what they leave out; an answer that has a null means one.
    return json_body.without_nulls(document) if owner.side == "request" else document


def _seen(document: Json, message: Json, owner: Owner) -> _Seen:
    if isinstance(owner.schema, XmlSchema):
        return _Seen(*_of_elements(document, owner.schema.root))
    return _Seen(*_of_members(message, owner.schema.tree))


def _selected(message: Json, owner: Owner) -> bool:
    """Whether a body says that it is of this operation, where bodies of its kind say so."""
    selector = owner.selector
    return selector is None or (pointed(message, selector.argument) or None) == selector.equals


def _of_elements(element: Json, node: Node) -> tuple[int, int]:
    known = unknown = 0
    for child in element:
        below = (node.children or {}).get(child.tag)
        if below is None:
            unknown += sum(1 for _ in child.iter())
            continue
        inside = _of_elements(child, below)
        known, unknown = known + 1 + inside[0], unknown + inside[1]
    return known, unknown


def _of_members(message: Json, tree: Json) -> tuple[int, int]:
    if isinstance(message, list):
        each = [_of_members(item, tree["items"]) for item in message] if "items" in tree else []
        return sum(one for one, _ in each), sum(one for _, one in each)
    if not isinstance(message, dict):
        return 0, 0
    members = _members(tree)
    known = unknown = 0
    for name, value in message.items():
        if name not in members:
            unknown += _size(value) if members else 0
            continue
        inside = _of_members(value, members[name])
        known, unknown = known + 1 + inside[0], unknown + inside[1]
    return known, unknown


def _size(value: Json) -> int:
    """How many members and elements a value has, itself counted."""
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(_size, below))


def _members(tree: Json) -> Mapping[str, Json]:
    found: dict[str, Json] = dict(tree.get("properties", {}))
    for part in tree.get("allOf", ()):
        found = {**_members(part), **found}
    return found
