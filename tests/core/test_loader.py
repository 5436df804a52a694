"""The loader refuses what it does not know, naming file, pointer and the nearest right spelling."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from mockcloud.contracts import folders
from mockcloud.contracts.behaviours import Behaviours
from mockcloud.contracts.loader import load
from mockcloud.contracts.sketches import sketch
from mockcloud.errors import ContractError

Edit = Callable[[Path], None]


class Editor:
    """Edits of the files of a contract's folder, by JSON pointer or by text."""

    @staticmethod
    def put(pointer: str, value: Any) -> Edit:
        def edit(path: Path) -> None:
            data = json.loads(path.read_text(encoding="utf-8"))
            owner, last = _owner(data, pointer)
            if isinstance(owner, list):
                owner[int(last)] = value
            else:
                owner[last] = value
            path.write_text(json.dumps(data), encoding="utf-8")

        return edit

    @staticmethod
    def drop(pointer: str) -> Edit:
        def edit(path: Path) -> None:
            data = json.loads(path.read_text(encoding="utf-8"))
            owner, last = _owner(data, pointer)
            del owner[last]
            path.write_text(json.dumps(data), encoding="utf-8")

        return edit

    @staticmethod
    def rename(pointer: str, new: str) -> Edit:
        def edit(path: Path) -> None:
            data = json.loads(path.read_text(encoding="utf-8"))
            owner, last = _owner(data, pointer)
            owner[new] = owner.pop(last)
            path.write_text(json.dumps(data), encoding="utf-8")

        return edit

    @staticmethod
    def swap(old: str, new: str) -> Edit:
        def edit(path: Path) -> None:
            text = path.read_text(encoding="utf-8")
            assert old in text, f"the test is out of date: {old!r} is not in {path}"
            path.write_text(text.replace(old, new, 1), encoding="utf-8")

        return edit

    @staticmethod
    def text(whole: str) -> Edit:
        return lambda path: path.write_text(whole, encoding="utf-8") and None

    @staticmethod
    def gone() -> Edit:
        return lambda path: path.unlink()

    @staticmethod
    def both(*edits: Edit) -> Edit:
        def edit(path: Path) -> None:
            for one in edits:
                one(path)

        return edit


def _owner(data: Any, pointer: str) -> tuple[Any, str]:
    *steps, last = [step.replace("~1", "/") for step in pointer.split("/")[1:]]
    for step in steps:
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data, last


put, drop, rename, swap, text, gone, both = (
    Editor.put, Editor.drop, Editor.rename, Editor.swap, Editor.text, Editor.gone, Editor.both
)  # fmt: skip

JD, CI = "jdcloud", "tencent_ci"
CREATE = "requests/createThumbnailTask.schema.json"
GET = "requests/getThumbnailTask.schema.json"
COMMON, AUDIO = "requests/common.xsd", "requests/audio.xsd"
SEPARATE = "requests/CreateMediaJobs.VoiceSeparate.xsd"
SCHEMA = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
APPINFO = "<xs:annotation><xs:appinfo>media-info-job#32</xs:appinfo></xs:annotation>"
OBJECT = '<xs:element name="Object" type="xs:string">'
"""The first of the elements of common.xsd."""


@dataclass(frozen=True)
class Row:
    """One thing wrong with one file: what is said of it, in which file and where."""

    id: str
    provider: str
    file: str
    edit: Edit
    said: str
    pointer: str = ""
    named: str = ""


def rows(*listed: tuple[str, str, str, Edit, str] | tuple[str, str, str, Edit, str, str] | tuple[str, ...]) -> list:
    made = [Row(*row) for row in listed]  # type: ignore[arg-type]
    return [pytest.param(row, id=row.id) for row in made]


def refused(row: Row, altered) -> ContractError:
    folder = altered(row.provider, {row.file: row.edit})
    with pytest.raises(ContractError) as caught:
        load(folder)
    return caught.value


def check(row: Row, altered) -> None:
    error = refused(row, altered)
    named = row.named or row.file
    assert error.file.endswith(f"{row.provider}/{named}"), f"names the file {error.file!r}, not {named!r}: {error}"
    assert error.pointer.startswith(row.pointer), f"names the place {error.pointer!r}, not {row.pointer!r}: {error}"
    assert row.said in error.problem, str(error)


