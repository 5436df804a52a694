import httpx
import pytest


@pytest.mark.mockcloud(auth="off")  # this sketch of a client signs nothing; your real one does
def test_a_thumbnail_task_ends_with_success(mockcloud):
    url = "https://mps.jdcloud-api.com/v1/regions/cn-north-1/thumbnail"
    made = httpx.post(url, json={"source": {"bucket": "b", "key": "in.mp4"}, "target": {"destBucket": "d"}})
    mockcloud.clock.advance("10s")  # virtual: nobody waits
    seen = httpx.get(f"{url}/{made.json()['result']['taskID']}").json()["result"]
    assert seen["status"] == "SUCCESS"
    assert mockcloud.journal.last.operation == "jdcloud.getThumbnailTask"
