"""Every row and every example of the vendors' documents is traced: to a member of a schema, an error, a contradiction, a fixture.

The documents lie beside the checkout where the project is developed; without them there is nothing to compare with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cases import ROOT, all_cases

from mockcloud.contracts import folders
from mockcloud.contracts.json_reader import read
from mockcloud.contracts.xsd_reader import Node
from mockcloud.contracts.xsd_reader import read as read_xsd

SEEDS = ROOT.parent / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the vendors' documents are not beside this checkout")

EXAMPLES = {
    "000": [(61, 73), (79, 84)],
    "001": [],
    "002": [(17, 17), (33, 33), (58, 58), (59, 59)],
    "003": [(32, 49), (110, 135), (195, 216), (222, 255), (265, 294), (300, 340)],
    "004": [(43, 68), (84, 93), (129, 139), (167, 196)],
}
"""First and last line of each example, of requests and answers alike."""


class Cited(NamedTuple):
    """One place of ours that names a line of a document."""

    member: str
    place: str


def provider_folders() -> list[Path]:
    return list(folders.known().values())


def seed_documents() -> dict[str, str]:
    """Document id to file name, of every seed."""
    found = {}
    for folder in provider_folders():
        documents = json.loads((folder / "documents.json").read_text())
        found |= {name: entry["where"] for name, entry in documents.items() if entry["kind"] == "seed"}
    return found


def listed(source: Any) -> list[str]:
    if isinstance(source, dict):
        return [one for value in source.values() for one in listed(value)]
    return [source] if isinstance(source, str) else list(source or [])


def json_citations(schema: Any, member: str, place: str) -> Iterator[tuple[str, Cited]]:
    for source in listed(schema.get("x-source")):
        yield source, Cited(member, place)
    for name, inner in schema.get("properties", {}).items():
        yield from json_citations(inner, name, f"{place}/{name}")
    for inner in [*schema.get("allOf", ()), *([schema["items"]] if "items" in schema else [])]:
        yield from json_citations(inner, inner.get("x-about", member), place)


def xsd_citations(node: Node, place: str) -> Iterator[tuple[str, Cited]]:
    facets = [source for facet in node.facets for source in facet.evidence]
    asserts = [source for one in node.asserts for source in one.evidence]
    for source in [*node.evidence, *facets]:
        yield source, Cited(node.name, f"{place}{node.path}")
    for source in asserts:
        yield source, Cited("", f"{place}{node.path}")
    for child in (node.children or {}).values():
        yield from xsd_citations(child, place)


def data_citations(data: Any, place: str, name: str = "") -> Iterator[tuple[str, Cited]]:
    if isinstance(data, list):
        for item in data:
            yield from data_citations(item, place, name)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key == "evidence":
                yield from ((source, Cited("", f"{place}/{name}")) for source in listed(value))
            else:
                yield from data_citations(value, place, key if place.endswith("errors.json") else name)


def citations() -> dict[str, list[Cited]]:
    """`<document>#<line>` to the places that cite it."""
    found: dict[str, list[Cited]] = {}
    for folder in provider_folders():
        pairs: list[tuple[str, Cited]] = []
        for path in folder.glob("re*s/*.schema.json"):
            pairs += json_citations(read(path), "", str(path.relative_to(folder)))
        for path in folder.glob("re*s/*.xsd"):
            if "<xs:element" in path.read_text() and re.search(r"^  <xs:element", path.read_text(), re.MULTILINE):
                pairs += xsd_citations(read_xsd(path)[0], str(path.relative_to(folder)))
        for path in folder.glob("*.json"):
            pairs += data_citations(json.loads(path.read_text()), path.name)
        for source, cited in pairs:
            found.setdefault(source, []).append(cited)
    return found


def rows(file: str) -> list[tuple[int, str]]:
    """Line number and first cell of every table row of a document, headers left out."""
    found = []
    lines = (SEEDS / file).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        is_row = line.lstrip().startswith("|") or (line.rstrip().endswith("|") and " | " in line)
        following = lines[number] if number < len(lines) else ""
        header = re.fullmatch(r"[\s|:-]+", following) and "|" in following
        if (
            is_row
            and len(cells) > 1
            and not header
            and not re.fullmatch(r"[\s|:-]+", line)
            and not cells[0].startswith("Node Name")
        ):
            found.append((number, re.sub(r"[*\\+]|^- ", "", cells[0]).strip()))
    return found


ROWS = [
    pytest.param(document, number, name, id=f"{document}#{number}-{name}")
    for document, file in (seed_documents().items() if SEEDS.is_dir() else ())
    for number, name in rows(file)
]


@pytest.fixture(scope="module")
def cited() -> dict[str, list[Cited]]:
    return citations()


def test_the_five_documents_have_131_table_rows() -> None:
    assert len(seed_documents()) == 5
    assert len(ROWS) == 131


@pytest.mark.parametrize(("document", "number", "name"), ROWS)
def test_each_table_row_is_a_member_an_error_or_a_contradiction(
    document: str, number: int, name: str, cited: dict[str, list[Cited]]
) -> None:
    places = cited.get(f"{document}#{number}", [])
    named = [place for place in places if place.member == name or place.place.endswith(f"/{name}")]
    decided = [place for place in places if place.place.startswith(("contradictions.json", "operations.json"))]
    assert named or decided, f"line {number} ('{name}') is cited by {places or 'nothing'}"


def test_each_member_that_cites_a_document_cites_a_line_that_speaks_of_it(cited: dict[str, list[Cited]]) -> None:
    texts = {document: (SEEDS / file).read_text(encoding="utf-8").splitlines() for document, file in seed_documents().items()}
    spoken: dict[Cited, bool] = {}
    for source, places in cited.items():
        document, _, line = source.partition("#")
        if document not in texts:
            continue
        assert line.isdigit(), f"{places[0].place} cites {source}: evidence of a seed names a line"
        assert 1 <= int(line) <= len(texts[document]), f"{places[0].place} cites {source}, past the end"
        text = texts[document][int(line) - 1].replace("\\_", "_")
        for place in places:
            spoken[place] = spoken.get(place, False) or place.member in text
    wrong = [str(place) for place, found in spoken.items() if not found]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("seed", "first", "last"), [pytest.param(s, *span, id=f"{s}-{span[0]}") for s, spans in EXAMPLES.items() for span in spans]
)
def test_each_example_is_a_fixture_or_a_contradiction(seed: str, first: int, last: int, cited: dict[str, list[Cited]]) -> None:
    document = next(name for name, file in seed_documents().items() if file.startswith(seed))
    fixtures = {source for case in all_cases() for source in listed(case.data.get("evidence"))}
    lines = {f"{document}#{number}" for number in range(first, last + 1)}
    assert lines & (fixtures | set(cited)), f"nothing cites {document} {first}..{last}"
