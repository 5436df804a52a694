"""A small client of Pontus, written by hand on httpx, asynchronous: transcoding tasks and profiles.

Knows httpx; what is said stands in `pontus_speech`. Law: whatever goes wrong is a PontusError.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx

from .pontus_speech import PAUSE, POLLS, URL, Asked, Made, PontusError, Profile, Speech, Task


class AsyncPontus(Speech):
    """The client."""

    library = "httpx, async"
    caught: Any = httpx.HTTPError
    """What of the library's errors becomes the client's own."""

    def __init__(self, public_key: str, private_key: str, client_code: str) -> None:
        super().__init__(public_key, private_key, client_code)
        self._http = httpx.AsyncClient(timeout=10)

    async def create_task(self, version: str, source: Mapping[str, Any], targets: Any, profile_name: str | None = None) -> Made:
        """Let something be transcoded."""
        return self.made(version, await self.ask(self.creating(version, source, targets, profile_name)))

    async def get_task(self, version: str, task_id: str) -> Task:
        """A task as it stands."""
        return self.task(await self.ask(self.getting(version, task_id)))

    async def create_profile(self, version: str, **profile: Any) -> None:
        """Let there be a profile."""
        await self.ask(self.adding(version, profile))

    async def list_profiles(self, version: str) -> list[Profile]:
        """Every profile, the vendor's own too."""
        return self.profiles(await self.ask(self.listing(version)))

    async def wait(self, made: Made) -> Task:
        """A task once it has ended well. Raises PontusError with the vendor's code for one that failed."""
        for _ in range(POLLS):
            found = await self.get_task(made.version, made.id)
            if self.over(found):
                return found
            await asyncio.sleep(PAUSE)
        raise PontusError("", f"task {made.id} does not end")

    async def ask(self, asked: Asked) -> Mapping[str, Any]:
        """What is answered."""
        for left in reversed(range(self.tries(asked))):
            try:
                answer = await self.sent(asked)
            except self.caught as error:
                if not left:
                    raise PontusError("", f"no answer: {error}") from error
                continue
            if answer.status_code < 500 or not left:
                return self.answered(answer.status_code, answer.content)
        raise AssertionError("the last try returns or raises")

    async def sent(self, asked: Asked) -> httpx.Response:
        """One request."""
        return await self._http.request(asked.method, f"{URL}{asked.path}", content=asked.body, headers=self.headers())
