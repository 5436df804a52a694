"""One provider at work in one cloud: its contract with the state, credentials and settings that go with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

from mockcloud.contracts.loader import load
from mockcloud.contracts.model import Contract, Setting
from mockcloud.contracts.sketches import Sketch
from mockcloud.errors import UsageError, nearest
from mockcloud.messages import Credential, Json, Request
from mockcloud.outbound import Sender
from mockcloud.pipeline import authentication, behaviour, reading, routing
from mockcloud.pipeline.call import Call
from mockcloud.pipeline.effects import refusing
from mockcloud.state.callbacks import Callbacks
from mockcloud.state.clock import Clock
from mockcloud.state.dispatch import Dispatcher
from mockcloud.state.identifiers import Identifiers
from mockcloud.state.items import Items
from mockcloud.state.messenger import Messages, Messenger
from mockcloud.state.replays import Replays
from mockcloud.state.shown import shower
from mockcloud.state.stores.memory import Store
from mockcloud.state.tasks import Tasks

_T = TypeVar("_T")

WELL_KNOWN = Credential("mockcloud", "mockcloud-secret", "mockcloud")
"""What every provider of a fresh mock knows."""


@dataclass(frozen=True, slots=True)
class Service:
    """One provider of one cloud."""

    contract: Contract
    credentials: Mapping[str, Credential]
    settings: Mapping[str, Json]
    identifiers: Identifiers
    tasks: Tasks
    items: Items
    checks: tuple[Callable[[Call], None], ...]
    actions: Mapping[str, behaviour.Action]
    callbacks: Callbacks
    strict: bool

    @property
    def name(self) -> str:
        """The provider's name."""
        return self.contract.name

    @classmethod
    def opened(
        cls,
        folder: Path,
        *,
        store: Store[Any],
        clock: Clock,
        seed: int,
        strict: bool,
        credentials: Mapping[str, Credential],
        settings: Mapping[str, Json],
        sender: Sender,
        messages: Messages,
    ) -> Service:
        """The service of a contract's folder. Raises ContractError, and UsageError for settings that are not the contract's."""
        contract = load(folder)
        identifiers = Identifiers(contract.identifiers, seed, contract.name)
        tasks = Tasks(contract, store, clock, identifiers)
        items, chosen = Items(contract, store, identifiers), chosen_settings(contract, settings)
        tasks.dispatchers = {
            kind: Dispatcher(contract, table, table.dispatch, chosen, store, items)
            for kind, table in contract.lifecycles.items()
            if table.dispatch is not None
        }
        # Of their own: when a server sends what is due is chance, and must not change what the next request is answered.
        drawn = Identifiers(contract.identifiers, seed, f"{contract.name}/messages")
        messenger = Messenger(contract, items, drawn, chosen, sender, messages)
        callbacks = Callbacks(contract, tasks, messenger, shower(contract, tasks, ["task"]))
        tasks.watcher = callbacks.watch if contract.callbacks else None
        checks: dict[str, Callable[[Call], None]] = {
            "route": routing.route,
            "authentication": partial(authentication.verify, credentials=credentials, replays=Replays(), strict=strict),
            "body": reading.body,
            "operation": routing.operation,
            "gate": refusing.gate(contract),
        }
        return cls(
            contract,
            credentials,
            chosen,
            identifiers,
            tasks,
            items,
            tuple(checks[name] for name in contract.order),
            behaviour.actions(contract, tasks, items, messenger),
            callbacks,
            strict,
        )

    def receive(self, request: Request, host: Mapping[str, str], now: float) -> Call:
        """A request on its way, before anything is known of it."""
        return Call(self.contract, request, now, self.identifiers.make("request", now), host, self.settings, self.strict)


def given_credentials(
    given: Mapping[str, Iterable[Credential]], sketches: Mapping[str, Sketch]
) -> dict[str, dict[str, Credential]]:
    """Every provider's credentials by access key. Raises UsageError for a provider that is not there."""
    known = {name: _listed(name, credentials) for name, credentials in by_provider("credentials", given, sketches).items()}
    return {name: {one.access_key: one for one in known.get(name) or (WELL_KNOWN,)} for name in sketches}


def _listed(provider: str, credentials: Iterable[Credential]) -> tuple[Credential, ...]:
    found = tuple(credentials) if isinstance(credentials, Iterable) else (credentials,)
    if isinstance(credentials, Credential) or not all(isinstance(one, Credential) for one in found):
        raise UsageError(f"the credentials of {provider} are a list, each a Credential, found {credentials!r}")
    return found


def by_provider(what: str, given: Mapping[str, _T], sketches: Mapping[str, Sketch]) -> Mapping[str, _T]:
    """An option of every provider, as it was given. Raises UsageError for what is no mapping from providers that are there."""
    if not isinstance(given, Mapping):
        raise UsageError(f"{what} are given by provider: {{'{next(iter(sketches), 'PROVIDER')}': ...}}, found {given!r}")
    for name in given:
        if name not in sketches:
            raise UsageError(f"there is no provider {name!r} to have {what}.{nearest(str(name), sketches)}")
    return given


def chosen_settings(contract: Contract, given: Mapping[str, Json]) -> dict[str, Json]:
    """The contract's settings with the given ones in place. Raises UsageError for what does not exist or fit."""
    chosen = contract.defaults
    if not isinstance(given, Mapping):
        raise UsageError(f"the settings of {contract.name} are given by name, found {given!r}")
    for name, value in given.items():
        if name not in contract.settings:
            raise UsageError(f"{contract.name} has no setting '{name}'.{nearest(name, contract.settings)}")
        chosen[name] = _fitting(f"{contract.name}.{name}", contract.settings[name], value)
    return chosen


def _fitting(name: str, setting: Setting, value: Json) -> Json:
    if setting.values:
        if value not in setting.values:
            raise UsageError(f"{name} is one of {', '.join(map(str, setting.values))}, found {value!r}")
        return value
    try:
        return _CONVERSIONS[setting.type](value)
    except (KeyError, TypeError, ValueError):
        raise UsageError(f"{name} is a {setting.type}, found {value!r}") from None


def _number(value: Json) -> float:
    if isinstance(value, bool) or not isfinite(float(value)):
        raise ValueError(value)
    return float(value)


_CONVERSIONS: dict[str, Callable[[Json], Json]] = {
    "number": _number,
    "text": str,
    "boolean": lambda value: {"true": True, "false": False}[str(value).lower()],
}
"""A setting from a command line is text; this makes it what the contract says."""
