"""Plain data as the elements of a schema: its document, and whether that is certainly valid.

Knows nodes, their occurrence, facets and asserts. Does not know what is wrong with a document: the validators do. Law:
whatever the data, there is a document; and it is certain only when no validator would find a rule broken in it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from mockcloud.codecs.xml_body import escaped
from mockcloud.contracts import xml_asserts, xml_facets
from mockcloud.contracts.xsd_reader import UNBOUNDED, Node
from mockcloud.messages import Json

OUTLINES: Final = 256
"""How many outlines of one element are remembered: documents have few, and a stranger may make up many."""

_REPLACED: Final = "\ufffd"
"""What stands in a document for a character that XML cannot carry: the facets have seen another one."""

_BETWEEN: Final = xml_facets.BETWEEN

_EMPTY, _OBJECT, _LIST, _NONE = range(4)
"""What a value is that is no text: nothing, an object, a list, an empty list."""

_KINDS: Final = 4

Key = tuple[tuple[str, ...] | int, ...]
"""The names of an object and, for each value that is no text, how many texts come before it and what it is, in one number;
behind that of an object its own names, and so on. What no number is about is a text."""


Way = tuple[str, ...]
"""The names that lead from an element to one below it."""

Written = tuple[str, bool]
"""A document, and whether it is certainly valid."""


class Outline(NamedTuple):
    """What a key tells: everything about a document but its texts, which are counted in the data's order."""

    template: str
    order: tuple[int, ...]
    """The texts in the document's order; empty where that is the data's."""
    all_fit: xml_facets.Fits | None
    """Asks all texts together whether they are what they must be and are written as they stand, but not their bounds."""
    bounds: tuple[tuple[int, xml_facets.Fits], ...]
    """Each with the place of the text it is asked of."""
    leaves: tuple[Form, ...]
    """Of the texts, each by itself."""
    lists: tuple[tuple[int, Form], ...]
    """The texts that are the elements of a list."""
    asserts: tuple[tuple[Way, list[xml_asserts.Assert]], ...]
    """With the way to the element that they are about."""
    reads: tuple[int, ...] | None
    """The texts at which the asserts look; None where they look into a list."""
    told: dict[tuple[str, ...], bool]
    """What the asserts said of such texts."""
    complete: bool
    """Whether all names are known, and none is missing or too many."""


class Form:
    """One element of the schema."""

    def __init__(self, node: Node) -> None:
        self.node = node
        name = node.name.replace("%", "%%")
        self.start, self.end, self.alone = f"<{name}>", f"</{name}>", f"<{name}/>"
        self.children = None if node.children is None else {name: Form(child) for name, child in node.children.items()}
        self.asked = xml_facets.demand(node) if node.children is None else xml_facets.NOTHING
        self.fits = xml_facets.fits(self.asked)
        self.asserts = [xml_asserts.compiled(condition.test, node) for condition in node.asserts]
        self.outlines: dict[Key, Outline] = {}

    def written(self, value: Json) -> Written:
        """The elements of a value, those of a list where it is one."""
        if value.__class__ is dict:
            return self._object(value)
        if isinstance(value, list):
            each = [self.written(item) for item in value]
            enough = self.node.least <= len(value) <= self.node.most and not any(isinstance(item, list) for item in value)
            return "".join([document for document, _ in each]), enough and all(certain for _, certain in each)
        return self._text("" if value is None else str(value))

    def _text(self, text: str) -> Written:
        if self.children is not None and not text:
            return self._object({})
        shown = escaped(text)
        return self._wrapped(shown), bool(self.fits(text)) and _REPLACED not in shown

    def _object(self, data: dict[str, Json]) -> Written:
        read: list[tuple[str, ...] | int] = []
        texts: list[str] = []
        lists: list[list[Json]] = []
        _gather(data, read, texts, lists)
        key = tuple(read)
        outline = self.outlines.get(key) or self._outlined(key)
        certain = outline.complete and (not outline.asserts or _keeps(outline, texts, data))
        joined = _BETWEEN.join(texts)
        if joined.count(_BETWEEN) >= (len(texts) or 1) or escaped(joined) is not joined:
            certain = certain and all(form.fits(text) for form, text in zip(outline.leaves, texts, strict=True))
            texts = [escaped(text) for text in texts]
            certain = certain and _REPLACED not in "".join(texts)
        elif certain and (outline.all_fit is None or outline.all_fit(joined)):
            for place, keeps in outline.bounds:
                if not keeps(texts[place]):
                    certain = False
        else:
            certain = False
        for (place, form), items in zip(outline.lists, lists, strict=True):
            texts[place], sure = form.written(items)
            certain = certain and sure
        if outline.order:
            texts = [texts[place] for place in outline.order]
        return self._wrapped(outline.template % tuple(texts)), certain

    def _wrapped(self, inside: str) -> str:
        return f"{self.start}{inside}{self.end}" if inside else self.alone

    def _outlined(self, key: Key) -> Outline:
        draft = _Draft(key)
        template, order = draft.content(self, ())
        outline = Outline(
            template,
            () if order == sorted(order) else tuple(order),
            xml_facets.all_fit([form.asked for form in draft.leaves]),
            tuple((place, keeps) for place, form in enumerate(draft.leaves) for keeps in form.asked.bounds),
            tuple(draft.leaves),
            tuple(draft.lists),
            tuple(draft.asserts),
            draft.reads(),
            {},
            draft.complete,
        )
        if len(self.outlines) < OUTLINES:
            self.outlines[key] = outline
        return outline


