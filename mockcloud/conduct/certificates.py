"""Certificates, read once: a client library reads them for each client that is made, and a test makes hundreds.

Law: nothing that is tried here ever speaks TLS, so one context may serve every client of a test.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock


@contextmanager
def read_once() -> Iterator[None]:
    """While open, equal calls of `ssl.create_default_context` give the same context."""
    made: dict[str, ssl.SSLContext] = {}
    create = ssl.create_default_context

    def remembered(*given: Any, **named: Any) -> ssl.SSLContext:
        key = repr((given, named))
        if key not in made:
            made[key] = create(*given, **named)
        return made[key]

    with mock.patch.object(ssl, "create_default_context", remembered):
        yield