DATA = rows(
    ("unknown key in provider.json", JD, "provider.json", put("/titel", "x"), "unknown key 'titel'. Did you mean 'title'?"),
    ("unknown key in a host", JD, "provider.json", put("/hosts/0/exampel", "x"), "Did you mean 'example'?", "/hosts/0"),
    ("unknown key in times", JD, "provider.json", put("/times/zone", "x"), "unknown key 'zone'", "/times"),
    ("unknown key in a setting", JD, "provider.json", put("/settings/result_shape/value", []), "Did you mean 'values'?", "/settings/result_shape"),
    ("unknown key in a resource", CI, "provider.json", put("/resources/queue/itens", []), "Did you mean 'items'?", "/resources/queue"),
    ("unknown key in success", JD, "provider.json", put("/success/header", {}), "Did you mean 'headers'?", "/success"),
    ("unknown key in refusal", JD, "provider.json", put("/refusal/schemas", "x"), "Did you mean 'schema'?", "/refusal"),
    ("unknown key in documents.json", JD, "documents.json", put("/create-thumbnail-task/were", "x"), "Did you mean 'where'?", "/create-thumbnail-task"),
    ("unknown key in an operation", JD, "operations.json", put("/getThumbnailTask/efect", {}), "Did you mean 'effect'?", "/getThumbnailTask"),
    ("unknown key in a selector", CI, "operations.json", put("/CreateMediaJobs.MediaInfo/select/equal", "x"), "Did you mean 'equals'?", "/CreateMediaJobs.MediaInfo/select"),
    ("unknown key in a reference", CI, "operations.json", put("/CreateMediaJobs.VoiceSeparate/references/0/were", {}), "Did you mean 'where'?", "/CreateMediaJobs.VoiceSeparate/references/0"),
    ("unknown key in errors.json", JD, "errors.json", put("/code", {}), "Did you mean 'codes'?"),
    ("unknown key in a code", JD, "errors.json", put("/codes/NOT_FOUND/mesage", "x"), "Did you mean 'message'?", "/codes/NOT_FOUND"),
    ("unknown key in a condition", JD, "errors.json", put("/conditions/unknown-task/stauts", 400), "Did you mean 'status'?", "/conditions/unknown-task"),
    ("unknown key in a rule", JD, "errors.json", put("/rules/0/mach", "*"), "Did you mean 'match'?", "/rules/0"),
    ("unknown key in task_codes", JD, "errors.json", put("/task_codes/patern", "x"), "Did you mean 'pattern'?", "/task_codes"),
    ("unknown key in lifecycle.json", JD, "lifecycle.json", put("/task/stats", {}), "Did you mean 'states'?", "/task"),
    ("unknown key in a state", JD, "lifecycle.json", put("/task/states/RUNNING/fail", "ERROR"), "Did you mean 'fails'?", "/task/states/RUNNING"),
    ("unknown key in contradictions.json", JD, "contradictions.json", put("/pendding/reading", []), "Did you mean 'readings'?", "/pendding"),
    ("unknown phase", JD, "lifecycle.json", put("/task/states/RUNNING/phase", "runing"), "Did you mean 'running'?", "/task/states/RUNNING/phase"),
    ("unknown way of reading", JD, "operations.json", put("/getThumbnailTask/reads", "jsn"), "Did you mean 'json'?", "/getThumbnailTask/reads"),
    ("unknown method", JD, "operations.json", put("/getThumbnailTask/methods", ["get"]), "Did you mean 'GET'?", "/getThumbnailTask/methods/0"),
    ("unknown check in order", JD, "provider.json", put("/order/0", "rote"), "Did you mean 'route'?", "/order/0"),
    ("unknown codec", JD, "provider.json", put("/success/codec", "jsn"), "Did you mean 'json'?", "/success/codec"),
    ("unknown kind of document", JD, "documents.json", put("/create-thumbnail-task/kind", "sed"), "Did you mean 'seed'?", "/create-thumbnail-task/kind"),
    ("unknown part of an identifier", JD, "provider.json", put("/identifiers/task/1", {"tim": "seconds"}), "", "/identifiers/task"),
    ("status that is a text", JD, "errors.json", put("/codes/NOT_FOUND/status", "404"), "'404' is not of type 'integer'", "/codes/NOT_FOUND/status"),
    ("methods that are a text", JD, "operations.json", put("/getThumbnailTask/methods", "GET"), "not of type 'array'", "/getThumbnailTask/methods"),
    ("negative duration", JD, "lifecycle.json", put("/task/states/RUNNING/after", -1), "-1", "/task/states/RUNNING/after"),
    ("title missing", JD, "provider.json", drop("/title"), "'title' is a required property"),
    ("evidence missing of an operation", JD, "operations.json", drop("/getThumbnailTask/evidence"), "'evidence'", "/getThumbnailTask"),
    ("evidence missing of a code", JD, "errors.json", drop("/codes/NOT_FOUND/evidence"), "'evidence'", "/codes/NOT_FOUND"),
    ("duplicate key", JD, "errors.json", swap('"codes": {', '"codes": {"1": 1, "1": 2,'), "the key '1' stands twice"),
    ("duplicate key in a schema", JD, CREATE, swap('"title":', '"title": "a", "title":'), "the key 'title' stands twice"),
    ("not JSON", JD, "lifecycle.json", text("{"), "is not JSON"),
    ("not UTF-8", JD, "lifecycle.json", lambda path: path.write_bytes(b'{"\xff": 1}') and None, "is not JSON"),
    ("a list for an object", JD, "lifecycle.json", text("[]"), "[] is not of type 'object'"),
    *((f"{name}.json missing", JD, f"{name}.json", gone(), "the file is missing")
      for name in ("provider", "documents", "operations", "errors", "lifecycle", "contradictions")),
    ("request schema missing", JD, CREATE, gone(), "the file is missing"),
    ("refusal schema missing", JD, "responses/refusal.schema.json", gone(), "the file is missing"),
    ("XSD missing", CI, SEPARATE, gone(), "is missing"),
    ("other folder name", JD, "provider.json", put("/provider", "jdclod"), "'jdclod' is not the folder's name", "/provider"),
    ("module missing", JD, "provider.json", put("/module", "mockcloud.providers.nobody"), "no module 'mockcloud.providers.nobody'", "/module"),
    ("module without behaviours", JD, "provider.json", put("/module", "json.decoder"), "'json.decoder' has no 'behaviours' with a verifier", "/module"),
    ("default that is none of the values", JD, "provider.json", put("/settings/result_shape/default", "bth"), "'bth' is none of the values", "/settings/result_shape/default"),
    ("evidence naming no document", JD, "operations.json", put("/getThumbnailTask/evidence", "get-thumbnail-tsk"), "Did you mean 'get-thumbnail-task'?", "/getThumbnailTask/evidence"),
    ("evidence naming no contradiction", JD, "lifecycle.json", put("/task/states/SUCCESS/evidence", ["contradiction#pending"]), "Did you mean 'pendding'?", "/task/states/SUCCESS/evidence"),
    ("evidence of a contradiction's reading", JD, "contradictions.json", put("/pendding/readings/0/evidence", "nothing"), "'nothing' is not in documents.json", "/pendding/readings/0/evidence"),
    ("decision without a colon and space", JD, "lifecycle.json", put("/task/states/SUCCESS/evidence", "decision:x"), "is not in documents.json", "/task/states/SUCCESS/evidence"),
)  # fmt: skip


