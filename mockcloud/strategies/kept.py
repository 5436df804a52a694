"""Where failing examples are kept: in a folder, or in a Redis that several machines share.

Knows the environment variable `MOCKCLOUD_EXAMPLES` and Hypothesis's databases. Law: a place that cannot be used is told in a
sentence, before anything is drawn or when it is lost, without what its URL holds of secrets.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from typing import Final

from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

from mockcloud.errors import MissingExtra, UsageError

VARIABLE: Final = "MOCKCLOUD_EXAMPLES"
"""Names the place: a folder, or the URL of a Redis."""

FOLDER: Final = ".hypothesis/examples"
"""The place that nobody named, below the folder in which the tests are run."""

REDIS: Final = ("redis", "rediss", "unix")
"""The schemes of its URLs."""

PATIENCE: Final = 5.0
"""Seconds that a Redis may take to answer."""


def place() -> str:
    """The place that was named; empty where none was."""
    return os.environ.get(VARIABLE, "").strip()


def database(place: str) -> ExampleDatabase:
    """What keeps examples in a place. Raises UsageError for one that cannot be used, MissingExtra without the extra [redis]."""
    if "://" not in place:
        return DirectoryBasedExampleDatabase(place or FOLDER)
    if place.partition("://")[0] not in REDIS:
        raise UsageError(f"{VARIABLE} is a folder or the URL of a Redis, such as redis://HOST:6379/0, found {_shown(place)!r}")
    if find_spec("redis") is None:
        raise MissingExtra(f"{VARIABLE}={_shown(place)}", "redis")
    return _shared(place)


@cache
def _shared(url: str) -> ExampleDatabase:
    # One for a process: each question of each contract asks for it.
    from hypothesis.extra.redis import RedisExampleDatabase
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        redis = Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        redis.ping()
    except ValueError:
        # Its message may cite a part of the password.
        why = "it is no URL; in a user or password / is written %2F, ? %3F, @ %40"
        raise UsageError(f"{VARIABLE}: no Redis answers at {_shown(url)}: {why}") from None
    except RedisError as problem:
        raise UsageError(f"{VARIABLE}: no Redis answers at {_shown(url)}: {problem}") from None
    return _Shared(url, RedisExampleDatabase(redis, key_prefix=b"mockcloud-example:"))


def _shown(url: str) -> str:
    """A URL without user, password and query, though what is in them be not escaped."""
    scheme, _, rest = url.partition("://")
    shown, _, query = rest.partition("?")
    return f"{scheme}://{'...' if '@' in query else shown.rpartition('@')[2]}"


class _Shared(ExampleDatabase):
    """A database in a Redis, which may be lost while it is used."""

    def __init__(self, url: str, within: ExampleDatabase) -> None:
        super().__init__()
        self._url, self._within = url, within

    def fetch(self, key: bytes) -> Iterable[bytes]:
        with self._there():
            return list(self._within.fetch(key))

    def save(self, key: bytes, value: bytes) -> None:
        with self._there():
            self._within.save(key, value)

    def delete(self, key: bytes, value: bytes) -> None:
        with self._there():
            self._within.delete(key, value)

    def move(self, src: bytes, dest: bytes, value: bytes) -> None:
        with self._there():
            self._within.move(src, dest, value)

    @contextmanager
    def _there(self) -> Iterator[None]:
        from redis.exceptions import RedisError

        try:
            yield
        except RedisError as problem:
            raise UsageError(f"{VARIABLE}: the Redis at {_shown(self._url)} answers no more: {problem}") from None
