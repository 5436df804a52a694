"""Evidence, expanded: which document, of which kind, found where, at which line.

Knows `documents` and `contradictions` of a contract and nothing above contracts. Law: every form of evidence that
the loader takes is told here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from mockcloud.contracts.evidence import listed
from mockcloud.contracts.model import Contract
from mockcloud.messages import Json


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of evidence, looked up.

    `evidence` is as the schema has it. `kind` is that of the document (`seed`, `document`, `sdk`, `wire`, `observed`), or
    `contradiction` or `decision`. `document` is the document's or the contradiction's id, empty for a decision. `title` is
    the document's title, what a contradiction decided, or the decision's own words. `where` is where the document lies.
    `line` is of a seed; what stands behind the `#` of any other document is its `section`. `reason` is a contradiction's.
    """

    evidence: str
    kind: str
    document: str
    title: str
    where: str = ""
    line: int | None = None
    section: str = ""
    reason: str = ""

    @property
    def is_document(self) -> bool:
        """Whether there is something to open: no decision and no contradiction."""
        return self.kind not in ("contradiction", "decision")

    @property
    def name(self) -> str:
        """How the document is called: a seed by its file's name, any other by its id."""
        return self.where if self.kind == "seed" else self.document

    @property
    def place(self) -> int | str | None:
        """Where in the document: a line, a section, or None for the whole of it."""
        return self.line if self.line is not None else self.section or None

    def as_json(self) -> dict[str, Json]:
        """The source as plain data, all of its parts by their names."""
        return asdict(self)


def sources(contract: Contract, evidence: Iterable[str]) -> list[Source]:
    """Every piece of evidence looked up, in its order."""
    return [_source(contract, one) for one in evidence]


def first_document(contract: Contract, evidence: Iterable[str]) -> Source | None:
    """The first document that the evidence names; where it names none, the first behind a contradiction; None for decisions."""
    found = sources(contract, evidence)
    named = next((one for one in found if one.is_document), None)
    if named is not None:
        return named
    behind = [
        source
        for one in found
        if one.kind == "contradiction"
        for source in sources(contract, listed(contract.contradictions[one.document]["evidence"]))
    ]
    return next((one for one in behind if one.is_document), None)


def _source(contract: Contract, evidence: str) -> Source:
    if evidence.startswith("decision: "):
        return Source(evidence, "decision", "", evidence.removeprefix("decision: "))
    name, _, anchor = evidence.partition("#")
    if name == "contradiction":
        entry = contract.contradictions[anchor]
        return Source(evidence, "contradiction", anchor, entry["decision"], reason=entry["reason"])
    entry = contract.documents[name]
    of_seed = entry["kind"] == "seed" and anchor.isdecimal()
    line, section = (int(anchor), "") if of_seed else (None, anchor)
    return Source(evidence, entry["kind"], name, entry["title"], entry["where"], line, section)
