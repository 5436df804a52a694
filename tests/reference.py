"""docs/reference.md, written from the contracts: `python tests/reference.py` writes it, a test holds it to what they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mockcloud.contracts import folders
from mockcloud.contracts.loader import load
from mockcloud.contracts.model import Contract, Operation, Setting

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference.md"
HEAD = """# Reference

Written from the contracts by `python tests/reference.py`; do not edit. `mockcloud explain NAME` says of everything here what it
demands, on which evidence and which error it earns.
"""


def text() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(line for name in sorted(folders.known()) for line in _provider(load(folders.known()[name])))])


def _provider(contract: Contract) -> Iterator[str]:
    yield f"## {contract.name}: {contract.title}\n"
    yield "| operation | method and path | from |\n|---|---|---|"
    for operation in contract.operations.values():
        partly = f"<br>partly: {operation.partly}" if operation.partly else ""
        yield f"| `{operation.id}`{partly} | {_ways(operation)} | {_kinds(contract, operation)} |"
    yield ""
    if contract.settings:
        yield "| setting | default | values | says |\n|---|---|---|---|"
        for name, setting in contract.settings.items():
            yield f"| `{contract.name}.{name}` | {_shown(setting.default)} | {_values(setting)} | {setting.says} |"
        yield ""
    if contract.callbacks:
        yield "| message | is sent when |\n|---|---|"
        for name, callback in contract.callbacks.items():
            when = f"a {callback.of} ends as {' or '.join(sorted(callback.on))}" if callback.of else "an operation asks for it"
            yield f"| `{name}` | {when} |"
        yield ""


def _ways(operation: Operation) -> str:
    selected = operation.selector
    told = ""
    if selected is not None:
        told = f", {selected.argument[1:]}={selected.equals}" if selected.equals else f", without {selected.argument[1:]}"
    return f"`{' or '.join(operation.methods)} {operation.path}`{told}"


def _kinds(contract: Contract, operation: Operation) -> str:
    kinds = []
    for evidence in operation.evidence:
        name = evidence.partition("#")[0]
        known = contract.documents.get(name)
        kinds.append(known["kind"] if known else "decision" if evidence.startswith("decision") else "contradiction")
    return ", ".join(dict.fromkeys(kinds))


def _values(setting: Setting) -> str:
    return ", ".join(map(_shown, setting.values)) if setting.values else setting.type


def _shown(value: object) -> str:
    return f"`{value}`" if value != "" else "empty"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
