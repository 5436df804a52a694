"""The names that a user may type, each with a few words, read from the data files alone.

Knows where the files of a contract have names; loads no contract, compiles no schema and imports no validator, for whoever
presses TAB is waiting. Law: the names are those that the loader finds, a test holds them to it.
"""

from __future__ import annotations

from functools import cache
from itertools import chain
from pathlib import Path

from mockcloud.contracts import folders, json_reader
from mockcloud.contracts.vocabulary import TEXT_READS
from mockcloud.messages import Json

Names = dict[str, str]
"""Names, each with what it is in a few words."""

CONTRADICTION = "a contradiction of the documents"


@cache
def _data(provider: str, file: str) -> Json:
    path = folders.known()[provider] / f"{file}.json"
    return json_reader.load(path) if path.exists() else {}


def providers() -> Names:
    """Every provider, with its title."""
    return {name: _data(name, "provider")["title"] for name in folders.known()}


def operations(provider: str) -> Names:
    """The ids of a provider's operations, each with its methods and path."""
    found = _operations(provider).items()
    return {f"{provider}.{name}": f"{'|'.join(one['methods'])} {one['path']}" for name, one in found}


def _operations(provider: str) -> Json:
    """The entries of the operations, each with what it takes from the one that it is like: as the loader does, without it."""
    data = _data(provider, "operations")
    return {name: {**data.get(one.get("like"), {}), **one} for name, one in data.items()}


def owners(provider: str) -> Names:
    """Whatever has rules: operations, callbacks, and the envelope of refusals."""
    sent = {
        f"{provider}.{name}": "a message that is sent" for name, one in _data(provider, "callbacks").items() if "schemas" in one
    }
    refusal = {f"{provider}.refusal": "the envelope of refusals"} if "schema" in _data(provider, "provider")["refusal"] else {}
    return {**operations(provider), **sent, **refusal}


def entries(provider: str) -> Names:
    """`PROVIDER:NAME` of error codes with their messages, of conditions with their codes, of contradictions."""
    errors = _data(provider, "errors")
    told = [
        *((code, one["message"]) for code, one in errors["codes"].items()),
        *((name, CONTRADICTION) for name in _data(provider, "contradictions")),
        *((name, f"a condition that earns {one['code']}") for name, one in errors["conditions"].items()),
    ]
    # The first of a name is the one that is explained.
    return {f"{provider}:{name}": says for name, says in reversed(told)}


def settings(provider: str) -> Names:
    """A provider's settings, with what they say."""
    return {name: one["says"] for name, one in _data(provider, "provider")["settings"].items()}


def values(provider: str, setting: str) -> list[str]:
    """What a setting may be, where that is a list or a boolean."""
    entry = _data(provider, "provider")["settings"].get(setting, {})
    listed = entry.get("values") or ([True, False] if entry.get("type") == "boolean" else [])
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in listed]


def rules(owner: str) -> Names:
    """The ids of the rules of whatever has rules, each with its reason."""
    provider, _, name = owner.partition(".")
    found = (_rules(file, (owner, side), text=text) for file, side, text in _schemas(provider, name))
    return dict(chain.from_iterable(found))


def _schemas(provider: str, name: str) -> list[tuple[Path, str, bool]]:
    """The schema files of an owner, each with its side and whether each leaf is text."""
    folder = folders.known()[provider]
    answers = folder / "responses"
    operation = _operations(provider).get(name)
    if operation is not None:
        asked = folder / "requests" / operation["request"], "request", operation["reads"] in TEXT_READS
        return [asked, *([(answers / operation["response"], "response", False)] if "response" in operation else [])]
    sent = _data(provider, "callbacks").get(name)
    if sent is not None:
        return [(answers / file, "callback", False) for file in sent.get("schemas", {}).values()]
    refusal = _data(provider, "provider")["refusal"]
    return [(answers / refusal["schema"], "response", False)] if name == "refusal" and "schema" in refusal else []


def _rules(path: Path, owner: tuple[str, str], *, text: bool) -> list[tuple[str, str]]:
    if path.suffix == ".xsd":
        from mockcloud.contracts import xml_schema, xsd_reader

        return [(rule.id, rule.reason) for rule in xml_schema.rules_of(xsd_reader.read(path)[0], owner)]
    from mockcloud.contracts.rules import make

    found = json_reader.places(json_reader.read(path), path, text=text)
    made = (make(owner, one.path, one.constraint, one.demand, one.evidence, one.says) for one in found)
    return [(rule.id, rule.reason) for rule in made]
