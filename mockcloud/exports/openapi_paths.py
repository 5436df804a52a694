"""Paths of a contract as OpenAPI has them, and the arguments in them.

Knows the templates of routes. Law: what a template says beyond OpenAPI's (`{cid:[0-9]+}`, `{key*}`) becomes a pattern of the
parameter or an `x-mockcloud-` key; nothing is lost.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mockcloud.contracts.model import Operation
from mockcloud.contracts.routes import Segment, template
from mockcloud.messages import Json


class Path(NamedTuple):
    """A path: its text, and its arguments in their order."""

    text: str
    segments: tuple[Segment, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names of its arguments."""
        return frozenset(segment.name for segment in self.segments)

    @property
    def shape(self) -> str:
        """The path without the names of its arguments: two that OpenAPI calls identical have one shape."""
        return re.sub(r"\{[^}]*\}", "{}", self.text)


def path_of(operation: Operation) -> Path:
    """The path of an operation."""
    parts = template(operation.path, "operations", f"/{operation.name}/path")
    text = "/".join(part if isinstance(part, str) else f"{part.prefix}{{{part.name}}}{part.suffix}" for part in parts)
    return Path(f"/{text}", tuple(part for part in parts if isinstance(part, Segment)))


def parameters(path: Path, members: Json) -> list[Json]:
    """The parameters of a path; `members` are the schemas of the arguments, by name."""
    return [_parameter(segment, members.get(segment.name, {})) for segment in path.segments]


def _parameter(segment: Segment, schema: Json) -> Json:
    text = {"type": "string", "minLength": 1, **schema}
    if segment.form is not None:
        text = {"allOf": [text, {"pattern": f"^(?:{segment.form.pattern})$"}]}
    made = {"name": segment.name, "in": "path", "required": True, "schema": text}
    if segment.rest:
        made["description"] = "The rest of the path: it may hold slashes, which a client does not encode."
        made["x-mockcloud-rest"] = True
    return made
