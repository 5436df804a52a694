"""What `cos-python-sdk-v5` does wrong and no contract asks for. Each test fails once a release puts it right."""

from __future__ import annotations

from typing import Any

import pytest
import responses

from mockcloud import Cloud

from .tencent_cos import CosJobs
from .tencent_messages import BUCKET, REGION

JOBS = f"https://{BUCKET}.ci.{REGION}.myqcloud.com/jobs/j1"


@pytest.fixture
def cloud() -> Any:
    cloud = Cloud()
    with cloud.intercept():
        yield cloud


@pytest.fixture
def jobs() -> CosJobs:
    return CosJobs("mockcloud", "mockcloud-secret", BUCKET, REGION)


@pytest.mark.parametrize(
    ("given", "arrived"),
    [("a\rb", b"<Object>a\rb</Object>"), ("a\r\nb", b"<Object>a\r\nb</Object>")],
    ids=["alone", "with a line feed"],
)
def test_it_writes_a_carriage_return_bare_so_that_it_is_read_as_a_line_feed(
    cloud: Cloud, jobs: CosJobs, given: str, arrived: bytes
) -> None:
    answer = jobs.create({"Tag": "MediaInfo", "Input": {"Object": given}})
    assert arrived in cloud.journal.last.request.body
    assert answer["JobsDetail"][0]["Input"]["Object"] == "a\nb"


def test_it_cuts_out_of_an_answers_texts_what_looks_like_a_namespace(cloud: Cloud, jobs: CosJobs) -> None:
    said = "see {http://doc.s3.amazonaws.com/2006-03-01} there"
    answer = jobs.create({"Tag": "MediaInfo", "Input": {"Object": "in/clip.mp4"}, "Operation": {"UserData": said}})
    assert said.encode() in cloud.journal.last.response.body
    assert answer["JobsDetail"][0]["Operation"]["UserData"] == "see  there"


@responses.activate
def test_it_makes_an_object_of_a_text_that_has_an_attribute(jobs: CosJobs) -> None:
    responses.get(JOBS, '<Response><JobsDetail><JobId new="x">j1</JobId></JobsDetail></Response>')
    assert jobs.get("j1")["JobsDetail"][0]["JobId"] == {"new": "x", "JobId": "j1"}


@responses.activate
def test_it_gives_one_unknown_id_as_text_and_two_as_a_list(jobs: CosJobs) -> None:
    responses.get(JOBS, "<Response><NonExistJobIds>j1</NonExistJobIds></Response>")
    assert jobs.get("j1") == {"NonExistJobIds": "j1"}
    responses.replace("GET", JOBS, "<Response><NonExistJobIds>j1</NonExistJobIds><NonExistJobIds>j2</NonExistJobIds></Response>")
    assert jobs.get("j1") == {"NonExistJobIds": ["j1", "j2"]}


@responses.activate
def test_it_returns_a_member_that_is_not_there_for_an_answer_without_any(jobs: CosJobs) -> None:
    responses.get(JOBS, "<Response/>")
    assert jobs.get("j1") == {"Response": None}


@pytest.mark.parametrize("name", ["workflowId", "inventoryTriggerJobId", "inputObject"])
def test_it_takes_no_documented_filter_of_a_list_beside_those_of_its_own(jobs: CosJobs, name: str) -> None:
    from qcloud_cos import CosClientError

    with pytest.raises(CosClientError, match=f"No Parameter Named {name}"):
        jobs.sdk.ci_list_media_jobs(BUCKET, "MediaInfo", **{name: "x"})
