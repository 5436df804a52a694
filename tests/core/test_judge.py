"""Recorded messages judged: the same verdict as the mock's own on every fixture, and a place for every finding."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cases import Case, all_cases, cloud_of, send

from mockcloud import Cloud, Request, Response, UsageError
from mockcloud.state.journal import Exchange
from mockcloud.traffic.judge import UNKNOWN, Judge
from mockcloud.traffic.recorded import Place, Recorded
from mockcloud.traffic.verdict import Finding, Outcome, Tally, Verdict

CASES = [case for case in all_cases() if not case.data.get("settings")]
STATELESS = {"missing-operation", "unknown-operation"}
PLACE = Place("recording", 1, 7)


def handled(case: Case) -> Exchange:
    cloud = cloud_of(case)
    cloud.report = lambda problem: None
    send(case, cloud, Cloud.handle)
    return cloud.journal.last


@pytest.fixture(scope="module")
def exchanges() -> list[tuple[Case, Exchange]]:
    return [(case, handled(case)) for case in CASES]


def judged(request: Request | None = None, response: Response | None = None, **options: Any) -> list[Verdict]:
    options, recorded = {k: v for k, v in options.items() if k in OPTIONS}, {k: v for k, v in options.items() if k not in OPTIONS}
    return list(Judge(**options).judge(Recorded(PLACE, request, response, **recorded)))


OPTIONS = {"operation", "side", "hosts", "settings", "strict", "skip_unknown", "folders"}


def body(text: str | bytes, **options: Any) -> Verdict:
    [verdict] = judged(body=text.encode() if isinstance(text, str) else text, **options)
    return verdict


def rules(verdict: Verdict) -> list[str]:
    return [finding.violation.rule for finding in verdict.findings]


def test_every_answer_of_the_mock_to_a_fixture_is_valid(exchanges: list[tuple[Case, Exchange]]) -> None:
    judge = Judge()
    for case, exchange in exchanges:
        for verdict in judge.judge(Recorded(PLACE, exchange.request, exchange.response)):
            assert verdict.side != "response" or verdict.outcome is Outcome.VALID, (case.id, verdict)


def test_every_request_that_the_mock_accepts_is_valid_and_of_the_operation_that_the_mock_told(
    exchanges: list[tuple[Case, Exchange]],
) -> None:
    judge = Judge()
    accepted = [(case, exchange) for case, exchange in exchanges if case.verdict == "accepted"]
    assert len(accepted) > 500
    for case, exchange in accepted:
        verdict = next(judge.judge(Recorded(PLACE, exchange.request)))
        assert (verdict.outcome, verdict.operation) == (Outcome.VALID, exchange.operation), (case.id, verdict)


def test_every_request_that_breaks_a_rule_is_found_to_break_it_with_the_code_that_the_mock_refuses_it_with(
    exchanges: list[tuple[Case, Exchange]],
) -> None:
    judge = Judge()
    refused = [(case, exchange) for case, exchange in exchanges if case.rule and exchange.violations]
    assert len(refused) > 800
    for case, exchange in refused:
        verdict = next(judge.judge(Recorded(PLACE, exchange.request)))
        found = {finding.violation.rule: finding for finding in verdict.findings}
        assert set(found) == {violation.rule for violation in exchange.violations}, case.id
        assert found[exchange.violations[0].rule].refusal == exchange.refusal, case.id
        assert {finding.violation.line for finding in verdict.findings} == {one.line for one in exchange.violations}, case.id
        assert all(finding.evidence for finding in verdict.findings), case.id


def test_what_names_no_documented_operation_is_not_judged_and_what_is_refused_before_its_rules_is_a_finding(
    exchanges: list[tuple[Case, Exchange]],
) -> None:
    judge, seen = Judge(), set()
    for case, exchange in exchanges:
        verdict = next(judge.judge(Recorded(PLACE, exchange.request)))
        if verdict.outcome is Outcome.UNJUDGED:
            assert exchange.operation == "", case.id
            assert verdict.reason, case.id
        for rule in rules(verdict):
            if "#" not in rule:
                provider, _, condition = rule.partition(":")
                assert (provider, condition in UNKNOWN, len(verdict.findings)) == (case.provider, False, 1), case.id
                seen.add(condition)
    assert {"malformed-body", "missing-body", "body-too-large", "unknown-method", "missing-operation"} <= seen


CREATE = Request(
    "POST",
    "/v1/regions/cn-north-1/thumbnail",
    "mps.jdcloud-api.com",
    (("Content-Type", "application/json"),),
    b'{"source": {"bucket": "b", "key": "k"},\n "target": {"destBucket": "d", "widthInPixel": 9999}}',
)
WIDTH = "jdcloud.createThumbnailTask/request#/target/widthInPixel:maximum"


def finding(verdict: Verdict) -> Finding:
    [found] = verdict.findings
    return found


def test_a_finding_tells_rule_document_code_and_the_line_and_columns_of_the_value() -> None:
    [verdict] = judged(CREATE, request_line=11)
    found = finding(verdict)
    assert (verdict.operation, verdict.side, verdict.outcome) == ("jdcloud.createThumbnailTask", "request", "violations")
    assert (found.violation.rule, found.refusal, found.violation.found) == (WIDTH, "INVALID_ARGUMENT", 9999)
    assert found.violation.document.startswith("001_")
    assert isinstance(found.violation.line, int)
    assert (found.line, found.column, found.end_column) == (12, 48, 52)
    assert found.excerpt is not None
    assert found.excerpt.text[found.excerpt.column :][: found.excerpt.width] == "9999"


def test_a_body_that_does_not_stand_in_the_file_as_it_is_has_the_line_of_the_message_and_no_column() -> None:
    found = finding(judged(CREATE)[0])
    assert (found.line, found.column, found.end_column) == (7, None, None)
    assert found.excerpt is not None


UCLOUD = "Action=CreateFunctionTemplate&Region=cn-bj2&Zone=cn-bj2-02&ProjectName=Demo&Function=VideoTranscode"


def test_an_argument_of_the_query_is_shown_in_the_target() -> None:
    request = Request("GET", "/v1/transcodeJobs?pageSize=9999", "mps.jdcloud-api.com")
    found = finding(judged(request)[0])
    assert found.excerpt is not None
    assert found.excerpt.text == "GET /v1/transcodeJobs?pageSize=9999"
    assert found.excerpt.text[found.excerpt.column :] == "9999"


def test_an_argument_of_the_path_is_shown_in_the_target() -> None:
    request = Request("GET", "/api/v1/task/transcoding/!!", "api.pontus.example")
    [verdict] = judged(request, hosts={"api.pontus.example": "pontus"})
    assert verdict.operation == "pontus.getTranscodingTask"
    for found in verdict.findings:
        assert found.excerpt is None or found.excerpt.text.startswith("GET /api")


def test_a_host_that_is_no_vendors_is_passed_over_and_one_that_stands_for_a_provider_is_not() -> None:
    strange = Request(CREATE.method, CREATE.target, "shop.example:8443", CREATE.headers, CREATE.body)
    [verdict] = judged(strange)
    assert (verdict.outcome, "shop.example" in verdict.reason) == (Outcome.PASSED_OVER, True)
    assert rules(judged(strange, hosts={"shop.example": "jdcloud"})[0]) == [WIDTH]


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:80", ""])
def test_on_this_machine_and_without_a_host_the_path_tells_the_provider(host: str) -> None:
    assert rules(judged(Request(CREATE.method, CREATE.target, host, CREATE.headers, CREATE.body))[0]) == [WIDTH]


def test_a_path_of_nobody_on_this_machine_is_passed_over() -> None:
    assert judged(Request("GET", "/static/app.js", "localhost"))[0].outcome is Outcome.PASSED_OVER
    assert judged(Request("GET", "/static/app.js", ""))[0].reason == "no vendor has such a path, and no host is named"


def test_the_provider_that_a_recording_names_holds_where_the_host_is_nobodys() -> None:
    strange = Request(CREATE.method, CREATE.target, "gateway.example", CREATE.headers, CREATE.body)
    [verdict] = list(Judge().judge(Recorded(PLACE, strange, operation="jdcloud.createThumbnailTask")))
    assert rules(verdict) == [WIDTH]


def test_an_undocumented_operation_is_not_judged_or_passed_over_where_that_is_asked_for() -> None:
    request = Request("GET", "/?Action=DescribeUHostInstance&Region=cn-bj2", "api.ucloud.cn")
    [verdict] = judged(request, Response(200, (), b"{}"))
    assert (verdict.outcome, verdict.side) == (Outcome.UNJUDGED, "request")
    assert "DescribeUHostInstance" in verdict.reason
    assert judged(request, skip_unknown=True)[0].outcome is Outcome.PASSED_OVER


def test_signatures_are_not_asked_for_and_with_strict_off_neither_are_their_parameters() -> None:
    request = Request("GET", "/?Action=GetRegion", "api.ucloud.cn")
    assert rules(judged(request)[0]) == [
        "ucloud.GetRegion/request#/PublicKey:required",
        "ucloud.GetRegion/request#/Signature:required",
    ]
    assert judged(request, strict=False)[0].outcome is Outcome.VALID


def test_a_rule_that_a_setting_lets_pass_is_told_of_a_valid_request() -> None:
    query = "Action=CreateMediaTask&Region=cn-bj2&Zone=cn-bj2-02&StorageBackend=UFile&Bucket=b&SrcKey=s&DstKey=d&Function=VideoTranscode"
    request = Request("GET", f"/?{query}&FunctionParamTemplateId=preset-transcode-h264-mp4", "api.ucloud.cn")
    assert judged(request, strict=False)[0].outcome is Outcome.VIOLATIONS
    [verdict] = judged(request, strict=False, settings={"ucloud": {"storage_backend": "any"}})
    assert verdict.outcome is Outcome.VALID
    assert "storage_backend" in verdict.reason


def test_one_side_alone_is_judged_where_that_is_asked_for() -> None:
    answer = Response(200, (), b"{}")
    assert [one.side for one in judged(CREATE, answer)] == ["request", "response"]
    assert [one.side for one in judged(CREATE, answer, side="request")] == ["request"]
    assert [one.side for one in judged(CREATE, answer, side="response")] == ["response"]


def test_an_operation_that_is_named_holds_whatever_the_path_says() -> None:
    request = Request("POST", "/elsewhere", "gateway.example", (), CREATE.body)
    [verdict] = judged(request, operation="jdcloud.createThumbnailTask")
    assert rules(verdict) == [WIDTH]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"operation": "jdcloud.createThumbnail"}, "Did you mean 'jdcloud.createThumbnailTask'"),
        ({"operation": "jdclod.createThumbnailTask"}, "Did you mean 'jdcloud'"),
        ({"side": "answer"}, "'request' or 'response'"),
        ({"hosts": {"h": "jdclod"}}, "Did you mean 'jdcloud'"),
        ({"settings": {"jdclod": {}}}, "Did you mean 'jdcloud'"),
    ],
)
def test_what_does_not_exist_is_refused_with_the_nearest_that_does(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        Judge(**options)


def test_a_request_without_the_length_that_a_recorder_leaves_out_lacks_nothing_but_one_in_chunks_does() -> None:
    text = b"<Request><Tag>MediaInfo</Tag><Input><Object>in/clip.mp4</Object></Input></Request>"
    host = "test-1250000000.ci.ap-chongqing.myqcloud.com"
    assert judged(Request("POST", "/jobs", host, (), text))[0].outcome is Outcome.VALID
    [verdict] = judged(Request("POST", "/jobs", host, (("Transfer-Encoding", "chunked"),), text))
    assert rules(verdict) == ["tencent_ci:missing-content-length"]


def test_a_side_whose_body_was_not_recorded_is_not_judged_and_the_other_is() -> None:
    first, second = judged(CREATE, Response(200, (), b""), request_problem="no body", response_problem="cut")
    assert (first.outcome, first.reason) == (Outcome.UNJUDGED, "no body")
    assert (second.outcome, second.reason) == (Outcome.UNJUDGED, "cut")


def test_what_could_not_be_read_is_not_judged_with_the_problem_for_its_reason() -> None:
    [verdict] = judged(problem="is cut off")
    assert (verdict.outcome, verdict.reason) == (Outcome.UNJUDGED, "is cut off")


def test_a_recording_that_holds_nothing_is_not_judged() -> None:
    [verdict] = judged()
    assert verdict.outcome is Outcome.UNJUDGED


def test_parameters_that_are_sent_as_json_are_shown_in_the_body() -> None:
    sent = b'{"Action": "CreateMediaTask", "Region": "cn-bj2",\n "Function": "Nothing"}'
    headers = (("Content-Type", "application/json"),)
    verdict = judged(Request("POST", "/", "api.ucloud.cn", headers, sent), strict=False, request_line=3)[0]
    assert [(one.line, one.column) for one in verdict.findings if one.violation.where == "/Function"] == [(4, 14)]


# Answers -------------------------------------------------------------------------------------------------------------


def answer(status: int, text: str, request: Request = CREATE, **options: Any) -> Verdict:
    return judged(request, Response(status, (), text.encode()), side="response", **options)[0]


def test_an_answer_that_breaks_a_rule_has_a_finding_without_a_code() -> None:
    found = finding(answer(200, '{"requestId": "0hybpz4017bcfwfl2kdeuddxdw3p0kjv", "result": {"taskID": 5}}', response_line=20))
    assert (found.violation.rule, found.refusal) == ("jdcloud.createThumbnailTask/response#/result/taskID:type", "")
    assert (found.line, found.column) == (20, 72)


def test_an_empty_answer_lacks_everything() -> None:
    assert rules(answer(200, "")) == [
        "jdcloud.createThumbnailTask/response#/requestId:required",
        "jdcloud.createThumbnailTask/response#/result:required",
    ]


@pytest.mark.parametrize("status", [200, 502])
def test_an_empty_answer_in_the_place_of_xml_has_not_even_a_root_to_judge(status: int) -> None:
    verdict = answer(status, "", Request("GET", "/jobs?tag=MediaInfo", "bucket-1250000000.ci.ap-chongqing.myqcloud.com"))
    assert (verdict.outcome, verdict.operation) == (Outcome.UNJUDGED, "tencent_ci.DescribeMediaJobs")
    assert verdict.reason.startswith("the answer is not the XML that the vendor answers: not well-formed: no element found")


def test_an_empty_answer_is_valid_where_the_operation_answers_nothing() -> None:
    request = Request("DELETE", "/api/v1/profile/mine", "127.0.0.1")
    assert answer(200, "", request).outcome is Outcome.VALID
    verdict = answer(200, "{}", request)
    assert (verdict.outcome, "nothing describes" in verdict.reason) == (Outcome.UNJUDGED, True)


def test_a_refusal_is_judged_by_the_vendors_envelope() -> None:
    assert rules(answer(400, '{"requestId": "0hybpz4017bcfwfl2kdeuddxdw3p0kjv"}')) == ["jdcloud.refusal/response#/error:required"]


def test_where_refusals_come_with_200_the_nearer_envelope_decides() -> None:
    request = Request("GET", "/?Action=GetRegion&PublicKey=p&Signature=s", "api.ucloud.cn")
    assert answer(200, '{"RetCode": 230, "Action": "GetRegionResponse", "Message": "no"}', request).outcome is Outcome.VALID
    assert rules(answer(200, '{"RetCode": 230, "Action": "GetRegionResponse"}', request)) == [
        "ucloud.GetRegion/response#:message-on-failure"
    ]
    assert rules(answer(200, '{"RetCode": 0, "Action": "GetRegionResponse"}', request)) == [
        "ucloud.GetRegion/response#:regions-on-success"
    ]


def test_an_answer_to_a_request_that_was_refused_before_its_operation_was_known_may_be_a_refusal() -> None:
    request = Request("GET", "/?Region=cn-bj2", "api.ucloud.cn")
    assert answer(200, '{"RetCode": 160, "Action": "Response", "Message": "Missing Action"}', request).outcome is Outcome.VALID


@pytest.mark.parametrize("text", ["<html>502</html>", "[1]", '{"a": 1', "\x00"])
def test_an_answer_in_another_language_is_not_judged(text: str) -> None:
    verdict = answer(502, text)
    assert (verdict.outcome, "not the JSON" in verdict.reason) == (Outcome.UNJUDGED, True)


def test_an_answer_with_another_root_is_not_judged() -> None:
    request = Request("GET", "/queue", "test-1250000000.ci.ap-chongqing.myqcloud.com")
    verdict = answer(200, "<Html/>", request)
    assert (verdict.outcome, verdict.reason) == (Outcome.UNJUDGED, "the answer's root element is Html, not Response")


def test_a_null_in_an_answer_is_a_value_and_in_a_request_nothing() -> None:
    assert rules(answer(200, '{"requestId": null, "result": {"taskID": "100000000001-1767225600000-0000-4A45E9E282D4"}}')) == [
        "jdcloud.createThumbnailTask/response#/requestId:type"
    ]
    sent = json.dumps({"source": {"bucket": "b", "key": "k"}, "target": {"destBucket": "d", "widthInPixel": None}})
    assert body(sent).outcome is Outcome.VALID


# Bodies that stand alone ---------------------------------------------------------------------------------------------


def test_a_json_body_is_told_by_its_members_and_members_of_the_path_are_not_missed() -> None:
    verdict = body(CREATE.body)
    assert (verdict.operation, verdict.side, rules(verdict)) == ("jdcloud.createThumbnailTask", "request", [WIDTH])
    assert (finding(verdict).line, finding(verdict).column) == (8, 48)


def test_an_xml_body_is_told_by_its_root_and_tag() -> None:
    verdict = body("<Request>\n<Tag>VoiceSeparate</Tag><Input><Object>a.mp3</Object></Input></Request>")
    assert verdict.operation == "tencent_ci.CreateMediaJobs.VoiceSeparate"
    assert "tencent_ci.CreateMediaJobs.VoiceSeparate/request#/Operation:required" in rules(verdict)
    assert body("<Error><Code>A</Code></Error>").operation == "tencent_ci.refusal"


def test_a_form_is_told_by_its_action() -> None:
    verdict = body(UCLOUD, strict=False)
    assert verdict.operation == "ucloud.CreateFunctionTemplate"
    assert "ucloud.CreateFunctionTemplate/request#/TemplateName:required" in rules(verdict)


def test_parameters_in_json_are_told_as_well() -> None:
    assert body('{"Action": "GetRegion"}', strict=False).operation == "ucloud.GetRegion"


def test_a_body_of_several_operations_is_judged_where_they_agree() -> None:
    done = '{"requestId": "0hybpz4017bcfwfl2kdeuddxdw3p0kjv"}'
    verdict = body(done, side="response")
    assert (verdict.outcome, verdict.operation) == (Outcome.VALID, "")
    assert "jdcloud.setNotification" in verdict.reason
    wrong = '{"title": "every scene", "frameType": "other", "format": "jpg"}'
    verdict = body(wrong, side="request")
    assert (verdict.outcome, verdict.operation) == (Outcome.VIOLATIONS, "")
    assert rules(verdict) == ["jdcloud.createSnapshotTemplate/request#/frameType:enum"]


def test_a_body_of_several_operations_that_disagree_is_not_judged_until_one_is_named() -> None:
    verdict = body('{"create_time": "2025-12-31T23:59:59.000000Z"}')
    assert (verdict.outcome, verdict.operation) == (Outcome.UNJUDGED, "")
    assert verdict.reason == "it may be of pontus.getProfile, pontus.createChannel; say which: --operation"


def test_a_callback_is_told_as_one() -> None:
    for case in all_cases("answers"):
        if case.data.get("side") == "callback" and isinstance(case.data["body"], str):
            verdict = body(case.data["body"])
            assert verdict.outcome is Outcome.VALID, verdict
            return
    pytest.fail("no fixture is a callback")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", "it is empty"),
        (b"\xff\xfe", "neither JSON nor XML nor a form"),
        ("hello world", "neither JSON nor XML nor a form"),
        ("[1, 2]", "a JSON object is wanted, found list"),
        ("{", "not readable"),
        ("<a", "not readable"),
        ('{"some": "thing"}', "no operation has such a body; say which it is of: --operation"),
        ("some=thing", "no operation has such a body"),
        ("<Some/>", "no operation has such a body"),
    ],
)
def test_a_body_that_is_nobodys_is_not_judged(text: str | bytes, problem: str) -> None:
    verdict = body(text)
    assert (verdict.outcome, problem in verdict.reason) == (Outcome.UNJUDGED, True), verdict


def test_a_body_of_a_named_operation_is_judged_however_little_it_is_like_one() -> None:
    verdict = body('{"some": "thing"}', operation="jdcloud.createThumbnailTask", side="request")
    assert rules(verdict) == [
        "jdcloud.createThumbnailTask/request#/source:required",
        "jdcloud.createThumbnailTask/request#/target:required",
    ]
    other = body("<Some/>", operation="tencent_ci.CreateMediaJobs.MediaInfo")
    assert "as tencent_ci.CreateMediaJobs.MediaInfo" in other.reason


def test_an_answer_without_its_request_is_told_by_its_body() -> None:
    [verdict] = judged(None, Response(400, (), b'{"requestId": "0hybpz4017bcfwfl2kdeuddxdw3p0kjv", "error": {"code": 400}}'))
    assert (verdict.side, verdict.operation) == ("response", "jdcloud.refusal")
    [verdict] = judged(None, Response(200, (), b""), response_problem="cut")
    assert (verdict.outcome, verdict.reason) == (Outcome.UNJUDGED, "cut")


# Tally ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        (["valid"], 0),
        (["valid", "passed-over"], 0),
        (["passed-over"], 2),
        ([], 2),
        (["valid", "unjudged"], 2),
        (["unjudged", "violations", "valid"], 1),
    ],
)
def test_the_status_is_0_only_where_something_was_judged_and_all_of_it_is_valid(outcomes: list[str], status: int) -> None:
    tally = Tally()
    for outcome in outcomes:
        tally.count(Verdict(PLACE, Outcome(outcome)))
    assert tally.status == status


def test_the_elements_of_lists_are_known_too() -> None:
    listed = '{"requestId": "0hybpz4017bcfwfl2kdeuddxdw3p0kjv", "error": {"code": 400, "status": "A", "message": "b", "details": [{"field": "a"}], "odd": [1]}}'
    assert body(listed).operation == "jdcloud.refusal"
    listing = '{"requestId": "0hybpz4017bcfwfl2kdeuddxdw3p0kjv", "result": {"taskList": [5, {"taskID": "x"}]}}'
    assert body(listing).operation == "jdcloud.listThumbnailTask"


def test_a_place_is_shown_as_file_and_line() -> None:
    assert str(Place("a.har", 3, 12)) == "a.har:12"


def test_in_a_message_of_more_than_a_million_characters_nothing_is_looked_for() -> None:
    verdict = body('{"source": {"bucket": "b", "key": 5}, "target": {"destBucket": "' + "d" * 1_000_001 + '"}}')
    assert {(one.line, one.column, one.excerpt) for one in verdict.findings} == {(7, None, None)}
