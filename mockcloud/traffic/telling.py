"""Whose a recorded request is, and which operation's, told as a cloud tells it but for authentication: recordings have lost
their secrets, or should have.

Law: a request for a vendor is told or refused; one for nobody is neither.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path

from mockcloud.contracts import json_reader
from mockcloud.contracts.evidence import listed
from mockcloud.contracts.loader import load
from mockcloud.contracts.model import Contract, Operation
from mockcloud.contracts.sketches import Sketch, sketch
from mockcloud.errors import UsageError, nearest
from mockcloud.messages import Json, Request
from mockcloud.pipeline import reading, routing
from mockcloud.pipeline.call import Call
from mockcloud.pipeline.service import by_provider, chosen_settings

STAGES: Mapping[str, Callable[[Call], None]] = {"route": routing.route, "body": reading.body, "operation": routing.operation}
"""What of the contract's order of checks is asked of a recorded request."""


class Teller:
    """Tells requests, by the contracts in some folders.

    `hosts` says of hosts that are no vendor's which provider they stand for. Contracts are loaded when they are needed.
    """

    def __init__(
        self,
        folders: Mapping[str, Path],
        hosts: Mapping[str, str] | None = None,
        settings: Mapping[str, Mapping[str, Json]] | None = None,
        *,
        strict: bool = True,
    ) -> None:
        self.folders = folders
        self._sketches: dict[str, Sketch] = {name: sketch(folder) for name, folder in folders.items()}
        self._given = by_provider("settings", settings or {}, self._sketches)
        self._settings: dict[str, Mapping[str, Json]] = {}
        self._conditions: dict[str, Json] = {}
        self._strict = strict
        for host, provider in (hosts or {}).items():
            if provider not in self._sketches:
                known = nearest(provider, self._sketches)
                raise UsageError(f"there is no provider '{provider}' for the host '{host}' to stand for.{known}")
        self._hosts = {routing.host_name(host): provider for host, provider in (hosts or {}).items()}

    @property
    def providers(self) -> Collection[str]:
        """The names of all providers."""
        return self._sketches

    def contract(self, provider: str) -> Contract:
        """A provider's contract. Raises ContractError."""
        return load(self.folders[provider])

    def settings(self, provider: str) -> Mapping[str, Json]:
        """A provider's settings, the given ones in place. Raises UsageError for what does not exist or fit."""
        if provider not in self._settings:
            self._settings[provider] = chosen_settings(self.contract(provider), self._given.get(provider, {}))
        return self._settings[provider]

    def operation(self, name: str) -> Operation:
        """An operation by its id. Raises UsageError, naming the nearest."""
        provider, _, rest = name.partition(".")
        if provider not in self._sketches:
            asked = f"there is no provider '{provider}' to have an operation '{name}'"
            raise UsageError(f"{asked}.{nearest(provider, self._sketches)}")
        known = self.contract(provider).operations
        if rest not in known:
            raise UsageError(f"there is no operation '{name}'.{nearest(name, (one.id for one in known.values()))}")
        return known[rest]

    def evidence(self, provider: str, condition: str) -> tuple[str, ...]:
        """Why a request is refused under a condition: what `errors.json` has beside it."""
        if provider not in self._conditions:
            self._conditions[provider] = json_reader.load(self.folders[provider] / "errors.json")["conditions"]
        return listed(self._conditions[provider][condition]["evidence"])

    def provider(self, request: Request, recorded: str = "") -> tuple[str, dict[str, str]] | None:
        """The provider that a request is for, with what its host says; None for nobody's.

        `recorded` is the one that the recording names: it holds where the host is no vendor's.
        """
        name = routing.host_name(request.host)
        told = routing.by_host(request.host, self._sketches.values())
        if told is not None:
            return told[0].name, told[1]
        given = self._hosts.get(name) or (recorded if recorded in self._sketches else "")
        if given:
            return given, {"name": name}
        if name and not routing.is_loopback(name):
            return None
        told = routing.by_path(request, self._sketches.values())
        return (told[0].name, told[1]) if told else None

    def call(self, provider: str, request: Request, host: Mapping[str, str]) -> Call:
        """The request on its way, nothing asked of it yet."""
        return Call(self.contract(provider), request, 0.0, "", host, self.settings(provider), self._strict)

    def tell(self, call: Call) -> None:
        """Find out the operation and read the arguments. Raises Refusal for what no operation would take."""
        for name in call.contract.order:
            if name in STAGES:
                STAGES[name](call)

    def take_for(self, call: Call, operation: Operation) -> None:
        """Take the request for one of this operation, whatever its path says. Raises Refusal for a body that cannot be read."""
        call.candidates = (operation,)
        call.in_path = routing.in_path(call)
        reading.body(call)
        routing.choose(call, operation)


def as_sent(request: Request) -> Request:
    """The request as it left the client: recorders leave out what their library adds behind them, the length of the body."""
    request = routing.origin_form(request)
    if request.header("content-length") is not None or request.header("transfer-encoding") is not None:
        return request
    if not request.body and request.method not in ("POST", "PUT"):
        return request
    return replace(request, headers=(*request.headers, ("Content-Length", str(len(request.body)))))
