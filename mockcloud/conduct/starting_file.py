"""A starting file for a suite: the class, filled in as far as the contract knows.

Knows where templates lie: ours in `_templates/`, a provider's own, for the clients that it knows, in its folder's
`suites/CLIENT/OPERATION.py.txt`. Law: what is written is a suite that runs as it stands.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from pprint import pformat
from string import Template
from textwrap import indent
from typing import Any, Final

from mockcloud.conduct.suites import documented
from mockcloud.contracts import folders
from mockcloud.contracts.model import Contract, Operation
from mockcloud.drafting import decks
from mockcloud.drafting.requests.arguments import signing
from mockcloud.errors import UsageError, nearest
from mockcloud.exports.subject import chosen, contract_of

SDK: Final = "sdk"
"""The client that is the vendor's own."""

_ENDING: Final = ".py.txt"


@cache
def clients() -> dict[str, dict[str, str]]:
    """The clients that any provider's suite can be about, each with the words that differ."""
    found: dict[str, dict[str, str]] = json.loads(_ours("clients.json"))
    return found


def suite(provider: str, operation: str, client: str, file: str) -> tuple[str, str]:
    """The id of the operation that a starting file is about, and its text; empty is whatever shows most.

    Raises UsageError for what is not there.
    """
    contract = contract_of(provider)
    if client not in ("", SDK, *clients()):
        raise UsageError(f"there is no client '{client}'.{nearest(client, [*clients(), SDK])}")
    own = _own(provider, client or SDK)
    if not operation:
        known = own if own and (not client or client == SDK) else contract.operations
        operation = next(iter(known))
    found = chosen(contract, [operation])[0]
    words = {"provider": provider, "operation": found.id, "title": contract.title, "file": file}
    if found.name in own:
        return found.id, Template(own[found.name].read_text(encoding="utf-8")).substitute(words)
    if client == SDK:
        raise UsageError(_no_sdk(contract, found, own))
    return found.id, _general(contract, found, {**words, **clients()[client or next(iter(clients()))]})


def _own(provider: str, client: str) -> dict[str, Path]:
    """The templates that a provider has for a client, by the operation's name."""
    folder = folders.chosen([provider])[provider] / "suites" / client
    return {file.name.removesuffix(_ENDING): file for file in sorted(folder.glob(f"*{_ENDING}"))}


def _no_sdk(contract: Contract, operation: Operation, own: dict[str, Path]) -> str:
    others = f"take --client {' or '.join(clients())}"
    if not own:
        return f"{contract.name} has no SDK that mockcloud has a suite for; {others}"
    return f"there is no suite of an SDK for {operation.id}, but for {', '.join(own)} of {contract.name}; or {others}"


def _general(contract: Contract, operation: Operation, words: dict[str, Any]) -> str:
    known = dict.fromkeys(name.partition(".")[0] for name in documented(operation))
    taken = [name for name in known if name not in signing(contract, operation)]
    smallest = next((case.arguments for case in decks.valid(operation.id)), {})
    parts = ["suite"]
    parts += ["wait"] if operation.creates else []
    made = {effect.kind for effect in operation.effects if effect.verb == "create"}
    parts += ["on_callback"] if any(one.of in made for one in contract.callbacks.values()) else []
    return Template("".join(_ours(f"{part}{_ENDING}") for part in parts)).substitute(
        words,
        name="".join(part[:1].upper() + part[1:] for part in operation.name.split(".")),
        host=contract.hosts[0].example,
        arguments="\n".join(f'        "{name}",' for name in taken),
        smallest=indent(pformat(smallest, width=79, sort_dicts=False).replace("\\", "\\\\"), " " * 8),
        code=next(code for code in contract.errors.codes if contract.errors.request_code(code)),
    )


def _ours(name: str) -> str:
    return files("mockcloud").joinpath("_templates", name).read_text(encoding="utf-8")
