"""A small correct client of Tencent CI's jobs, with asynchronous httpx."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx

from .tencent_messages import POLLS, JobError, Messages


class AsyncJobs(Messages):
    """Creates jobs, looks at them, and waits for their end."""

    library = "httpx, async"
    timeout = 10.0

    async def create(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Create a job; what the vendor says of it."""
        return await self.ask("POST", "/jobs", self.document(job))

    async def get(self, job_id: str) -> dict[str, Any]:
        """One job, or several whose ids are joined by commas."""
        return await self.ask("GET", self.job_path(job_id))

    async def wait(self, job_id: str) -> str:
        """Wait until a job has ended well; its final state. Raises JobError for one that ended otherwise or does not end."""
        for _ in range(POLLS):
            found = self.jobs(await self.get(job_id))
            if not found:
                raise JobError(f"there is no job {job_id}")
            state = self.ended(found[0])
            if state:
                return state
            await asyncio.sleep(1)
        raise JobError(f"the job {job_id} has not ended after {POLLS} looks")

    async def ask(self, method: str, target: str, body: bytes = b"") -> dict[str, Any]:
        """One request and its answer. Nothing is tried again: a job may have been created all the same."""
        try:
            answer = await self.send(method, target, body)
        except httpx.HTTPError as broken:
            raise JobError(f"no answer: {broken}") from broken
        return self.read(answer.status_code, answer.content)

    async def send(self, method: str, target: str, body: bytes) -> httpx.Response:
        headers = self.headers(method, target, body)
        async with httpx.AsyncClient(timeout=self.timeout) as http:
            return await http.request(method, f"https://{self.host}{target}", content=body, headers=headers)