@pytest.mark.parametrize("row", DATA)
def test_a_data_file_with_one_thing_wrong_is_refused_by_name(row: Row, altered) -> None:
    check(row, altered)


MEANING = rows(
    ("condition earns unknown code", JD, "errors.json", put("/conditions/unknown-task/code", "NOTFOUND"), "Did you mean 'NOT_FOUND'?", "/conditions/unknown-task"),
    ("rule earns unknown code", JD, "errors.json", put("/rules/0/code", "INVALID_ARGUMENTS"), "Did you mean 'INVALID_ARGUMENT'?", "/rules/0"),
    ("condition that nothing raises", JD, "errors.json", put("/conditions/unknown-tsk", {"code": "NOT_FOUND", "evidence": "error-codes"}), "nothing raises this condition. Did you mean 'unknown-task'?", "/conditions/unknown-tsk"),
    ("condition of the core missing", JD, "errors.json", drop("/conditions/malformed-body"), "'malformed-body' can happen and is mapped to no code", "/conditions"),
    ("condition of the module missing", JD, "errors.json", drop("/conditions/date-expired"), "'date-expired' can happen", "/conditions"),
    ("condition of an effect missing", JD, "errors.json", drop("/conditions/unknown-task"), "'unknown-task' can happen", "/conditions"),
    ("condition of an event missing", CI, "errors.json", drop("/conditions/event-refused"), "'event-refused' can happen", "/conditions"),
    ("condition of a reference missing", CI, "errors.json", drop("/conditions/unknown-queue"), "'unknown-queue' can happen", "/conditions"),
    ("condition of a selector missing", CI, "errors.json", drop("/conditions/missing-operation"), "'missing-operation' can happen", "/conditions"),
    ("condition of Content-Length missing", CI, "errors.json", drop("/conditions/missing-content-length"), "'missing-content-length' can happen", "/conditions"),
    ("condition of Content-MD5 missing", CI, "errors.json", drop("/conditions/content-digest"), "'content-digest' can happen", "/conditions"),
    ("condition misspelt", JD, "errors.json", rename("/conditions/missing-body", "mising-body"), "'missing-body' can happen and is mapped to no code. Did you mean 'mising-body'?", "/conditions"),
    ("condition named like a code", JD, "errors.json", put("/codes/unknown-task", {"status": 404, "where": "request", "message": "", "evidence": "error-codes"}), "a condition cannot be named like a code", "/conditions/unknown-task"),
    ("rule that nothing refuses", JD, "errors.json", put("/rules/1/match", "*:required"), "no entry matches the rule 'jdcloud.createThumbnailTask/request#", "/rules"),
    ("unknown initial state", JD, "lifecycle.json", put("/task/initial", "PENDING"), "Did you mean 'PENDDING'?", "/task/initial"),
    ("unknown next state", JD, "lifecycle.json", put("/task/states/PENDDING/then", "RUNING"), "'RUNING' is no state. Did you mean 'RUNNING'?", "/task/states/PENDDING"),
    ("unknown state of an event", CI, "lifecycle.json", put("/task/states/Submitted/on/cancel", "Canceled"), "Did you mean 'Cancel'?", "/task/states/Submitted"),
    ("unreachable state", JD, "lifecycle.json", put("/task/states/LOST", {"phase": "failed", "evidence": "console"}), "no path leads to this state", "/task/states/LOST"),
    ("state without a way out", JD, "lifecycle.json", put("/task/states/RUNNING", {"phase": "running", "evidence": "console"}), "cannot be left", "/task/states/RUNNING"),
    ("final state with a way", JD, "lifecycle.json", put("/task/states/SUCCESS/on", {"retry": "PENDDING"}), "is final and leads nowhere", "/task/states/SUCCESS"),
    ("after without then", CI, "lifecycle.json", put("/task/states/Pause/after", 3), "'after' and 'then' belong together", "/task/states/Pause"),
    ("then without after", JD, "lifecycle.json", drop("/task/states/PENDDING/after"), "'after' and 'then' belong together", "/task/states/PENDDING"),
    ("two operations on one method and path", JD, "operations.json", both(put("/getThumbnailTask/path", "/v1/regions/{regionId}/thumbnail"), put("/getThumbnailTask/methods", ["POST"])), "ties with 'createThumbnailTask'", "/getThumbnailTask"),
    ("two operations with one selector", CI, "operations.json", put("/CreateMediaJobs.VoiceSeparate/select/equals", "MediaInfo"), "ties with 'CreateMediaJobs.MediaInfo'", "/CreateMediaJobs.VoiceSeparate"),
    ("two operations selected by different arguments", CI, "operations.json", put("/CreateMediaJobs.VoiceSeparate/select/argument", "/Tg"), "tell them apart by 'select' on one argument", "/CreateMediaJobs.VoiceSeparate"),
    ("a root that is not the schema's", CI, "operations.json", put("/CreateMediaJobs.VoiceSeparate/root", "Req"), "the schema's root is 'Request'", "/CreateMediaJobs.VoiceSeparate"),
    ("paths that overlap crosswise", JD, "operations.json", put("/getThumbnailTask/path", "/v1/{where}/cn/thumbnail"), "tie"),
    ("paths that differ in the name of a segment", CI, "operations.json", both(put("/CancelMediaJob/path", "/jobs/{jobId}"), put("/CancelMediaJob/methods", ["GET"])), "the paths /jobs/{jobIds} and /jobs/{jobId} tie"),
    ("unknown effect", JD, "operations.json", put("/getThumbnailTask/effect", {"gett": "task", "id": "/taskId"}), "is not known here", "/getThumbnailTask/effect"),
    ("unknown key of an effect", JD, "operations.json", put("/getThumbnailTask/effect/ids", "/x"), "'ids' is not known here. Did you mean 'id'?", "/getThumbnailTask/effect"),
    ("an each below the first level", CI, "operations.json", put("/CreateMediaJobs.MediaInfo/effect", {"create": "task", "each": "/a/b"}), "'/a/b' is no argument of the first level", "/CreateMediaJobs.MediaInfo/effect"),
    ("unknown kind", JD, "operations.json", put("/getThumbnailTask/effect/get", "tsk"), "Did you mean 'task'?", "/getThumbnailTask/effect"),
    ("unknown event", CI, "operations.json", put("/CancelMediaJob/effect/event", "cancle"), "reacts to the event 'cancle'", "/CancelMediaJob/effect"),
    ("unknown resource listed", CI, "operations.json", put("/DescribeMediaJob/effect", {"list": "queu"}), "Did you mean 'queue'?", "/DescribeMediaJob/effect"),
    ("unknown resource referred to", CI, "operations.json", put("/CreateMediaJobs.VoiceSeparate/references/0/resource", "templat"), "there is no resource 'templat'. Did you mean 'template'?", "/CreateMediaJobs.VoiceSeparate/references"),
    ("unknown view form", JD, "operations.json", put("/getThumbnailTask/result", {"$firts": []}), "unknown view form '$firts'. Did you mean '$first'?", "/getThumbnailTask/result"),
    ("unknown view form deep inside", JD, "provider.json", put("/refusal/body/error/x", [{"$txt": []}]), "Did you mean '$text'?", "/refusal/body/error/x/0"),
    ("unknown key of a view form", JD, "provider.json", put("/success/body/x", {"$if": "$now", "els": 1}), "'$if' takes no 'els'", "/success/body/x"),
    ("view form that wants a list", JD, "provider.json", put("/success/body/x", {"$text": "a"}), "a list of views is wanted, found str", "/success/body/x"),
    ("unknown computed value", JD, "operations.json", put("/getThumbnailTask/result/$call", "result-shap"), "Did you mean 'result-shape'?", "/getThumbnailTask/result"),
    ("unknown view form in tenancy", JD, "provider.json", put("/tenancy/0", {"$frist": []}), "Did you mean '$first'?", "/tenancy/0"),
    ("unknown view form in a header", JD, "provider.json", put("/success/headers/Date", {"$frist": []}), "Did you mean '$first'?", "/success/headers/Date"),
)  # fmt: skip


