"""The tree of paths: held against a naive matcher that looks at every template."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import made
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from made import done

from mockcloud import Request
from mockcloud.contracts.routes import Routes
from mockcloud.errors import ContractError

LAW = settings(max_examples=400, deadline=None, database=None, derandomize=True)
POST = ("POST",)


def routes(*paths: str | tuple[str, tuple[str, ...]], slash: bool = False) -> Routes:
    told = [(path, POST) if isinstance(path, str) else path for path in paths]
    operations: dict[str, Any] = {
        path: SimpleNamespace(name=path, path=path, query="", methods=methods, selector=None, reads="json", root="")
        for path, methods in told
    }
    operations = {f"{name}{methods}": operations[name] for name, methods in told}
    return Routes(operations, "operations.json", slash=slash)


def found(tree: Routes, path: str, method: str = "POST") -> tuple[str, dict[str, str]] | None:
    """The template of a path's route, and its arguments."""
    got = tree.find(path, method)
    if got is None:
        return None
    route, arguments = got
    return next(iter(route.operations.values()))[0].path, dict(arguments)


@pytest.mark.parametrize(
    ("path", "template", "arguments"),
    [
        ("/jobs", "/jobs", {}), ("/jobs/5", "/jobs/{id}", {"id": "5"}), ("/jobs/new", "/jobs/new", {}), ("/jobs/a%2Fb", "/jobs/{id}", {"id": "a/b"}), ("/jobs/n%65w", "/jobs/new", {}),
        ("/jobs/5:cancel", "/jobs/{id}:cancel", {"id": "5"}), ("/jobs/:cancel", "/jobs/{id}", {"id": ":cancel"}), ("/jobs/5:cancel:cancel", "/jobs/{id}:cancel", {"id": "5:cancel"}),
        ("/v2/x", "/v{n:[0-9]+}/x", {"n": "2"}), ("/v12/x", "/v{n:[0-9]+}/x", {"n": "12"}), ("/vx/x", "/{rest*}", {"rest": "vx/x"}), ("/v/x", "/{rest*}", {"rest": "v/x"}), ("/v2a/x", "/{rest*}", {"rest": "v2a/x"}),
        ("/jobs/5/more", "/{rest*}", {"rest": "jobs/5/more"}), ("/else", "/{rest*}", {"rest": "else"}), ("/else/%20", "/{rest*}", {"rest": "else/ "}), ("/jobs/", "/{rest*}", {"rest": "jobs/"}),
        ("/", None, None), ("/%", "/{rest*}", {"rest": "%"}), ("/%FF", "/{rest*}", {"rest": "\ufffd"}), ("//", "/{rest*}", {"rest": "/"}),
    ],
)  # fmt: skip
def test_a_path_has_the_route_that_fits_it_most_literally(path: str, template: str | None, arguments: Any) -> None:
    tree = routes("/jobs", "/jobs/{id}", "/jobs/new", "/jobs/{id}:cancel", "/v{n:[0-9]+}/x", "/{rest*}")
    assert found(tree, path) == (None if template is None else (template, arguments))


def test_a_parameter_of_the_query_tells_more_than_a_literal_path() -> None:
    def operation(path: str, query: str) -> Any:
        return SimpleNamespace(name=path, path=path, query=query, methods=("GET",), selector=None, reads="query", root="")

    tree = Routes({"job": operation("/jobs/{id}", ""), "info": operation("/{key*}", "info")}, "operations.json", slash=False)

    def told(path: str, method: str, query: str) -> tuple[str, dict[str, str]] | None:
        got = tree.find(path, method, query)
        return None if got is None else (next(iter(got[0].operations.values()))[0].path, dict(got[1]))

    assert told("/jobs/5", "GET", "a=1&info") == told("/jobs/5", "GET", "info=x") == ("/{key*}", {"key": "jobs/5"})
    assert told("/jobs/5", "GET", "") == told("/jobs/5", "GET", "infos=x&x=info") == ("/jobs/{id}", {"id": "5"})
    assert told("/jobs/5", "PUT", "info") == ("/jobs/{id}", {"id": "5"}), "another method is the path's"
    assert told("/else", "GET", "infos") is None


