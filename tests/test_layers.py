"""The dependency direction, and where a provider may be named."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from cases import ROOT

PACKAGE = ROOT / "mockcloud"
LAYERS = [
    {"messages", "errors"},
    {"codecs", "outbound"},
    {"contracts"},
    {"providers"},
    {"state"},
    {"pipeline"},
    {"validation", "traffic"},
    {"reports", "changes"},
    {"cloud"},
    {"interceptors", "server", "drafting"},
    {"exports", "strategies"},
    {"conduct", "fuzzing"},
    {"client_contract", "pytest_plugin"},
    {"cli"},
    {"__init__", "__main__"},
]
"""Lowest first: a module imports from its own layer and from those below."""

DRAFTING = [
    *("requests", "cases", "sessions", "spoiling", "decks"),
    *("tasks", "answers", "histories", "callbacks", "client"),
]
"""The same of what is in the layer of drafting."""

UPWARDS = {
    ("cloud", "server"): "Cloud.serve and Cloud.wsgi_app open the server, when they are called",
    ("cloud", "interceptors"): "Cloud.intercept opens the interceptors, when it is called",
}
FILES = sorted(PACKAGE.rglob("*.py"))
PROVIDERS = sorted(path.parent.name for path in (ROOT / "schemas").glob("*/provider.json"))


def unit(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("mockcloud"):
            parts = node.module.split(".")[1:]
            found |= {parts[0]} if parts else {name.name for name in node.names if (PACKAGE / name.name).exists()}
        elif isinstance(node, ast.Import):
            found |= {name.name.split(".")[1] for name in node.names if name.name.startswith("mockcloud.")}
    return found


def rank(name: str) -> int:
    return next(index for index, layer in enumerate(LAYERS) if name in layer)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_imports_from_a_layer_above_its_own(path: Path) -> None:
    own = unit(path)
    above = {name for name in imports(path) if rank(name) > rank(own) and (own, name) not in UPWARDS}
    assert not above, f"{path.relative_to(ROOT)} is of layer '{own}' and imports from {sorted(above)}"


@pytest.mark.parametrize(
    "path", [path for path in FILES if unit(path) == "drafting"], ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_module_of_drafting_imports_from_one_that_is_built_on_its_own(path: Path) -> None:
    lines = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom))
    parts = [[*(node.module or "").split("."), *(name.name for name in node.names)] for node in lines]
    found = {of[2] for of in parts if of[:2] == ["mockcloud", "drafting"]}
    own = path.relative_to(PACKAGE / "drafting").parts[0].removesuffix(".py")
    above = {name for name in found if own != "__init__" and DRAFTING.index(name) > DRAFTING.index(own)}
    assert not above, f"{path.relative_to(ROOT)} imports from {sorted(above)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_imports_a_provider(path: Path) -> None:
    assert unit(path) == "providers" or "providers" not in imports(path)


@pytest.mark.parametrize(
    "path", [path for path in FILES if unit(path) != "providers"], ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_provider_is_named_outside_its_own_module(path: Path) -> None:
    named = [name for name in (*PROVIDERS, "tencent", "qcloud") if name in path.read_text().lower()]
    assert not named, f"{path.relative_to(ROOT)} names {named}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_has_300_lines_and_no_function_60(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 60, f"{node.name} has {length} lines"


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.read_text().strip()], ids=lambda path: str(path.relative_to(ROOT))
)
def test_each_file_opens_by_saying_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text())), f"{path.relative_to(ROOT)} has no docstring"


def test_only_the_interceptors_import_respx_and_only_they_and_a_demonstration_import_the_clients() -> None:
    allowed = {"respx": {"interceptors"}, "httpx": {"interceptors", "providers"}, "requests": {"interceptors"}}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            for name in names:
                assert unit(path) in allowed.get(name.split(".")[0], {unit(path)}), f"{path.relative_to(ROOT)} imports {name}"
