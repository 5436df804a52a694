"""Signs what Schemathesis sends, byte for byte, with the signer of the provider's own contract.

Schemathesis loads this module (SCHEMATHESIS_HOOKS) in an environment of its own. MOCKCLOUD_PROVIDER names the provider.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import requests
import schemathesis
from requests.auth import AuthBase
from schemathesis.core.parameters import ParameterLocation

from mockcloud.contracts import folders
from mockcloud.contracts.loader import load
from mockcloud.messages import Credential, Request
from mockcloud.state.clock import opened_clock

SIGN = load(folders.known()[os.environ["MOCKCLOUD_PROVIDER"]]).behaviours.sign
CLOCK = opened_clock("real")
CREDENTIAL = Credential("mockcloud", "mockcloud-secret", "mockcloud")


class Signed(AuthBase):
    """The credentials that every fresh mock knows."""

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        url = urlsplit(prepared.url or "")
        body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body or b""
        headers = tuple((str(name), str(value)) for name, value in prepared.headers.items())
        assert SIGN is not None
        signed = SIGN(Request(prepared.method or "GET", prepared.path_url, url.netloc, headers, body), CREDENTIAL, CLOCK.now())
        prepared.url = f"{url.scheme}://{url.netloc}{signed.target}"
        prepared.headers.clear()
        prepared.headers.update(signed.headers)
        if signed.body != body:
            prepared.prepare_body(signed.body, None)
        return prepared


@schemathesis.auth()
class Signatures:
    """Signs every case but those whose headers are wrong on purpose: the documents know no headers but the signature's."""

    def get(self, case: schemathesis.Case, context: schemathesis.AuthContext) -> Signed:
        return Signed()

    def set(self, case: schemathesis.Case, data: Signed, context: schemathesis.AuthContext) -> None:
        if case.meta is None or not case.meta.is_negative_at(ParameterLocation.HEADER):
            case._auth = data
