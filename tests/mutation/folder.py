"""A provider's folder as the mutants see it: every schema with its references and named types put in.

Operations that share a schema's file share the copy, which is named after the first of them, so that a line of it is changed
once and for all of them; what several files take from one definition is changed in one of them at a time.
Law: the copy means what the original means.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from copy import deepcopy
from pathlib import Path
from typing import Any

from mockcloud.contracts import json_reader, operations, xsd_reader

XS = xsd_reader.XS
ET.register_namespace("xs", XS[1:-1])


def prepare(source: Path, target: Path) -> None:
    """Write the copy of a provider's folder."""
    for side in ("requests", "responses"):
        (target / side).mkdir(parents=True)
    for path in source.glob("*.json"):
        (target / path.name).write_bytes(path.read_bytes())
    write(target / "operations.json", _operations(source, target))
    write(target / "provider.json", _provider(source, target))
    if (source / "callbacks.json").exists():
        write(target / "callbacks.json", _callbacks(source, target))


def _operations(source: Path, target: Path) -> Any:
    data = operations.whole(read(source / "operations.json"), "operations.json")
    made: dict[tuple[str, str], str] = {}
    for name, entry in data.items():
        for key in ("request", "response"):
            if key in entry:
                place = (key, entry[key])
                if place not in made:
                    made[place] = _alone(source, target, f"{key}s", entry[key], name)
                entry[key] = made[place]
    return data


def _provider(source: Path, target: Path) -> Any:
    data = read(source / "provider.json")
    for key in ("success", "refusal"):
        if "schema" in data[key]:
            data[key]["schema"] = _alone(source, target, "responses", data[key]["schema"], f"every.{key}")
    return data


def _callbacks(source: Path, target: Path) -> Any:
    data = read(source / "callbacks.json")
    for name, entry in data.items():
        for codec, file in entry.get("schemas", {}).items():
            entry["schemas"][codec] = _alone(source, target, "responses", file, f"message.{name}")
    return data


def _alone(source: Path, target: Path, side: str, file: str, name: str) -> str:
    """Write a schema as a file of its own, and give the file's name."""
    is_xml = file.endswith(".xsd")
    made = target / side / f"{name}{'.xsd' if is_xml else '.schema.json'}"
    write(made, _without_types(source / side / file) if is_xml else json_reader.read(source / side / file))
    return made.name


def _without_types(path: Path) -> ET.Element:
    """The schema with every named type put into the elements that are of it."""
    _, schema = xsd_reader.read(path)
    types = {item.get("name"): item for item in schema if item.tag != f"{XS}element"}
    for item in list(schema):
        if item.tag != f"{XS}element":
            schema.remove(item)
    _put_in(schema, types)
    return schema


def _put_in(item: ET.Element, types: dict[str | None, ET.Element]) -> None:
    for element in item.iter(f"{XS}element"):
        if element.get("type") in types:
            kind = deepcopy(types[element.attrib.pop("type")])
            del kind.attrib["name"]
            _put_in(kind, types)
            element.append(kind)


def read(path: Path) -> Any:
    """What a file of a contract holds: JSON data, or the root of an XSD."""
    return ET.parse(path).getroot() if path.suffix == ".xsd" else json.loads(path.read_text(encoding="utf-8"))


def write(path: Path, data: Any) -> None:
    """Write it back."""
    text = ET.tostring(data, encoding="unicode") if path.suffix == ".xsd" else json.dumps(data, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
