"""Evidence looked up: where a rule is written down."""

from __future__ import annotations

from mockcloud.contracts import folders
from mockcloud.contracts.loader import load
from mockcloud.contracts.sources import first_document, sources

JDCLOUD = load(folders.known()["jdcloud"])


def test_a_line_of_a_seed_is_told_by_its_file_and_as_plain_data() -> None:
    [source] = sources(JDCLOUD, ["create-thumbnail-task#43"])
    assert (source.is_document, source.name, source.place) == (True, "001_20d4131b6d265f54.txt", 43)
    told = source.as_json()
    assert (told["kind"], told["where"], told["line"]) == ("seed", source.name, 43)


def test_the_first_document_is_no_decision() -> None:
    evidence = ["decision: nothing stands before it", "create-thumbnail-task#43"]
    found = first_document(JDCLOUD, evidence)
    assert found is not None
    assert found.line == 43
    assert first_document(JDCLOUD, evidence[:1]) is None
