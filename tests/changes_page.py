"""The tables of `docs/contract-changes.md`, made from the tables that judge. `python tests/changes_page.py` writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from mockcloud.changes.bearings import MEMBERS, RULES, SAID, Flow
from mockcloud.changes.change import How, Verdict, Weight
from mockcloud.changes.facets import NEVER, Facet
from mockcloud.changes.tables import FILES

PAGE = Path(__file__).resolve().parent.parent / "docs" / "contract-changes.md"
STRICTER = {
    "type": "fewer types; `integer` is part of `number` and of `decimal`",
    "required": "it must be there, or more often",
    **dict.fromkeys(("enum", "enumeration"), "fewer values"),
    "const": "never: another value is a change",
    **dict.fromkeys(("minimum", "minInclusive", "minLength", "minItems"), "a greater bound"),
    **dict.fromkeys(("maximum", "maxInclusive", "maxLength", "maxItems", "maxOccurs"), "a smaller bound"),
    "pattern": "takes fewer texts: both patterns are made automata and compared for every text",
    "condition": "takes fewer values, as its keywords tell; else examples are tried",
    "assert": "one more part of an `and`, one less of an `or`; else examples are tried",
}
"""For each constraint what is stricter, in words."""

MARKS = {Weight.BREAKING: "**breaks**", Weight.COMPATIBLE: "fits", Weight.NOTE: "note"}


def said(verdict: Verdict | None) -> str:
    return "" if verdict is None else f"{MARKS[verdict.weight]}: {verdict.why}"


def row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def table(*heads: str, rows: Iterator[str]) -> str:
    return "\n".join([row(*heads), "|" + "---|" * len(heads), *rows])


def grouped(rows: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[str]:
    """A row for those of which the same is said."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, cells in rows:
        alike.setdefault(cells, []).append(name)
    return (row(", ".join(names), *cells) for cells, names in alike.items())


def constraints() -> str:
    return table(
        "constraint", "is stricter when", rows=grouped((f"`{name}`", (words,)) for name, words in sorted(STRICTER.items()))
    )


def rules() -> str:
    listed = ((str(how), tuple(said(RULES[flow][how]) for flow in Flow)) for how in How)
    return table("a rule is", "in what clients send", "in what clients read", rows=grouped(listed))


def members() -> str:
    words = {How.ADDED: "added", How.STRICTER: "added, and must be there", How.REMOVED: "removed"}
    first = [(f"a member is {text}", tuple(said(MEMBERS[flow][how]) for flow in Flow)) for how, text in words.items()]
    hows = (How.ADDED, How.CHANGED, How.REMOVED)
    more = [
        (f"`{word}` {how}", tuple(said(SAID[word][flow][how]) for flow in Flow)) for word in SAID for how in hows if of_wire(word)
    ]
    words_only = ", ".join(f"`{word}`" for word in SAID if not of_wire(word))
    rest = (words_only, (said(SAID["title"][Flow.SENT][How.CHANGED]), said(SAID["title"][Flow.READ][How.CHANGED])))
    return table("what", "in what clients send", "in what clients read", rows=grouped([*first, *more, rest]))


def of_wire(word: str) -> bool:
    return any(verdict.weight is not Weight.NOTE for by_how in SAID[word].values() for verdict in by_how.values())


def data(file: str) -> str:
    return table(f"in `{file}.json`", "what it means", rows=grouped(_rows(FILES[file][0], "")))


def _rows(facet: Facet, at: str) -> Iterator[tuple[str, tuple[str]]]:
    if facet.each is not None:
        yield from _own(facet.each, f"{at}/*")
        yield from _rows(facet.each, f"{at}/*")
    for key, below in facet.members.items():
        if below.each is None:
            yield from _own(below, f"{at}/{key}")
        yield from _rows(below, f"{at}/{key}")


def _own(facet: Facet, at: str) -> Iterator[tuple[str, tuple[str]]]:
    another = {} if facet.members or facet.each else {str(how): verdict for how, verdict in facet.changed.outcomes}
    every = {"added": facet.added, "removed": facet.removed, **another}
    every = {how: verdict for how, verdict in every.items() if verdict != NEVER}
    alike = len(set(every.values())) == 1
    cell = said(facet.added) if alike else "; ".join(f"{how}: {said(verdict)}" for how, verdict in every.items())
    yield f"`{at.lstrip('/')}`", (cell,)


PARTS = {"constraints": constraints, "rules": rules, "members": members}
_PART = re.compile(r"(<!-- table: (?P<name>[a-z]+) -->\n)(?:\n\|.*?\n\n)?(<!-- end -->)", re.DOTALL)


def page() -> str:
    """The page with its tables as they should be."""

    def made(match: re.Match[str]) -> str:
        name = match["name"]
        return f"{match[1]}\n{PARTS[name]() if name in PARTS else data(name)}\n\n{match[3]}"

    return _PART.sub(made, PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
