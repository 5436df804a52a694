"""Findings in `jdcloud_sdk` that no contract asks for: answers that no document has, and what a search becomes."""

from __future__ import annotations

from typing import Any

import pytest
import responses

from mockcloud import Cloud

from .jdcloud_editions import OLD, edition

BESIDE = pytest.mark.skipif(not OLD.is_dir(), reason="jdcloud_sdk 1.6.51 is not installed beside the current one")
EDITIONS = [None, pytest.param(OLD, marks=BESIDE)]
URL = "https://mps.jdcloud-api.com/v1/regions/cn-north-1/notification"
REFUSED = {"error": {"code": 403, "status": "HTTP_FORBIDDEN", "message": "api is disabled"}}


def sent(home: Any, operation: str, *given: Any, **values: Any) -> Any:
    """What the SDK makes of the answer to a request."""
    sdk = edition(home)
    said = getattr(sdk, f"{operation}Parameters")(*given)
    vars(said).update(values)
    client = sdk.MpsClient(sdk.Credential("mockcloud", "mockcloud-secret"), logger=sdk.Logger(0))
    return client.send(getattr(sdk, f"{operation}Request")(said))


@pytest.mark.parametrize("home", EDITIONS)
def test_an_error_without_a_request_id_is_neither_raised_nor_told(home: Any) -> None:
    with responses.RequestsMock() as stubs:
        stubs.put(URL, json=REFUSED, status=403)
        answer = sent(home, "SetNotification", "cn-north-1", False)
    assert (answer.error, answer.result, answer.request_id) == (None, None, None)


@pytest.mark.parametrize("home", EDITIONS)
def test_the_same_error_with_a_request_id_is_told(home: Any) -> None:
    with responses.RequestsMock() as stubs:
        stubs.put(URL, json={"requestId": "x", **REFUSED}, status=403)
        assert sent(home, "SetNotification", "cn-north-1", False).error.status == "HTTP_FORBIDDEN"


@pytest.mark.parametrize("home", EDITIONS)
def test_an_empty_refusal_with_a_request_id_is_a_success(home: Any) -> None:
    with responses.RequestsMock() as stubs:
        stubs.put(URL, body=b"", status=503, headers={"x-jdcloud-request-id": "x", "Content-Length": "0"})
        answer = sent(home, "SetNotification", "cn-north-1", False)
    assert (answer.error, answer.request_id) == (None, "x")


@pytest.mark.parametrize("home", EDITIONS)
def test_a_search_for_tom_and_jerry_is_one_for_tom(home: Any) -> None:
    cloud = Cloud(["jdcloud"], auth="off")
    with cloud.intercept():
        sent(home, "ListTranscodeJobs", filters=[{"name": "title", "values": ["Tom & Jerry"]}])
    assert cloud.journal.last.request.query == "filters.1.name=title&filters.1.values.1=Tom%20&%20Jerry"