class _Draft:
    """What a key tells, found out in one reading of it."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.at = 0
        self.leaves: list[Form] = []
        self.lists: list[tuple[int, Form]] = []
        self.asserts: list[tuple[Way, list[xml_asserts.Assert]]] = []
        self.places: dict[Way, int] = {}
        """Of the texts of leaves, and of lists."""
        self.complete = True

    def content(self, form: Form, way: Way) -> Part:
        """What stands between the tags of an element with the names that come next, in the schema's order."""
        self.keep(form, way)
        known, parts, absent = form.children or {}, dict[str, Part](), set[str]()
        names = self.key[self.at]
        assert isinstance(names, tuple)  # noqa: S101  # so `_gather` writes it
        self.at += 1
        for name in names:
            kind = self.kind()
            if kind == _NONE:
                absent.add(name)
            parts[name] = self.element(known.get(name) or _stranger(name), kind, (*way, name))
        # A child that must come twice, or must not come, is no case worth a quick answer.
        given = parts.keys() - absent
        self.complete &= given <= known.keys() and all(_may_be(child.node, name in given) for name, child in known.items())
        ordered = [parts[name] for name in dict.fromkeys([*known, *parts]) if name in parts]
        return "".join([text for text, _ in ordered]), [place for _, places in ordered for place in places]

    def keep(self, form: Form, way: Way) -> None:
        """Ask what the asserts of an element ask."""
        if form.asserts:
            self.asserts.append((way, form.asserts))

    def reads(self) -> tuple[int, ...] | None:
        """The texts at which the asserts look; None where one is in a list, whose elements have outlines of their own."""
        stated = [(way, one) for way, asserts in self.asserts for one in asserts]
        reads = {(*way, *path) for way, one in stated for path in one.reads}
        above = {(*way, *path[:end]) for way, one in stated for path in one.asks for end in range(len(path))}
        if any(self.places.get(path) == place for path in reads | above for place, _ in self.lists):
            return None
        return tuple(sorted(self.places[path] for path in reads if path in self.places))

    def kind(self) -> int | None:
        """What the next value is; None for a text."""
        found = self.key[self.at] if self.at < len(self.key) else ()
        if not isinstance(found, int) or found // _KINDS != len(self.leaves):
            return None
        self.at += 1
        return found % _KINDS

    def element(self, form: Form, kind: int | None, way: Way) -> Part:
        """The elements of one name."""
        if kind == _NONE:
            return "", []
        if kind == _EMPTY:
            return self.empty(form, way), []
        if kind == _OBJECT:
            self.complete &= form.children is not None
            inside, places = self.content(form, way)
            return (f"{form.start}{inside}{form.end}" if inside else form.alone), places
        place = self.places[way] = len(self.leaves)
        self.leaves.append(_ANYTHING if kind == _LIST else form)
        if kind == _LIST:
            self.lists.append((place, form))
            return "%s", [place]
        return f"{form.start}%s{form.end}", [place]

    def empty(self, form: Form, way: Way) -> str:
        """An element without content: a leaf without a text, or a container without children."""
        if form.children is not None:
            self.keep(form, way)
            self.complete &= all(_may_be(child.node, given=False) for child in form.children.values())
        else:
            self.complete &= bool(form.fits(""))
        return form.alone


Part = tuple[str, list[int]]
"""A template, and the places of its texts among those of the data."""


def _gather(data: dict[str, Json], read: list[tuple[str, ...] | int], texts: list[str], lists: list[list[Json]]) -> None:
    """The key of an object, its texts and those of all below it, and its lists, each with a text to come."""
    read.append(tuple(data))
    for value in data.values():
        if value.__class__ is str and value:
            texts.append(value)
        elif value.__class__ is dict:
            read.append(len(texts) * _KINDS + _OBJECT)
            _gather(value, read, texts, lists)
        elif value is None or value == "":
            read.append(len(texts) * _KINDS + _EMPTY)
        elif value.__class__ is not list:
            texts.append(str(value))
        elif value:
            read.append(len(texts) * _KINDS + _LIST)
            texts.append("")
            lists.append(value)
        else:
            read.append(len(texts) * _KINDS + _NONE)


def _keeps(outline: Outline, texts: list[str], data: Json) -> bool:
    """Whether the data keeps the asserts. Tables of allowed values are small, so what they said is remembered."""
    if outline.reads is None:
        return _asked(outline, data)
    seen = tuple([texts[place] for place in outline.reads])
    kept = outline.told.get(seen)
    if kept is None:
        kept = _asked(outline, data)
        if len(outline.told) < OUTLINES:
            outline.told[seen] = kept
    return kept


def _asked(outline: Outline, data: Json) -> bool:
    return all(one.test(_at(data, way)) for way, asserts in outline.asserts for one in asserts)


def _at(data: Json, way: Way) -> Json:
    for name in way:
        data = data[name]
    return data


def _may_be(node: Node, given: bool) -> bool:
    return node.least <= 1 <= node.most if given else not node.least


def _stranger(name: str) -> Form:
    return Form(Node(name, "", 0, UNBOUNDED, (), children={}))


_ANYTHING: Final = Form(Node("", "", 0, UNBOUNDED, ()))
"""In the place of the texts that a list's elements make: they have been asked already."""