@pytest.mark.parametrize("row", MEANING)
def test_data_that_means_nothing_is_refused_by_name(row: Row, altered) -> None:
    check(row, altered)


JSON_SCHEMA = rows(
    ("unknown keyword", JD, CREATE, put("/properties/regionId/minLenght", 1), "unknown keyword 'minLenght'. Did you mean 'minLength'?", "/properties/regionId/minLenght"),
    ("keyword that we do not honour", JD, CREATE, put("/properties/regionId/multipleOf", 1), "unknown keyword 'multipleOf'", "/properties/regionId/multipleOf"),
    ("oneOf", JD, CREATE, put("/properties/regionId/oneOf", []), "unknown keyword 'oneOf'. Did you mean 'anyOf'?", "/properties/regionId/oneOf"),
    ("additionalProperties", JD, CREATE, put("/additionalProperties", False), "unknown keyword 'additionalProperties'", "/additionalProperties"),
    ("unknown keyword in a list's items", JD, CREATE, put("/properties/list", {"items": {"formt": 1}}), "unknown keyword 'formt'", "/properties/list/items/formt"),
    ("unknown keyword in allOf", JD, CREATE, put("/allOf", [{"formt": 1}]), "unknown keyword 'formt'", "/allOf/0/formt"),
    ("rule without evidence", JD, CREATE, put("/properties/n", {"minimum": 1}), "the rule 'minimum' has no evidence; add 'x-source'", "/properties/n"),
    ("rule with evidence of another", JD, CREATE, put("/properties/n", {"minimum": 1, "x-source": {"maximum": "console"}}), "the rule 'minimum' has no evidence", "/properties/n"),
    ("required member without evidence", JD, CREATE, both(put("/properties/n", {}), put("/required", ["n"])), "the rule 'required' has no evidence", "/properties/n"),
    ("rule whose evidence names no document", JD, CREATE, put("/properties/regionId/x-source", "consol"), "'consol' is not in documents.json. Did you mean 'console'?", "", "createThumbnailTask"),
    ("required naming no property", JD, CREATE, put("/required", ["sorce"]), "'sorce' is no property. Did you mean 'source'?", "/required"),
    ("condition without x-rule", JD, CREATE, put("/anyOf", [{"required": ["source"]}]), "a condition needs an 'x-rule'"),
    ("x-rule without x-says", JD, CREATE, both(put("/anyOf", [{"required": ["source"]}]), put("/x-rule", "some"), put("/x-source", "console")), "a named rule needs 'x-says'"),
    ("x-rule without a condition", JD, CREATE, put("/properties/n", {"x-rule": "some", "x-says": "x", "x-source": "console"}), "names a condition, and there is none", "/properties/n"),
    ("named rule without evidence", JD, CREATE, both(put("/anyOf", [{"required": ["source"]}]), put("/x-rule", "some"), put("/x-says", "x")), "the rule 'some' has no evidence"),
    *((f"shorthand class {short}", JD, CREATE, put("/properties/n", {"pattern": f"^{short}+$", "x-source": "console"}), "uses a shorthand class", "/properties/n/pattern")
      for short in (r"\d", r"\w", r"\s", r"\b", r"\D", r"\W", r"\S")),
    ("a schema that is a text", JD, CREATE, put("/properties/n", "integer"), "a schema is an object, found 'integer'", "/properties/n"),
    ("another dialect, which a validator would fetch", JD, CREATE, put("/$schema", "https://example.com/mine"), "the dialect is https://json-schema.org/draft/2020-12/schema, found 'https://example.com/mine'", "/$schema"),
    ("$ref of nothing", JD, CREATE, put("/properties/rule/$ref", "#/$defs/ThumbnailTaskRul"), "Did you mean 'ThumbnailTaskRule'?", "/properties/rule/$ref"),
    ("$ref out of the folder", JD, CREATE, put("/properties/rule/$ref", "../../ucloud/requests/CreateMediaTask.schema.json#/$defs/x"), "leads out of the contract's folder", "/properties/rule/$ref"),
    ("$ref to a URL", JD, CREATE, put("/properties/rule/$ref", "https://example.com/x.json"), "leads out of the contract's folder", "/properties/rule/$ref"),
    ("$ref to a file that is missing", JD, CREATE, put("/properties/rule/$ref", "other.schema.json#/$defs/x"), "the file is missing", "", "requests/other.schema.json"),
    ("$ref in a circle", JD, CREATE, put("/$defs/ThumbnailTaskRule", {"properties": {"rule": {"$ref": "#/$defs/ThumbnailTaskRule"}}}), "leads back to itself"),
    ("$ref in a circle of two files", JD, CREATE, put("/properties/rule/$ref", "createThumbnailTask.schema.json#/properties/rule"), "leads back to itself"),
)  # fmt: skip