def test_a_way_that_leads_nowhere_is_gone_back() -> None:
    tree = routes("/a/{x}/c", "/{y}/b/d", "/a/b/{z}:e")
    assert found(tree, "/a/b/c") == ("/a/{x}/c", {"x": "b"})
    assert found(tree, "/a/b/d") == ("/{y}/b/d", {"y": "a"})
    assert found(tree, "/a/b/f:e") == ("/a/b/{z}:e", {"z": "f"})
    assert found(tree, "/a/b/x") is None


def test_a_slash_at_the_end_counts_unless_it_is_tolerated() -> None:
    assert (found(routes("/a"), "/a/"), found(routes("/a", slash=True), "/a/")) == (None, ("/a", {}))
    assert found(routes("/", slash=True), "/") == ("/", {})


def test_the_method_tells_apart_paths_that_would_tie() -> None:
    tree = routes(("/jobs/{id}", ("GET",)), ("/jobs/{name}", ("PUT",)), ("/jobs/new", ("POST",)))
    assert found(tree, "/jobs/5", "GET") == ("/jobs/{id}", {"id": "5"})
    assert found(tree, "/jobs/5", "PUT") == ("/jobs/{name}", {"name": "5"})
    assert found(tree, "/jobs/new", "PUT") == ("/jobs/{name}", {"name": "new"})
    assert found(tree, "/jobs/new", "DELETE") == ("/jobs/new", {})


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        (("/a/{x}", "/a/{y}"), "the paths /a/{x} and /a/{y} tie"), (("/{x}/b", "/a/{y}"), "tie"), (("/{x}:a", "/b{y}"), "the paths /{x}:a and /b{y} tie"), (("/v{x:[0-9]+}", "/v{y}"), "tie"), (("/{x*}", "/{y*}"), "tie"),
        (("/{x:[0-9]+}", "/{y:[a-z]+}"), "tie"), (("/a{x}b", "/{y}b"), "tie"),
        (("/{x}/{x}",), "names an argument twice"), (("/{x*}/a",), "has something behind the segment that takes the rest"), (("/{x}{y}",), "is no segment"), (("/{x",), "is no segment"), (("/x}",), "is no segment"), (("/{}",), "is no segment"), (("/{a-b}",), "is no segment"),
        (("/{x:(}",), "'(' is no regular expression"), (("/a{x*}",), "nothing else can stand in it"), (("/{x*}b",), "nothing else can stand in it"),
    ],
)  # fmt: skip
def test_templates_that_tie_or_mean_nothing_are_refused(paths: tuple[str, ...], said: str) -> None:
    with pytest.raises(ContractError) as caught:
        routes(*paths)
    assert said in caught.value.problem


@pytest.mark.parametrize(
    "paths",
    [
        ("/a/{x}", "/{y}/b/c"), ("/{x}:a", "/{y}:b"), ("/{x}", "/a", "/a{y}"), ("/{x}", "/{y*}"), ("/v{x:[0-9]+}", "/video"), ("/{x}:a", "/:a"), ("/{x}/a", "/{x}/b"), ("/a", "/b", "/a/b/{c*}"),
    ],
)  # fmt: skip
def test_templates_of_which_one_is_more_particular_everywhere_do_not_tie(paths: tuple[str, ...]) -> None:
    tree = routes(*paths)
    for path in paths:
        spelt = re.sub(r"\{\w+:[^}]*\}", "1", path).replace("{", "").replace("}", "").replace("*", "")
        assert found(tree, spelt) is not None


RANKS = {"rest": 0, "bare": 1, "shaped": 2, "literal": 3}


def kind(segment: str) -> str:
    if "{" not in segment:
        return "literal"
    return "rest" if segment.endswith("*}") else "bare" if re.fullmatch(r"\{\w+\}", segment) else "shaped"


