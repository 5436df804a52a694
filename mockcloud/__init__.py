"""mockcloud: media-processing clouds to test clients against, made from the vendors' documents.

    from mockcloud import Cloud

    with Cloud().intercept():        # httpx and requests, for the vendors' hosts only
        ...                          # your client, or the vendor's own SDK

* `Cloud` answers requests: `handle`, `intercept`, `serve`, `wsgi_app`; it holds `clock`, `journal`, `tasks`, `fail_next`.
* `ClientContract` holds the ready-made tests of a client: subclass it.
* `validate` judges one request against one operation, without a cloud.
* `Request`, `Response`, `Credential` are what it speaks in; `VirtualClock`, `RealClock` are its clocks.
* `MockcloudError` is the root of what it raises at you.

Start reading at `mockcloud/cloud.py`. The contracts are data, in `schemas/`; `docs/contract-format.md` explains them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockcloud.client_contract import ClientContract as ClientContract
    from mockcloud.cloud import Cloud as Cloud
    from mockcloud.errors import ContractError as ContractError
    from mockcloud.errors import EndlessWait as EndlessWait
    from mockcloud.errors import MissingExtra as MissingExtra
    from mockcloud.errors import MockcloudError as MockcloudError
    from mockcloud.errors import UnknownHost as UnknownHost
    from mockcloud.errors import UnmatchedRequest as UnmatchedRequest
    from mockcloud.errors import UsageError as UsageError
    from mockcloud.messages import Credential as Credential
    from mockcloud.messages import Request as Request
    from mockcloud.messages import Response as Response
    from mockcloud.messages import TransportFault as TransportFault
    from mockcloud.state.clock import RealClock as RealClock
    from mockcloud.state.clock import VirtualClock as VirtualClock
    from mockcloud.validation import validate as validate

__version__ = "0.1.0"

_HOMES = {
    "ClientContract": "client_contract",
    "Cloud": "cloud",
    "ContractError": "errors",
    "Credential": "messages",
    "EndlessWait": "errors",
    "MissingExtra": "errors",
    "MockcloudError": "errors",
    "RealClock": "state.clock",
    "Request": "messages",
    "Response": "messages",
    "TransportFault": "messages",
    "UnknownHost": "errors",
    "UnmatchedRequest": "errors",
    "UsageError": "errors",
    "VirtualClock": "state.clock",
    "validate": "validation",
}

__all__ = ["__version__", *_HOMES]  # noqa: PLE0604  # names of a lazy table


def __getattr__(name: str) -> object:
    # Loaded on first touch (PEP 562): pytest imports this package with the plugin, in every run of every user.
    if name not in _HOMES:
        raise AttributeError(f"module 'mockcloud' has no attribute '{name}'")
    return getattr(import_module(f"mockcloud.{_HOMES[name]}"), name)
