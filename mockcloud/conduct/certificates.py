"""Certificates, read once: a client library reads them for each client that is made, and a test makes hundreds.

Law: nothing that is tried here ever speaks TLS, so one context may serve every client of every test.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from unittest import mock

_MADE: Final[dict[str, ssl.SSLContext]] = {}
"""By what they were asked for with."""


@contextmanager
def read_once() -> Iterator[None]:
    """While open, equal calls of `ssl.create_default_context` give the same context."""
    create, is_open = ssl.create_default_context, True

    def remembered(*given: Any, **named: Any) -> ssl.SSLContext:
        if not is_open:
            # Who was imported meanwhile may have it by name.
            return create(*given, **named)
        key = repr((given, named))
        if key not in _MADE:
            _MADE[key] = create(*given, **named)
        return _MADE[key]

    try:
        with mock.patch.object(ssl, "create_default_context", remembered):
            yield
    finally:
        is_open = False
