"""A small correct client of Tencent CI's jobs, with requests."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import requests

from .tencent_messages import POLLS, JobError, Messages


class Jobs(Messages):
    """Creates jobs, looks at them, cancels them, and waits for their end."""

    library = "requests"
    caught: Any = requests.RequestException
    """What of the library's errors becomes the client's own."""
    timeout = 10.0

    def create(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Create a job; what the vendor says of it."""
        return self.ask("POST", "/jobs", self.document(job))

    def get(self, job_id: str) -> dict[str, Any]:
        """One job, or several whose ids are joined by commas."""
        return self.ask("GET", self.job_path(job_id))

    def list(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """A page of jobs."""
        return self.ask("GET", f"/jobs?{self.query(arguments)}")

    def wait(self, job_id: str) -> str:
        """Wait until a job has ended well; its final state. Raises JobError for one that ended otherwise or does not end."""
        for _ in range(POLLS):
            found = self.jobs(self.get(job_id))
            if not found:
                raise JobError(f"there is no job {job_id}")
            state = self.ended(found[0])
            if state:
                return state
            self.pause()
        raise JobError(f"the job {job_id} has not ended after {POLLS} looks")

    def pause(self) -> None:
        time.sleep(1)  # as a client of the real vendor waits; the tests let no time pass

    def ask(self, method: str, target: str, body: bytes = b"") -> dict[str, Any]:
        """One request and its answer. Nothing is tried again: a job may have been created all the same."""
        try:
            answer = self.send(method, target, body)
        except self.caught as broken:
            raise JobError(f"no answer: {broken}") from broken
        return self.read(answer.status_code, answer.content)

    def send(self, method: str, target: str, body: bytes) -> requests.Response:
        headers = self.headers(method, target, body)
        url = f"https://{self.host}{target}"
        return requests.request(method, url, data=body, headers=headers, timeout=self.timeout, allow_redirects=False)