def naive(template: str, segments: list[str]) -> dict[str, str] | None:
    """The arguments of a path by this template, None where it does not fit: one regular expression."""
    pattern = ""
    for segment in template.split("/")[1:]:
        pieces = re.split(r"(\{[^}]*\})", segment)
        pattern += "/"
        for piece in pieces:
            match = re.fullmatch(r"\{(\w+)(\*|:[^}]+)?\}", piece)
            if match is None:
                pattern += re.escape(piece)
            else:
                more = match[2] or ""
                pattern += f"(?P<{match[1]}>{'.+' if more == '*' else more[1:] or '[^/]+'})"
    match = re.fullmatch(pattern, "".join(f"/{segment}" for segment in segments))
    return None if match is None else match.groupdict()


SEGMENTS = ["a", "b", "{n}", "v{n}", "{n}:q", "{n:[0-9]+}"]
TEMPLATES = st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=3).flatmap(
    lambda parts: st.booleans().map(lambda rest: [*parts, "{n*}"] if rest and len(parts) < 3 else parts)
)
SPELT = TEMPLATES.map(
    lambda parts: "".join(f"/{part.replace('n', f'n{place}', 1) if '{' in part else part}" for place, part in enumerate(parts))
)
PATHS = st.lists(st.sampled_from(["a", "b", "v1", "v", "1:q", "v:q", ":q", "12", "zz", ""]), min_size=1, max_size=4)


@LAW
@given(
    st.lists(st.tuples(SPELT, st.sampled_from(["POST", "GET"])), min_size=1, max_size=6, unique=True),
    st.lists(PATHS, min_size=1, max_size=8),
)
def test_the_tree_finds_what_a_look_at_every_template_finds(given_: list[tuple[str, str]], paths: list[list[str]]) -> None:
    by_path: dict[str, tuple[str, ...]] = {}
    for template, method in given_:
        by_path[template] = (*by_path.get(template, ()), method)
    try:
        tree = routes(*by_path.items())
    except ContractError:
        assume(False)
    for segments in paths:
        for method in ("POST", "GET", "PUT"):
            fit = [(template, arguments) for template in by_path if (arguments := naive(template, segments)) is not None]
            fit = [one for one in fit if method in by_path[one[0]]] or fit
            got = found(tree, "".join(f"/{segment}" for segment in segments), method)
            if not fit:
                assert got is None, segments
                continue
            best = max([RANKS[kind(segment)] for segment in template.split("/")[1:]] for template, _ in fit)
            wanted = [one for one in fit if [RANKS[kind(segment)] for segment in one[0].split("/")[1:]] == best]
            assert got in wanted, segments
            assert len(wanted) == 1 or method not in by_path[wanted[0][0]], f"{wanted} tie for {segments}"


def test_a_request_is_answered_by_the_most_literal_path_with_its_arguments(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    made.loaded(folder, {
        "Get": {"methods": ["GET"], "path": "/made/{id}", "reads": "none", "result": {"get": "$request.id"}},
        "New": {"methods": ["GET"], "path": "/made/new", "reads": "none", "result": "new"},
        "Query": {"methods": ["GET"], "path": "/made/{id}:query", "reads": "none", "result": {"query": "$request.id"}},
        "Object": {"methods": ["GET"], "path": "/made/{id}/{key*}", "reads": "none", "result": "$request"},
        "Do": {"path": "/Do", "result": 1},
    })  # fmt: skip
    cloud = made.cloud_of(folder)
    assert done(cloud, "Do") == 1

    def get(path: str) -> Any:
        return json.loads(cloud.handle(Request("GET", path, "me.made.example")).body)

    assert [get("/made/5"), get("/made/new"), get("/made/5:query?x=1")] == [{"get": "5"}, "new", {"query": "5"}]
    assert get("/made/a/b/c%2Fd") == {"id": "a", "key": "b/c/d"}