@pytest.mark.parametrize("row", JSON_SCHEMA)
def test_a_json_schema_with_one_thing_wrong_is_refused_by_name(row: Row, altered) -> None:
    check(row, altered)


XSD = rows(
    ("unknown construct choice", CI, COMMON, both(swap("<xs:all>", "<xs:choice>"), swap("</xs:all>", "</xs:choice>")), "unknown construct 'choice'", "/choice"),
    ("unknown construct misspelt", CI, COMMON, both(swap("<xs:simpleType name=\"JobLevel\">", "<xs:simpelType name=\"JobLevel\">"), lambda p: p.write_text(p.read_text().replace("</xs:simpleType>", "</xs:simpelType>", 2).replace("</xs:simpelType>", "</xs:simpleType>", 1)) and None), "Did you mean 'simpleType'?", "/simpelType"),
    ("unknown attribute", CI, COMMON, swap(OBJECT, OBJECT.replace("type=", 'nillable="true" type=')), "'element' takes no attribute 'nillable'", "/element"),
    ("unknown attribute misspelt", CI, COMMON, swap(OBJECT, OBJECT.replace("type=", 'minOccur="0" type=')), "Did you mean 'minOccurs'?", "/element"),
    ("unknown facet", CI, AUDIO, swap("xs:minInclusive", "xs:minExclusive"), "unknown construct 'minExclusive'. Did you mean 'minInclusive'?", "/minExclusive"),
    ("unknown attribute of a facet", CI, AUDIO, swap('<xs:minInclusive value="8"', '<xs:minInclusive fixed="true" value="8"'), "takes no attribute 'fixed'", "/minInclusive"),
    ("unknown type", CI, COMMON, swap(OBJECT, '<xs:element name="Object" type="JobLevl">'), "unknown type 'JobLevl'. Did you mean 'JobLevel'?"),
    ("element without evidence", CI, SEPARATE, swap('<xs:element name="Tag" type="Tag">', '<xs:element name="Bag" type="xs:string" minOccurs="0"/><xs:element name="Tag" type="Tag">'), "has no evidence; add xs:annotation/xs:appinfo", "//Bag"),
    ("assert without id", CI, AUDIO, swap('<xs:assert id="aac-samplerate"', "<xs:assert"), "an assert needs an 'id'"),
    ("assert without documentation", CI, AUDIO, swap("<xs:documentation>Samplerate 8000 is not for Codec flac</xs:documentation>", ""), "xs:documentation, its reason"),
    ("leaf without base", CI, AUDIO, swap('<xs:restriction base="xs:integer">', "<xs:restriction>"), "a leaf restricts one of decimal, integer, string, found ''"),
    ("leaf of an unknown base", CI, AUDIO, swap('base="xs:integer"', 'base="xs:float"'), "found 'float'"),
    ("include of another folder", CI, SEPARATE, swap('schemaLocation="audio.xsd"', 'schemaLocation="../responses/Error.xsd"'), "is not a file of the same folder", "/include"),
    ("include by a backslash", CI, SEPARATE, swap('schemaLocation="audio.xsd"', 'schemaLocation="..\\audio.xsd"'), "is not a file of the same folder", "/include"),
    ("include of a missing file", CI, SEPARATE, swap('schemaLocation="audio.xsd"', 'schemaLocation="audo.xsd"'), "the file audo.xsd is missing"),
    ("two roots", CI, SEPARATE, swap("</xs:schema>", f'<xs:element name="R" type="xs:string">{APPINFO}</xs:element></xs:schema>'), "one root element is wanted, found 2"),
    ("no root", CI, "responses/Error.xsd", text(f"{SCHEMA}</xs:schema>"), "one root element is wanted, found 0"),
    ("not XML", CI, SEPARATE, text("<xs:schema"), "is not XML"),
    ("evidence naming no document", CI, AUDIO, swap("<xs:appinfo>contradiction#bitrate-12</xs:appinfo>", "<xs:appinfo>contradiction#bitrate-13</xs:appinfo>"), "Did you mean 'bitrate-12'?", "", "CreateMediaJobs.VoiceSeparate"),
)  # fmt: skip


