"""One provider's contract as it stands in a folder, and two of these side by side.

Knows the files that the loader has read and held to their meta-schemas. Law: nothing is compared that the loader refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mockcloud.changes.change import Change, How, Verdict
from mockcloud.contracts import json_reader, operations
from mockcloud.contracts.loader import FILES, OPTIONAL, load
from mockcloud.contracts.model import Contract
from mockcloud.contracts.sources import first_document
from mockcloud.errors import UsageError
from mockcloud.messages import Json


@dataclass(frozen=True, slots=True)
class Edition:
    """A contract, and what its files say, by their names without `.json`; operations that are like others are whole."""

    folder: Path
    contract: Contract
    data: Mapping[str, Json]


def edition(folder: Path) -> Edition:
    """The edition in the folder of one provider. Raises ContractError."""
    contract = load(folder)
    data = {name: json_reader.load(folder / f"{name}.json") for name in FILES}
    data |= {name: json_reader.load(folder / f"{name}.json") for name in OPTIONAL if (folder / f"{name}.json").exists()}
    data["operations"] = operations.whole(data["operations"], f"{folder.name}/operations.json")
    return Edition(folder, contract, data)


def editions(folder: Path, shown: str) -> dict[str, Edition]:
    """The editions in a folder of one provider or of several, by provider; `shown` is how the user named it.

    Raises UsageError for a folder without a contract, ContractError for one that does not load.
    """
    held = [folder] if (folder / "provider.json").is_file() else [one.parent for one in sorted(folder.glob("*/provider.json"))]
    if not held:
        raise UsageError(
            f"'{shown}' holds no contract: a folder with a provider.json is wanted, or one of such folders, as `schemas`"
        )
    return {one.resolve().name: edition(one.resolve()) for one in held}


@dataclass(frozen=True, slots=True)
class Pair:
    """The old and the new edition of one provider."""

    provider: str
    old: Edition
    new: Edition

    def change(
        self,
        what: str,
        how: How,
        side: str,
        place: str,
        verdict: Verdict,
        *,
        operation: str = "",
        old: Json = None,
        new: Json = None,
        evidence: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
    ) -> Change:
        """A change, with the document that the new edition has it from, of something removed the old one."""
        contract, cited = (self.new.contract, evidence[1]) if evidence[1] else (self.old.contract, evidence[0])
        source = first_document(contract, cited)
        document, line = (source.name, source.place) if source else ("", None)
        return Change(what, how, side, self.provider, operation, place, verdict, old, new, *evidence, document, line)
