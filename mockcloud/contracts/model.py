"""A contract as objects: what the stages of a request read.

Knows no file and no request. Law: everything here is frozen; a contract is shared by every cloud of the process.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockcloud.contracts.behaviours import Behaviours
from mockcloud.contracts.callbacks import Callback
from mockcloud.contracts.catalogue import Catalogue
from mockcloud.contracts.effects import KEEPING, Effect
from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.lifecycle import Lifecycle
from mockcloud.contracts.resources import Resource
from mockcloud.contracts.times import TimeFormat
from mockcloud.contracts.views import View
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.messages import Json

if TYPE_CHECKING:
    from mockcloud.contracts.routes import Routes

Schema = JsonSchema | XmlSchema


@dataclass(frozen=True, slots=True)
class Host:
    """Hosts that are the vendor's: a pattern, and an example for the errors that we print."""

    pattern: re.Pattern[str]
    example: str


@dataclass(frozen=True, slots=True)
class Reference:
    """An argument that must be the id of something that exists, whose members may have to equal other arguments.

    `when` are the values that another argument must have for it to be looked up, empty for always.
    """

    argument: str
    resource: str
    where: Mapping[str, str]
    when: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Selector:
    """What tells an operation apart from those that share its method and path; `equals` None: the argument is absent."""

    argument: str
    equals: str | None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: how it is told, what it reads, what it does and what it answers."""

    id: str
    name: str
    methods: tuple[str, ...]
    path: str
    query: str
    """A parameter that the request's query must have; empty where the path alone tells it."""
    reads: str
    root: str
    selector: Selector | None
    request: Schema
    response: Schema | None
    references: tuple[Reference, ...]
    source: str
    effects: tuple[Effect, ...]
    result: View
    speaks_of: frozenset[str]
    """What its views take from their scope: `task.id`, or `task` for all of it."""
    partly: str
    """What is not known of it; empty when it is known whole."""
    evidence: tuple[str, ...]
    shown: Mapping[str, str]
    """The operation as views see it."""

    @property
    def template(self) -> str:
        """Its path, with the parameter of the query that it asks for."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def creates(self) -> bool:
        """Whether it makes tasks."""
        return any(effect.verb == "create" for effect in self.effects)

    @property
    def keeps(self) -> bool:
        """Whether anything is another afterwards."""
        return any(effect.verb in KEEPING for effect in self.effects)


@dataclass(frozen=True, slots=True)
class Route:
    """The operations that share a path: all of one way of reading, told apart by their selectors."""

    operations: Mapping[str, tuple[Operation, ...]]
    """By method."""
    rest: bool
    """Whether its path takes whatever is no other's, so that what it does not know is no route at all."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the provider wraps around a result or a refusal."""

    status: int
    headers: tuple[tuple[str, str | View], ...]
    """A text that is always the same, or a view."""
    body: View
    codec: str
    schema: Schema | None


@dataclass(frozen=True, slots=True)
class Setting:
    """A choice that the contract leaves to the user."""

    default: Json
    values: tuple[Json, ...]
    type: str
    says: str


@dataclass(frozen=True, slots=True)
class Contract:
    """Everything known of a provider."""

    name: str
    title: str
    hosts: tuple[Host, ...]
    paths: tuple[str, ...]
    order: tuple[str, ...]
    gate: tuple[Effect, ...]
    """What refuses requests of every operation, before the operation's own rules are asked."""
    target_limit: int
    """Characters that a request's target may have at most; 0 for any number."""
    content_length: bool
    content_md5: bool
    tenancy: tuple[View, ...]
    times: TimeFormat
    identifiers: Mapping[str, Json]
    settings: Mapping[str, Setting]
    resources: Mapping[str, Resource]
    catalog: Mapping[str, list[dict[str, Json]]]
    """The presets of every resource, as views list them."""
    success: Envelope
    refusal: Envelope
    operations: Mapping[str, Operation]
    routes: Routes
    errors: Catalogue
    lifecycles: Mapping[str, Lifecycle]
    callbacks: Mapping[str, Callback]
    documents: Mapping[str, Json]
    contradictions: Mapping[str, Json]
    behaviours: Behaviours
    demo: str

    @property
    def defaults(self) -> dict[str, Json]:
        """The settings of who was given none."""
        return {name: setting.default for name, setting in self.settings.items()}
