"""Evidence: why we believe what a contract says, held to the documents that it names."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from mockcloud.errors import ContractError, nearest
from mockcloud.messages import Json

KEYS: Final = ("evidence", "order_evidence")
"""The members of a data file under which evidence stands."""


class Evidence:
    """What the evidence of one contract may name."""

    def __init__(self, documents: Collection[str], contradictions: Collection[str]) -> None:
        self._documents = documents
        self._contradictions = contradictions

    def check(self, evidence: str, file: str, at: str) -> None:
        """Raise ContractError for evidence that names no document, no contradiction and no decision."""
        if evidence.startswith("decision: "):
            return
        document, _, anchor = evidence.partition("#")
        if document == "contradiction":
            if anchor not in self._contradictions:
                raise ContractError(file, at, f"there is no contradiction '{anchor}'.{nearest(anchor, self._contradictions)}")
        elif document not in self._documents:
            raise ContractError(file, at, f"'{document}' is not in documents.json.{nearest(document, self._documents)}")

    def check_all(self, data: Json, file: str) -> None:
        """The same for every piece of evidence of a data file."""
        for at, evidence in _found(data, ""):
            self.check(evidence, file, at)


def listed(evidence: Json) -> tuple[str, ...]:
    """Evidence as a tuple, whether it stands as one text or as a list."""
    return (evidence,) if isinstance(evidence, str) else tuple(evidence)


def _found(node: Json, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _found(item, f"{at}/{index}")
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in KEYS and isinstance(value, (str, list)):
                yield from ((f"{at}/{key}", source) for source in listed(value))
            else:
                yield from _found(value, f"{at}/{key}")