@pytest.mark.parametrize("row", XSD)
def test_an_xsd_with_one_thing_wrong_is_refused_by_name(row: Row, altered) -> None:
    error = refused(row, altered)
    assert f"{row.provider}/" in error.file
    assert error.pointer.startswith(row.pointer), str(error)
    assert row.said in error.problem, str(error)


SLIPS_DATA = rows(
    ("required key misspelt", JD, "operations.json", rename("/getThumbnailTask/methods", "method"), "Did you mean 'methods'?", "/getThumbnailTask"),
    ("order_evidence naming no document", JD, "provider.json", put("/order_evidence", "gateway-error"), "Did you mean 'gateway-errors'?", "/order_evidence"),
    ("contradiction naming no setting", JD, "contradictions.json", put("/pendding/setting", "result_shap"), "Did you mean 'result_shape'?", "/pendding/setting"),
    ("evidence of the refusal's schema naming no document", JD, "responses/refusal.schema.json", swap('"x-source": "', '"x-source": "no-such-'), "is not in documents.json", "", "refusal"),
    ("evidence of a member without rules naming no document", JD, CREATE, put("/properties/taskID/x-source", "no-such-document"), "is not in documents.json", "", "createThumbnailTask"),
    ("identifier of a kind missing", JD, "provider.json", drop("/identifiers/task"), "task", "/identifiers"),
    ("effect get without id", JD, "operations.json", put("/getThumbnailTask/effect", {"get": "task"}), "id", "/getThumbnailTask/effect"),
    ("effect event without kind", CI, "operations.json", put("/CancelMediaJob/effect", {"event": "cancel", "id": "/jobIds"}), "kind", "/CancelMediaJob/effect"),
    ("$each without do", JD, "provider.json", put("/success/body/x", {"$each": "$tasks", "as": "task"}), "do", "/success/body/x"),
    ("like an entry that is not there", CI, "operations.json", put("/CreateMediaJobs.Concat/like", "CreateMediaJobs.Transcod"), "no entry 'CreateMediaJobs.Transcod' that stands on its own. Did you mean 'CreateMediaJobs.Transcode'?", "/CreateMediaJobs.Concat/like"),
    ("like an entry that is like another", CI, "operations.json", put("/CreateMediaJobs.Concat/like", "CreateMediaJobs.Tts"), "no entry 'CreateMediaJobs.Tts' that stands on its own", "/CreateMediaJobs.Concat/like"),
    ("gate before operation", CI, "provider.json", put("/order", ["route", "authentication", "body", "gate", "operation"]), "it stands behind 'operation'", "/order"),
    ("gate that nobody asks", CI, "provider.json", put("/order", ["route", "authentication", "body", "operation"]), "where there is a gate, and only there", "/order"),
    ("order with a gate that is not there", JD, "provider.json", put("/order", ["route", "authentication", "body", "operation", "gate"]), "where there is a gate, and only there", "/order"),
    ("view of a gate of nothing that is there", CI, "provider.json", put("/gate/0/when", "$item.State"), "'$item' is nothing that a view can speak of here", "/gate/0/when"),
    ("body before route", JD, "provider.json", put("/order", ["body", "route", "authentication", "operation"]), "", "/order"),
    ("operation before body", CI, "provider.json", put("/order", ["route", "operation", "authentication", "body"]), "", "/order"),
    ("XML envelope with a JSON schema", CI, "provider.json", put("/refusal/schema", "x.schema.json"), "xsd", "/refusal"),
    ("operation that reads XML with a JSON schema", CI, "operations.json", put("/CreateMediaJobs.MediaInfo/request", "DescribeMediaJob.schema.json"), "xsd", "/CreateMediaJobs.MediaInfo"),
    ("operation that reads no XML with an XSD", CI, "operations.json", put("/CancelMediaJob/request", "CreateMediaJobs.MediaInfo.xsd"), "", "/CancelMediaJob"),
    ("root that is not the XSD's", CI, "operations.json", both(put("/CreateMediaJobs.MediaInfo/root", "Reqest"), put("/CreateMediaJobs.VoiceSeparate/root", "Reqest")), "Request", "/CreateMediaJobs.MediaInfo"),
    ("XML answer without a schema", CI, "operations.json", drop("/DescribeMediaJob/response"), "", "/DescribeMediaJob"),
    ("host pattern that is no regex", JD, "provider.json", put("/hosts/0/pattern", "("), "", "/hosts/0"),
    ("task code pattern that is no regex", JD, "errors.json", put("/task_codes/pattern", "("), "", "/task_codes"),
    ("state that only a planned failure leaves, and never in time", JD, "lifecycle.json", both(put("/task/states/RUNNING", {"phase": "running", "fails": "ERROR", "evidence": "console"}), put("/task/states/PENDDING/on", {"skip": "SUCCESS"})), "", "/task/states/RUNNING"),
    ("states that go round in no time", JD, "lifecycle.json", both(put("/task/states/PENDDING/after", 0), put("/task/states/RUNNING", {"phase": "running", "after": 0, "then": "PENDDING", "on": {"end": "SUCCESS", "fail": "ERROR"}, "evidence": "console"})), "", "/task/states"),
    ("states that go round for ever", JD, "lifecycle.json", put("/task", {"initial": "A", "states": {"A": {"phase": "waiting", "after": 1, "then": "B", "evidence": "console"}, "B": {"phase": "running", "after": 1, "then": "A", "evidence": "console"}}}), "", "/task/states"),
)  # fmt: skip


