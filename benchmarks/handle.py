"""`Cloud.handle()`, with and without the extra [fast], beside bare validators and a bare httpx call."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks.measure import Looped, Opened, Run, Subject, each
from benchmarks.targets import MOCK_TRANSPORT, WITHOUT
from benchmarks.traffic import ASKED, Asked, contract, creation, fresh_cloud, ready
from mockcloud.contracts import folders, xsd_reader
from mockcloud.contracts.xml_schema import XmlSchema

JSON_BODY = ASKED["jdcloud create"]
XML_BODY = ASKED["tencent_ci VoiceSeparate create"]


def handled() -> dict[str, Looped]:
    """The operations, by name."""
    return {name: Looped(name, partial(_cloud, asked)) for name, asked in ASKED.items()}


@contextmanager
def subjects() -> Iterator[list[Subject]]:
    """All of the group. The process without [fast] lives as long as the context."""
    with _without_fast() as worker:
        yield [*handled().values(), *(Remote(name, worker) for name in ASKED), *_references()]


@contextmanager
def _cloud(asked: Asked) -> Iterator[Run]:
    cloud = fresh_cloud()
    yield each(cloud.handle, ready(cloud, asked))


@dataclass(frozen=True, slots=True)
class Remote:
    """An operation in the process that has no [fast]."""

    operation: str
    worker: subprocess.Popen[str]

    @property
    def name(self) -> str:
        """What the tables call it."""
        return WITHOUT + self.operation

    def sample(self, seconds: float) -> float:
        """As `Looped` there has it."""
        assert self.worker.stdin is not None
        assert self.worker.stdout is not None
        print(json.dumps([self.operation, seconds]), file=self.worker.stdin, flush=True)
        return float(self.worker.stdout.readline())


@contextmanager
def _without_fast() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "benchmarks.without_fast"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        try:
            yield worker
        finally:
            assert worker.stdin is not None
            worker.stdin.close()


def _references() -> Iterator[Looped]:
    yield Looped(MOCK_TRANSPORT, mock_transport)
    tree = _json_tree()
    body = json.loads(creation(JSON_BODY).body)
    for name, validator in _json_validators(tree):
        yield _bare(f"createThumbnailTask's body: {name}", validator, body)
    for name, validator, document in _xml_validators():
        yield _bare(f"VoiceSeparate's body: {name}", validator, document)


def _bare(name: str, validator: Callable[[Any], object], document: Any) -> Looped:
    assert validator(document)

    @contextmanager
    def opened() -> Iterator[Run]:
        yield each(validator, [document])

    opening: Opened = opened
    return Looped(name, opening)


def _json_tree() -> Any:
    path = folders.chosen(["jdcloud"])["jdcloud"] / "requests" / "createThumbnailTask.schema.json"
    return json.loads(path.read_text(encoding="utf-8"))


def _json_validators(tree: Any) -> Iterator[tuple[str, Callable[[Any], object]]]:
    import jsonschema
    import jsonschema_rs

    yield "jsonschema", jsonschema.Draft202012Validator(tree).is_valid
    yield "jsonschema-rs", jsonschema_rs.Draft202012Validator(tree).is_valid


def _xml_validators() -> Iterator[tuple[str, Callable[[Any], object], Any]]:
    from xml.etree import ElementTree as ET

    import xmlschema
    from lxml import etree

    operation = contract("tencent_ci").operations["CreateMediaJobs.VoiceSeparate"]
    _, source = xsd_reader.read(folders.chosen(["tencent_ci"])["tencent_ci"] / "requests" / f"{operation.name}.xsd")
    plain = xsd_reader.plain_dialect(source)
    schema = operation.request
    assert isinstance(schema, XmlSchema)
    # Settled, as the request is that our own validators see: empty nodes out, children in the schema's order.
    body = schema.write({schema.root.name: schema.settle(ET.fromstring(creation(XML_BODY).body))})
    standard, fast = ET.fromstring(body), etree.fromstring(body)
    yield "xmlschema 1.0", xmlschema.XMLSchema10(plain.decode()).is_valid, standard
    yield "xmlschema 1.1 with asserts", xmlschema.XMLSchema11(ET.tostring(source, encoding="unicode")).is_valid, standard
    yield "lxml", etree.XMLSchema(etree.fromstring(plain)), fast


@contextmanager
def mock_transport() -> Iterator[Run]:
    """A request that was built before, through httpx with a transport that answers by heart: the least that httpx costs."""
    import httpx

    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={}))
    with httpx.Client(transport=transport) as client:
        yield each(client.send, [client.build_request("GET", "https://media.example/")])
