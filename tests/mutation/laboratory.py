"""Where mutants of one provider are made and shown to the fixtures: a copy of the folder, and clouds that answer by it.

Law: after each mutant the copy is what it was before.
"""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from answers import Document, documents, problem, schema_of
from cases import Case

from mockcloud.contracts import folders, loader, sketches
from mockcloud.contracts.catalogue import Catalogue
from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.model import Contract, Operation
from mockcloud.contracts.rules import Schema
from mockcloud.contracts.vocabulary import TEXT_READS
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.errors import ContractError
from mockcloud.pipeline import behaviour, service
from mockcloud.traffic import telling

from . import witnesses
from .fixtures import DOCUMENTS, Seen, fixtures_of, observed, outcome
from .folder import prepare, read, write
from .mutant import Mutant

LOADER = "the loader"
OF_REQUESTS = ("rule", "condition", "default")
OF_ANSWERS = ("answer", "response")

Kept = dict[Any, Any]
"""Schemas by file, owner and reading, operations by name."""


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: who noticed it, the loader or a fixture; nobody, when it survived."""

    mutant: str
    by: str = ""
    how: str = ""


class _Loader(loader._Loader):
    """The loader, with the schemas and operations kept that did not change. No mutant touches evidence."""

    def __init__(self, folder: Path, kept: Kept, changed: Mutant | None, fresh: Callable[[str], Any]) -> None:
        self.kept, self.changed, self.fresh = kept, changed, fresh
        super().__init__(folder)

    def schema(self, side: str, name: str, owner: tuple[str, str], *, text: bool = False) -> Any:
        key = (f"{side}/{name}", owner, text)
        if self.changed is not None and key[0] == self.changed.file:
            return self.fresh(owner[0])
        if key not in self.kept:
            self.kept[key] = super().schema(side, name, owner, text=text)
        return self.kept[key]

    def _operation(self, name: str, entry: Any) -> Operation:
        if self.changed is None:
            self.kept[name] = super()._operation(name, entry)
        elif name in self.changed.operations or self.changed.kind == "provider":
            return super()._operation(name, entry)
        return self.kept[name]

    def _check_sources(self, schema: Any, place: str) -> None: ...

    def _check_evidence(self) -> None: ...


class _Actions(dict[str, Any]):
    """The actions of a cloud, each bound when it is first asked for: a fixture asks for few of many."""

    def __init__(self, bind: Callable[..., Any], contract: Contract, *state: Any) -> None:
        super().__init__()
        self.bind, self.contract, self.state = bind, contract, state

    def __missing__(self, name: str) -> Any:
        alone = replace(self.contract, operations={name: self.contract.operations[name]})
        self[name] = self.bind(alone, *self.state)[name]
        return self[name]


class Laboratory:
    """The mutants and the fixtures of one provider. Judge inside `open`: there, clouds answer by the copy."""

    def __init__(self, provider: str, scratch: Path) -> None:
        self.folder = scratch / provider
        prepare(folders.known()[provider], self.folder)
        self.cases = fixtures_of(provider)
        self.kept: Kept = {}
        self.held: dict[str, Any] = {}
        """What the files of the copy hold."""
        self.contract: Contract | None = None
        self.changed: Mutant | None = None
        self.fresh: dict[str, Any] = {}
        """The request's schema that is changed, where it is one, by the operations that were asked for it."""

    def prepare(self) -> None:
        """Load the contract and ask every fixture what it sees, before anything is changed; the first time only."""
        _ = self.plain, self.pairs

    def move(self, scratch: Path) -> None:
        """Go on with a copy of one's own."""
        self.folder = Path(shutil.copytree(self.folder, scratch / self.folder.name))

    @contextmanager
    def open(self) -> Iterator[Laboratory]:
        """While it is open, clouds and `validate` answer by the copy."""
        everyone = {**folders.known(), self.folder.name: self.folder}
        with (
            patch.object(folders, "known", lambda: everyone),
            patch.object(service, "load", self._load),
            patch.object(telling, "load", self._load),
            patch.object(behaviour, "actions", partial(_Actions, behaviour.actions)),
        ):
            yield self

    def _load(self, folder: Path) -> Contract:
        if folder != self.folder:
            return loader.load(folder)
        if self.contract is None:
            self.contract = _Loader(folder, self.kept, self.changed, self._fresh).contract()
        return self.contract

    @cached_property
    def plain(self) -> Contract:
        """The contract without a mutant."""
        return self._load(self.folder)

    @cached_property
    def documents(self) -> list[Document]:
        """The documents of the fixtures."""
        return [document for case in fixtures_of(self.folder.name, DOCUMENTS) for document in documents(case)]

    def wrong(self, document: Document) -> str:
        """Why a document does not hold without a mutant, empty when it does. It is asked only when a document notices something."""
        try:
            return problem(document, schema_of(self.plain, document), self.plain.errors)
        except (AssertionError, LookupError, ET.ParseError) as unreadable:
            return f"{document.id}: {unreadable!r}"

    @cached_property
    def first(self) -> dict[str, Seen]:
        """What each fixture sees without a mutant, by its id."""
        return {case.id: observed(case) for case in self.cases}

    @cached_property
    def pairs(self) -> witnesses.Pairs:
        """The fixtures that hold without a mutant, with what they saw."""
        return [(case, self.first[case.id]) for case in self.cases if not self.first[case.id].problem]

    def judged(self, mutant: Mutant) -> Verdict:
        """Show the mutant to the fixtures until one notices it."""
        self.prepare()
        concerned = list(witnesses.documents(mutant, self.documents))
        if mutant.kind in OF_ANSWERS and not concerned and not any(witnesses.of_response(mutant, self.pairs)):
            return Verdict(mutant.id)
        try:
            with self._changed(mutant):
                if mutant.kind in OF_ANSWERS:
                    return self._by_answers(mutant, concerned)
                if mutant.kind in OF_REQUESTS:
                    return self._by_requests(mutant, concerned)
                errors = self._load(self.folder).errors
                found = self._by_fixtures(mutant, witnesses.of_data(mutant, self.pairs))
                return found if found.by else self._by_documents(mutant, concerned, self._unchanged, errors)
        except ContractError as refusal:
            return Verdict(mutant.id, LOADER, str(refusal))

    def _by_fixtures(self, mutant: Mutant, cases: Iterable[Case]) -> Verdict:
        for case in cases:
            self._load(self.folder)  # here, where what it raises is not taken for something that the fixture noticed
            found = outcome(case)
            if found:
                return Verdict(mutant.id, case.id, found)
        return Verdict(mutant.id)

    def _by_documents(
        self, mutant: Mutant, concerned: Iterable[Document], schema: Callable[[Document], Schema], errors: Catalogue
    ) -> Verdict:
        for document in concerned:
            found = problem(document, schema(document), errors)
            if found and not self.wrong(document):
                return Verdict(mutant.id, document.id, found)
        return Verdict(mutant.id)

    def _unchanged(self, document: Document) -> Schema:
        return schema_of(self.plain, document)

    def _by_requests(self, mutant: Mutant, concerned: list[Document]) -> Verdict:
        self._fresh(mutant.operations[0])
        found = self._by_fixtures(mutant, witnesses.of_request(mutant, self.pairs, self._fresh))
        if found.by:
            return found
        return self._by_documents(mutant, concerned, lambda document: self._fresh(document.operation), self.plain.errors)

    def _fresh(self, operation: str) -> Any:
        assert self.changed is not None
        if operation not in self.fresh:
            self.fresh[operation] = self._schema(self.changed, operation, "request")
        return self.fresh[operation]

    def _by_answers(self, mutant: Mutant, concerned: list[Document]) -> Verdict:
        """An answer that the mutant does not accept is reported as a defect, which every fixture notices."""
        operation = concerned[0].operation if concerned else mutant.operations[0]
        schema = self._schema(mutant, operation, mutant.side)
        own = [document for document in concerned if document.operation == operation]
        found = self._by_documents(mutant, own, lambda document: schema, self.plain.errors)
        if found.by:
            return found
        for case, body in witnesses.of_response(mutant, self.pairs):
            if not schema.accepts(schema.settle(ET.fromstring(body)) if isinstance(schema, XmlSchema) else json.loads(body)):
                return Verdict(mutant.id, case.id, "its answer is a defect")
        return Verdict(mutant.id)

    def changed_schema(self, mutant: Mutant, operation: str) -> Schema:
        """The schema of one of the operations whose file a mutant changes, as the mutant has it."""
        with self._changed(mutant):
            return self._schema(mutant, operation, mutant.side)

    def _schema(self, mutant: Mutant, operation: str, side: str) -> JsonSchema | XmlSchema:
        """The mutated schema, as the loader would find it."""
        path, owner = self.folder / mutant.file, (f"{self.folder.name}.{operation}", side)
        if path.suffix == ".xsd":
            return XmlSchema(path, owner)
        text = side == "request" and self._held("operations.json")[operation]["reads"] in TEXT_READS
        return JsonSchema(path, owner, text=text)

    def _held(self, file: str) -> Any:
        if file not in self.held:
            self.held[file] = read(self.folder / file)
        return self.held[file]

    @contextmanager
    def _changed(self, mutant: Mutant) -> Iterator[None]:
        """While it is open, the copy is mutated."""
        path, plain = self.folder / mutant.file, self.contract
        before, changed = path.read_bytes(), deepcopy(self._held(mutant.file))
        mutant.change(changed)
        write(path, changed)
        self.contract, self.changed = None, mutant
        sketches.sketch.cache_clear()
        try:
            yield
        finally:
            path.write_bytes(before)
            self.contract, self.changed, self.fresh = plain, None, {}
            sketches.sketch.cache_clear()
