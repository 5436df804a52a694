"""One provider at work: its settings and credentials."""

from __future__ import annotations

from typing import Any

import pytest
from test_loader import Editor

from mockcloud import Cloud, Credential, Request, UsageError
from mockcloud.contracts.loader import load
from mockcloud.errors import ContractError


def settings_of(provider: str, **given: Any) -> Any:
    return Cloud([provider], settings={provider: given})._service(provider).settings


@pytest.mark.parametrize(
    ("provider", "name", "given", "wanted"),
    [
        ("jdcloud", "result_shape", "flat", "flat"),
        ("jdcloud", "signature_window_seconds", "60", 60.0),
        ("jdcloud", "signature_window_seconds", 0, 0.0),
        ("jdcloud", "strict_nonce", "true", True),
        ("jdcloud", "strict_nonce", "False", False),
        ("jdcloud", "strict_nonce", True, True),
        ("tencent_ci", "default_bucket", "mine-1", "mine-1"),
        ("tencent_ci", "default_bucket", 5, "5"),
    ],
)
def test_a_setting_is_made_what_the_contract_says_it_is(provider: str, name: str, given: Any, wanted: Any) -> None:
    found = settings_of(provider, **{name: given})[name]
    assert (found, type(found)) == (wanted, type(wanted))


def test_settings_that_are_not_given_have_their_defaults() -> None:
    assert settings_of("jdcloud", strict_nonce=True)["result_shape"] == "both"


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("result_shap", "flat", "jdcloud has no setting 'result_shap'. Did you mean 'result_shape'?"),
        ("result_shape", "flt", "jdcloud.result_shape is one of both, flat, wrapped, found 'flt'"),
        ("signature_window_seconds", "soon", "jdcloud.signature_window_seconds is a number, found 'soon'"),
        ("signature_window_seconds", None, "is a number, found None"),
        ("strict_nonce", "yes", "jdcloud.strict_nonce is a boolean, found 'yes'"),
    ],
)
def test_a_setting_that_does_not_exist_or_fit_is_refused(name: str, given: Any, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        settings_of("jdcloud", **{name: given})
    assert said in str(caught.value)


def test_settings_of_a_provider_that_is_not_there_are_refused() -> None:
    with pytest.raises(UsageError, match="there is no provider 'jdclod' to have settings. Did you mean 'jdcloud'"):
        Cloud(settings={"jdclod": {}})


def test_credentials_of_a_provider_that_is_not_there_are_refused() -> None:
    with pytest.raises(UsageError, match="there is no provider 'jdclod' to have credentials. Did you mean 'jdcloud'"):
        Cloud(credentials={"jdclod": []})


def test_given_credentials_stand_in_place_of_the_well_known_which_the_others_keep() -> None:
    cloud = Cloud(credentials={"jdcloud": [Credential("a", "b"), Credential("c", "d")]})
    assert cloud.credentials("jdcloud") == Credential("a", "b")
    assert cloud.credentials("pontus") == Credential("mockcloud", "mockcloud-secret", "mockcloud")
    assert set(cloud._service("jdcloud").credentials) == {"a", "c"}


def test_no_credentials_given_are_the_well_known() -> None:
    assert Cloud(credentials={"jdcloud": []}).credentials("jdcloud").access_key == "mockcloud"
    assert Cloud(credentials={"jdcloud": iter([])}).credentials("jdcloud").access_key == "mockcloud"


def test_the_checks_stand_in_the_contracts_order() -> None:
    cloud = Cloud()
    services = [cloud._service(name) for name in ("jdcloud", "pontus", "tencent_ci", "ucloud")]
    assert [len(service.checks) for service in services] == [len(service.contract.order) for service in services] == [4, 4, 5, 5]


@pytest.mark.parametrize(("value", "status"), [(False, 200), (True, 400)])
def test_a_rule_need_not_be_kept_where_a_setting_says_so(altered, cloud_of_folder, value: bool, status: int) -> None:
    # The setting is false by default.
    folder = altered("jdcloud", {"errors.json": Editor.put("/rules/1/unless", {"setting": "strict_nonce", "is": value})})
    cloud = cloud_of_folder(folder)
    body = b'{"source": {"bucket": "b", "key": "k"}, "target": {"destBucket": "d", "widthInPixel": 5000}}'
    request = Request("POST", "/v1/regions/cn-north-1/thumbnail", "mps.jdcloud-api.com", (), body)
    assert cloud.handle(request).status == status
    last = cloud.journal.last
    let_pass = (
        "/target/widthInPixel 5000 is greater than 4096: jdcloud.createThumbnailTask/request#/target/widthInPixel:maximum [001_"
    )
    assert last.note.startswith(let_pass) == last.note.endswith(", which the setting strict_nonce lets pass") == (status == 200)


def test_a_rule_that_a_setting_passes_over_names_one_that_is_there(altered) -> None:
    folder = altered("jdcloud", {"errors.json": Editor.put("/rules/0/unless", {"setting": "strict_nonse", "is": True})})
    with pytest.raises(ContractError, match=r"'strict_nonse' is no setting\. Did you mean 'strict_nonce'\?"):
        load(folder)
