"""The exported XSDs, judged by xmllint (XSD 1.0) and xmlschema (XSD 1.1), which know nothing of us."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest
import xmlschema
from exported import Message, contract_of, messages
from lxml import etree

from mockcloud.contracts import folders
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.exports.subject import sides
from mockcloud.exports.xsd import NORMAL_FORM, export, unsaid

PROVIDERS = sorted(folders.known())
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
XMLLINT, XSLTPROC = shutil.which("xmllint"), shutil.which("xsltproc")
needs_libxml = pytest.mark.skipif(
    not (XMLLINT and XSLTPROC), reason="xmllint and xsltproc are not installed (Debian: libxml2-utils, xsltproc)"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("xsd")
    for provider in PROVIDERS:
        for file in export(provider):
            path = made / provider / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
    return made


@cache
def documents() -> dict[Path, list[Message]]:
    """Every XML message of the fixtures, by the schema that judges it."""
    found = sorted((one for one in messages() if one.raw), key=lambda one: (one.provider, one.name))
    grouped = groupby(found, key=lambda one: Path(one.provider, f"{one.name}.xsd"))
    return {path: list(group) for path, group in grouped}


@cache
def asserts() -> frozenset[str]:
    """The rules that live in `xs:assert`."""
    found = [side.schema for provider in PROVIDERS for side in sides(contract_of(provider))]
    return frozenset(rule for schema in found if isinstance(schema, XmlSchema) for rule in unsaid(schema))


def run(*command: object, status: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run([str(one) for one in command], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode in status, done.stderr[-2000:]
    return done.stdout + done.stderr


def valid(schema: Path, files: list[Path]) -> list[bool]:
    """What xmllint says of each file, by one process."""
    said = run(XMLLINT, "--noout", "--schema", schema, *files, status=(0, 3, 4))
    verdicts = dict(re.findall(r"^(\S+) (validates|fails to validate)$", said, re.MULTILINE))
    return [verdicts[str(file)] == "validates" for file in files]


def normal_forms(folder: Path, schema: Path, found: list[Message]) -> list[Path]:
    """The messages as files in their normal form, by one process of xsltproc, which writes one document behind the other."""
    below = folder / schema.with_suffix("")
    below.mkdir(exist_ok=True)
    files = [below / f"{number}.xml" for number in range(len(found))]
    for file, one in zip(files, found, strict=True):
        file.write_bytes(one.raw)
    sheet = folder / schema.parts[0] / NORMAL_FORM
    said = run(XSLTPROC, "--stringparam", "schema", schema.relative_to(schema.parts[0]), sheet, *files)
    made = said.split(DECLARATION)[1:]
    for file, text in zip(files, made, strict=True):
        file.write_text(text, encoding="utf-8")
    return files


@needs_libxml
def test_xmllint_agrees_on_every_xml_fixture_but_for_the_rules_that_are_asserts(folder: Path) -> None:
    disagreements = set()
    for schema, found in documents().items():
        verdicts = valid(folder / schema, list(normal_forms(folder, schema, found)))
        for one, verdict in zip(found, verdicts, strict=True):
            if verdict is bool(one.broken):
                assert one.broken, f"{one.id} is refused"
                assert one.broken <= asserts(), f"{one.id} is accepted and breaks {set(one.broken)}"
                disagreements |= one.broken
    assert disagreements == {rule for one in messages() if one.raw and one.broken <= asserts() for rule in one.broken}


@needs_libxml
def test_xmllint_takes_every_exported_schema_and_lxml_does_too(folder: Path) -> None:
    anything = folder / "anything.xml"
    anything.write_text("<anything/>")
    schemas = [path for path in folder.rglob("*.xsd") if not path.name.endswith(".1.1.xsd")]
    assert schemas
    for path in schemas:
        etree.XMLSchema(etree.parse(path))
        assert valid(path, [anything]) == [False]


@needs_libxml
def test_xsd_1_1_agrees_on_every_xml_fixture_and_every_rule(folder: Path) -> None:
    for path, found in documents().items():
        schema = xmlschema.XMLSchema11((folder / path.with_suffix(".1.1.xsd")).read_text(encoding="utf-8"))
        for one, file in zip(found, normal_forms(folder, path, found), strict=True):
            assert schema.is_valid(file.read_text(encoding="utf-8")) is not bool(one.broken), one.id


REQUEST = b"""<Request a="b"><New/><Operation><Output><Bucket>b</Bucket><Region>r</Region><Object>o</Object></Output>
<TemplateId>t</TemplateId></Operation><Tag>VoiceSeparate</Tag><Input><Object>in.mp4</Object></Input></Request>"""


@needs_libxml
@pytest.mark.parametrize(
    ("raw", "is_valid"),
    [
        pytest.param(REQUEST, True, id="unknown elements and attributes, in another order"),
        pytest.param(REQUEST.replace(b"<TemplateId>t</TemplateId>", b"<TemplateId/>"), False, id="an empty element is none"),
        pytest.param(
            REQUEST.replace(b"<New/>", b"<CallBackMqConfig><MqRegion/></CallBackMqConfig>"), True, id="empty all through"
        ),
        pytest.param(REQUEST.replace(b"in.mp4", b"<!-- a -->in<![CDATA[.mp4]]>"), True, id="comments and CDATA"),
        pytest.param(REQUEST.replace(b"in.mp4", b"<Object>in.mp4</Object>"), False, id="no text of its own"),
        pytest.param(REQUEST.replace(b"<Tag>", b"<Tag xmlns='urn:other'>"), False, id="of another namespace"),
        pytest.param(REQUEST.replace(b"Request", b"Response"), False, id="another root"),
    ],
)
def test_the_normal_form_is_what_mockcloud_looks_at(folder: Path, raw: bytes, is_valid: bool) -> None:
    name = "CreateMediaJobs.VoiceSeparate/request"
    one = Message("", "tencent_ci", name, None, raw, frozenset())
    schema = xmlschema.XMLSchema11((folder / "tencent_ci" / f"{name}.1.1.xsd").read_text(encoding="utf-8"))
    [file] = normal_forms(folder, Path("tencent_ci", f"{name}.xsd"), [one])
    assert schema.is_valid(file.read_text(encoding="utf-8")) is is_valid
    ours = contract_of("tencent_ci").operations["CreateMediaJobs.VoiceSeparate"].request
    assert isinstance(ours, XmlSchema)
    root = etree.fromstring(raw, etree.XMLParser(remove_comments=True))
    assert (root.tag == ours.root.name and ours.accepts(ours.settle(root))) is is_valid


def test_xsd_1_1_takes_unknown_elements_as_they_stand(folder: Path) -> None:
    text = (folder / "tencent_ci" / "CreateMediaJobs.VoiceSeparate" / "request.1.1.xsd").read_text(encoding="utf-8")
    schema = xmlschema.XMLSchema11(text)
    assert schema.is_valid(REQUEST.decode())
    assert not schema.is_valid(REQUEST.replace(b"<New/>", b"<Tag>VoiceSeparate</Tag>").decode())


def test_the_evidence_and_the_sentence_of_an_assert_stand_in_the_1_1_file_only(folder: Path) -> None:
    below = folder / "tencent_ci" / "CreateMediaJobs.VoiceSeparate"
    full, plain = (below / "request.1.1.xsd").read_text(encoding="utf-8"), (below / "request.xsd").read_text(encoding="utf-8")
    assert "object-or-auobject: Object and AuObject are both empty" in full
    assert "xs:assert" not in plain
    for text in (full, plain):
        assert "<xs:appinfo>voice-separate-job#61</xs:appinfo>" in text
        assert "xs:include" not in text


def test_a_provider_without_xml_has_no_xsd() -> None:
    assert list(export("ucloud")) == []


def test_the_same_contract_gives_the_same_bytes() -> None:
    assert list(export("tencent_ci")) == list(export("tencent_ci"))
