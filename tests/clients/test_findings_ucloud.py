"""What `ucloud-sdk-python3` does wrong and no contract asks for. Each test fails once a release puts it right."""

from __future__ import annotations

import pytest
import responses
from ucloud.core import exc

from mockcloud import Cloud

from .ucloud_sdk import UdiTasks

PLACE = {"Region": "cn-bj2", "Zone": "cn-bj2-02"}


@pytest.fixture
def tasks() -> UdiTasks:
    return UdiTasks("mockcloud", "mockcloud-secret")


@responses.activate
def test_it_takes_an_answer_without_RetCode_for_the_error_0(tasks: UdiTasks) -> None:
    responses.post("https://api.ucloud.cn/", json={"Tasks": []})
    with pytest.raises(exc.RetCodeException) as raised:
        tasks.sdk.udi().describe_media_task(PLACE)
    assert raised.value.code == 0


def test_it_writes_into_the_arguments_of_its_caller(tasks: UdiTasks) -> None:
    given = dict(PLACE)
    with Cloud().intercept():
        tasks.sdk.invoke("DescribeMediaTask", given)
    assert given == {**PLACE, "Action": "DescribeMediaTask"}