@pytest.mark.parametrize("row", SLIPS_DATA)
def test_data_that_would_break_a_request_is_refused_when_it_loads(row: Row, altered, tmp_path: Path) -> None:
    if row.id == "XML envelope with a JSON schema":
        shutil.copytree(folders.own_folder() / CI, tmp_path / "spare")
        edit = row.edit
        row = Row(row.id, row.provider, row.file, lambda path: (edit(path), shutil.copy(folders.own_folder() / "jdcloud/responses/refusal.schema.json", path.parent / "responses/x.schema.json"))[0], row.said, row.pointer)  # fmt: skip
    error = refused(row, altered)
    assert error.pointer.startswith(row.pointer), str(error)
    assert row.said in error.problem, str(error)


NAMED = {"x-rule": "some", "x-says": "x", "x-source": "console"}
SLIPS_JSON = rows(
    ("unknown keyword in anyOf", JD, CREATE, put("/properties/n", {**NAMED, "anyOf": [{"constt": 0}]}), "constt", "/properties/n/anyOf/0"),
    ("unknown keyword in if", JD, CREATE, put("/properties/n", {**NAMED, "if": {"constt": 0}, "then": {"minimum": 1}}), "constt", "/properties/n/if"),
    ("unknown keyword in then", JD, CREATE, put("/properties/n", {**NAMED, "if": {"const": 0}, "then": {"minimun": 1}}), "minimun", "/properties/n/then"),
    ("unknown keyword in not", JD, CREATE, put("/properties/n", {**NAMED, "not": {"requird": ["a"]}}), "requird", "/properties/n/not"),
    ("shorthand class in anyOf", JD, CREATE, put("/properties/n", {**NAMED, "anyOf": [{"pattern": r"\d"}]}), "shorthand", "/properties/n/anyOf/0"),
    ("if without then", JD, CREATE, put("/properties/n", {**NAMED, "if": {"const": 0}}), "then", "/properties/n"),
    ("then without if", JD, CREATE, put("/properties/n", {"then": {"const": 0}, "x-source": "console"}), "if", "/properties/n"),
    ("minimum that is a text", JD, CREATE, put("/properties/n", {"minimum": "1", "x-source": "console"}), "", "/properties/n"),
    ("type that is none", JD, CREATE, put("/properties/n", {"type": "interger", "x-source": "console"}), "'interger' is not known. Did you mean 'integer'?", "/properties/n/type"),
    ("pattern that is no regex", JD, CREATE, put("/properties/n", {"pattern": "(", "x-source": "console"}), "", "/properties/n"),
    ("pattern that is a number", JD, CREATE, put("/properties/n", {"pattern": 1, "x-source": "console"}), "", "/properties/n"),
    ("properties that are a list", JD, CREATE, put("/properties", []), "", ""),
    ("x-at-least without other", JD, CREATE, put("/properties/n", {**NAMED, "x-at-least": {"member": "a"}}), "other", "/properties/n"),
    ("a list for a schema", JD, CREATE, text("[]"), "a schema is an object", ""),
    ("unknown keyword in $defs that nobody uses", JD, CREATE, put("/$defs/Nobody", {"minLenght": 1}), "minLength", "/$defs/Nobody"),
    ("x-at-least below a condition", JD, CREATE, put("/properties/n", {**NAMED, "anyOf": [{"x-at-least": {"member": "a", "other": "b"}}]}), "stands below no condition", "/properties/n/anyOf/0"),
    ("two rules of one id", JD, CREATE, put("/properties/n", {"minimum": 1, "allOf": [{"minimum": 5, "x-source": "console"}], "x-source": "console"}), "minimum", "/properties/n"),
)  # fmt: skip


