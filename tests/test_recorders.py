"""Recorders at work: what they record of the mock is what the mock's own journal says.

They are of the extra [dev]; where one is not installed its tests are skipped, and the recordings in `fixtures/` are still read.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from mockcloud import Cloud, Request
from mockcloud.traffic.readers import read
from mockcloud.traffic.recorded import Recorded
from mockcloud.traffic.sources import sources

BODY = '{"source": {"bucket": "b", "key": "视频.mp4"}, "target": {"destBucket": "d"}}'.encode()
HEADERS = {"Content-Type": "application/json", "Host": "mps.jdcloud-api.com"}
TARGET = "/v1/regions/cn-north-1/thumbnail?note=a%2Fb"


def exchanged(found: list[Recorded], cloud: Cloud) -> None:
    """Each record is the exchange of the cloud's journal, headers of the connection aside."""
    assert len(found) == len(cloud.journal)
    for record, exchange in zip(found, cloud.journal, strict=True):
        assert not record.problem + record.request_problem + record.response_problem
        assert record.request is not None
        asked = exchange.request
        assert (record.request.method, record.request.target, record.request.body) == (asked.method, asked.target, asked.body)
        assert record.request.header("content-type") == asked.header("content-type")
        assert record.response is not None
        assert (record.response.status, record.response.body) == (exchange.response.status, exchange.response.body)


def ask(cloud: Cloud, url: str) -> None:
    import requests

    with requests.Session() as session:
        session.trust_env = False
        session.post(url + TARGET, data=BODY, headers=HEADERS, timeout=10)
        session.post(url + "/jobs", data=b"<Request/>", headers={"Content-Type": "application/xml"}, timeout=10)
        session.get(url + "/?Action=GetProjectList&PublicKey=%20", timeout=10)
    assert len(cloud.journal) == 3


@pytest.mark.parametrize("serializer", ["yaml", "json"])
def test_what_vcrpy_records_is_what_the_journal_says(tmp_path: Path, serializer: str) -> None:
    vcr = pytest.importorskip("vcr", reason="vcrpy is of the extra [dev]")
    cloud, path = Cloud(auth="off"), tmp_path / f"cassette.{serializer}"
    with cloud.serve() as server, vcr.use_cassette(str(path), serializer=serializer, record_mode="all"):
        ask(cloud, server.url)
    exchanged([record for source in sources([str(path)]) for record in read(source)], cloud)


def test_what_the_journal_saves_is_what_the_journal_says(tmp_path: Path) -> None:
    cloud = Cloud(auth="off")
    cloud.report = str
    cloud.handle(Request("POST", TARGET, HEADERS["Host"], tuple(HEADERS.items()), BODY))
    cloud.handle(Request("POST", "/jobs", "127.0.0.1", (("Content-Type", "application/xml"),), b"\xff"))
    cloud.journal.save(tmp_path / "journal.jsonl")
    found = [record for source in sources([str(tmp_path)]) for record in read(source)]
    exchanged(found, cloud)
    assert [(record.request, record.operation) for record in found] == [(one.request, one.operation) for one in cloud.journal]
