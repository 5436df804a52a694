"""A small correct client of Tencent CI's jobs, with asynchronous httpx."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from typing import Any

import httpx

from mockcloud import ClientContract, Cloud

from .tencent_messages import BUCKET, POLLS, REGION, JobError, Messages

CONTEXT = ssl.create_default_context()
"""Made once: reading the certificates takes longer than all else."""


class AsyncJobs(Messages):
    """Creates jobs, looks at them, and waits for their end."""

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
        async with httpx.AsyncClient(verify=CONTEXT, timeout=self.timeout) as http:
            return await http.request(method, f"https://{self.host}{target}", content=body, headers=headers)


class SeparatesVoices(ClientContract):
    """Jobs that part voice and background: created and waited for."""

    operation = "tencent_ci.CreateMediaJobs.VoiceSeparate"
    error = JobError
    kind = AsyncJobs

    def client(self, cloud: Cloud) -> AsyncJobs:
        keys = cloud.credentials("tencent_ci")
        return self.kind(keys.access_key, keys.secret_key, BUCKET, REGION)

    async def call(self, client: AsyncJobs, args: Mapping[str, Any]) -> dict[str, Any]:
        return await client.create(args)

    def result(self, returned: dict[str, Any]) -> dict[str, Any]:
        return returned

    def code(self, error: JobError) -> str:
        return error.code

    async def wait(self, client: AsyncJobs, returned: dict[str, Any]) -> str:
        return await client.wait(returned["JobsDetail"][0]["JobId"])


class LooksAtJobs(ClientContract):
    """One job, or several."""

    operation = "tencent_ci.DescribeMediaJob"
    error = JobError
    kind = AsyncJobs

    def client(self, cloud: Cloud) -> AsyncJobs:
        keys = cloud.credentials("tencent_ci")
        return self.kind(keys.access_key, keys.secret_key, BUCKET, REGION)

    async def call(self, client: AsyncJobs, args: Mapping[str, Any]) -> dict[str, Any]:
        return await client.get(args["jobIds"])

    def result(self, returned: dict[str, Any]) -> dict[str, Any]:
        return returned

    def code(self, error: JobError) -> str:
        return error.code