@pytest.mark.parametrize("row", SLIPS_JSON)
def test_a_json_schema_that_cannot_be_honoured_is_refused_when_it_loads(row: Row, altered) -> None:
    error = refused(row, altered)
    assert error.pointer.startswith(row.pointer), str(error)
    assert row.said in error.problem, str(error)


SLIPS_XSD = rows(
    ("include in a circle", CI, COMMON, swap("<xs:complexType", '<xs:include schemaLocation="common.xsd"/><xs:complexType'), ""),
    ("include of nothing", CI, COMMON, swap("<xs:complexType", "<xs:include/><xs:complexType"), ""),
    ("type within itself", CI, COMMON, swap(OBJECT, f'<xs:element name="Input" type="Input" minOccurs="0">{APPINFO}</xs:element>{OBJECT}'), ""),
    ("element of no namespace", CI, COMMON, swap(OBJECT, f'<element name="Obj">{APPINFO}</element>{OBJECT}'), "element"),
    ("minOccurs that is no number", CI, COMMON, swap(OBJECT, OBJECT.replace("type=", 'minOccurs="x" type=')), ""),
    ("pattern that is no regex", CI, COMMON, swap("no|https?://\\S+", "("), ""),
    ("minInclusive that is no number", CI, AUDIO, swap('minInclusive value="8"', 'minInclusive value="eight"'), ""),
    ("assert that is no XPath", CI, SEPARATE, swap("TemplateId or VoiceSeparate\"", "TemplateId or\""), ""),
    ("second group in a type", CI, COMMON, swap("</xs:all>", "</xs:all><xs:all/>"), ""),
    ("type that stands twice", CI, COMMON, swap("<xs:complexType", '<xs:simpleType name="JobLevel"><xs:restriction base="xs:string"/></xs:simpleType><xs:complexType'), ""),
)  # fmt: skip


@pytest.mark.parametrize("row", SLIPS_XSD)
def test_an_xsd_that_cannot_be_honoured_is_refused_when_it_loads(row: Row, altered) -> None:
    assert row.said in refused(row, altered).problem


def test_a_module_whose_behaviours_have_no_verifier_is_refused(altered, monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("made_up_provider")
    module.behaviours = Behaviours()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "made_up_provider", module)
    folder = altered(JD, {"provider.json": put("/module", "made_up_provider")})
    with pytest.raises(ContractError, match="'made_up_provider' has no 'behaviours' with a verifier"):
        load(folder)


def test_a_request_schema_may_refer_to_a_response_schema_of_its_folder_and_load(altered) -> None:
    folder = altered(JD, {"responses/createThumbnailTask.schema.json": put("/properties/source", {"$ref": "../requests/createThumbnailTask.schema.json#/$defs/ThumbnailTaskSource", "x-source": "console"})})  # fmt: skip
    rules = load(folder).operations["createThumbnailTask"].response.rules
    assert "jdcloud.createThumbnailTask/response#/source/bucket:required" in rules


def test_a_copy_of_a_contract_in_another_place_loads(altered) -> None:
    assert load(altered(CI)).name == CI


@pytest.mark.parametrize("provider", sorted(folders.known()))
def test_every_own_provider_loads(provider: str) -> None:
    contract = load(folders.known()[provider])
    assert contract.name == provider
    assert contract.operations
    assert contract.routes


@pytest.mark.parametrize("provider", sorted(folders.known()))
def test_every_rule_of_every_own_contract_has_evidence_and_an_id_of_the_fixed_shape(provider: str) -> None:
    contract = load(folders.known()[provider])
    for operation in contract.operations.values():
        for side, schema in (("request", operation.request), ("response", operation.response)):
            for name, rule in (schema.rules if schema else {}).items():
                assert name == rule.id == f"{operation.id}/{side}#{rule.path}:{rule.constraint}"
                assert rule.evidence, name
                assert rule.reason, name


def test_a_second_load_gives_the_same_contract() -> None:
    folder = folders.known()[JD]
    assert load(folder) is load(folder)


def test_the_sketch_of_a_provider_json_that_is_not_json_is_a_contract_error(altered) -> None:
    folder = altered(JD, {"provider.json": text("{")})
    with pytest.raises(ContractError):
        sketch(folder)


def test_the_sketch_of_a_provider_json_without_hosts_is_a_contract_error(altered) -> None:
    folder = altered(JD, {"provider.json": drop("/hosts")})
    with pytest.raises(ContractError):
        sketch(folder)


def test_a_provider_of_another_package_is_known_by_its_entry_point(altered, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = altered(JD)

    class Point:
        name = "somebody"

        def load(self) -> str:
            return str(folder)

    monkeypatch.setattr(folders, "entry_points", lambda group: [Point()] if group == "mockcloud.providers" else [])
    folders.known.cache_clear()
    try:
        assert folders.known()["somebody"] == folder
        assert json.loads((folders.chosen(["somebody"])["somebody"] / "provider.json").read_text())["provider"] == JD
    finally:
        folders.known.cache_clear()
