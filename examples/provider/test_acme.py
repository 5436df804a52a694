import httpx
import pytest

JOBS = "https://transcode.acme-cloud.example/transcode/v2/jobs"


@pytest.mark.mockcloud(auth="off")
def test_a_job_is_done_after_five_seconds(mockcloud):
    made = httpx.post(JOBS, json={"input": "https://media.example/in.mov"}).json()
    mockcloud.clock.advance("5s")
    assert httpx.get(f"{JOBS}/{made['jobId']}").json()["status"] == "done"


@pytest.mark.mockcloud(auth="off")
def test_an_input_that_cannot_be_read_fails_the_job(mockcloud):
    mockcloud.fail_next("acme_transcode.CreateJob", code="InputUnreadable")
    made = httpx.post(JOBS, json={"input": "https://media.example/in.mov"}).json()
    mockcloud.clock.advance("5s")
    assert httpx.get(f"{JOBS}/{made['jobId']}").json()["error"]["code"] == "InputUnreadable"


def test_a_request_that_is_not_signed_is_refused(mockcloud):
    answer = httpx.get(JOBS)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "Unauthorized")
