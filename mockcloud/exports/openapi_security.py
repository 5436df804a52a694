"""How a request is signed, as OpenAPI can say it: what a signed request has that an unsigned one has not.

Knows no scheme: the contract's own signer signs an empty request, and what it adds are the keys. Law: OpenAPI calls them
`apiKey`, which says where they stand; how they are made is the signer's, and `x-mockcloud-signature` says so.
"""

from __future__ import annotations

import re
import sys
from inspect import getdoc
from typing import NamedTuple
from urllib.parse import parse_qsl

from mockcloud.contracts.model import Contract
from mockcloud.messages import Credential, Json, Request
from mockcloud.pipeline.service import WELL_KNOWN


class Added(NamedTuple):
    """One thing that a signature adds to a request: where, and under which name."""

    where: str
    name: str

    @property
    def key(self) -> str:
        """Its name among the security schemes."""
        return re.sub(r"[^A-Za-z0-9._-]", "-", self.name)


def added(contract: Contract) -> list[Added]:
    """What a signature adds; nothing where the contract's module cannot sign."""
    sign = contract.behaviours.sign
    if sign is None:
        return []
    credential = Credential(WELL_KNOWN.access_key, WELL_KNOWN.secret_key, WELL_KNOWN.client_code)
    signed = sign(Request("GET", "/", contract.hosts[0].example), credential, 0.0)
    in_query = [Added("query", name) for name, _ in parse_qsl(signed.query, keep_blank_values=True)]
    return in_query + [Added("header", name) for name, _ in signed.headers]


def schemes(contract: Contract) -> Json:
    """The security schemes by their names; a request needs all of them together."""
    says = _says(contract)
    module = contract.behaviours.verify.__module__ if contract.behaviours.verify else ""
    return {
        one.key: {
            "type": "apiKey",
            "in": one.where,
            "name": one.name,
            "description": says,
            "x-mockcloud-signature": {"module": module, "says": says},
        }
        for one in added(contract)
    }


def _says(contract: Contract) -> str:
    """The first paragraph of what the module with the verifier says of itself."""
    verify = contract.behaviours.verify
    module = sys.modules.get(verify.__module__) if verify else None
    return " ".join((getdoc(module) or "").partition("\n\n")[0].split())
