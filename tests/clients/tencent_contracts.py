"""The contracts of the Tencent CI clients: one for each operation, over any client that has the operation.

Law: a contract says how a client is called and what it read, and corrects nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from mockcloud import ClientContract, Cloud

from .defects import GIVEN
from .findings import excluding
from .tencent_cos import ERRORS, LISTED, CosJobs
from .tencent_httpx_async import AsyncJobs
from .tencent_messages import BUCKET, REGION, JobError
from .tencent_requests import Jobs


class OfJobs(ClientContract):
    """What all have. `made_of` is the client's class."""

    made_of: ClassVar[Any] = Jobs
    error = JobError

    def client(self, cloud: Cloud) -> Any:
        keys = cloud.credentials("tencent_ci")
        return self.made_of(keys.access_key, keys.secret_key, BUCKET, REGION)

    def result(self, returned: dict[str, Any]) -> dict[str, Any]:
        return returned

    def code(self, error: Any) -> str:
        return error.code


class Creating(OfJobs):
    """Jobs that read what a file holds: created and waited for."""

    operation = "tencent_ci.CreateMediaJobs.MediaInfo"

    def call(self, client: Jobs, args: Mapping[str, Any]) -> Any:
        return client.create(args)

    def wait(self, client: Jobs, returned: Any) -> str:
        return client.wait(returned["JobsDetail"][0]["JobId"])


class CreatingMediaInfo(Creating):
    """The same, heard of too."""

    def on_callback(self, client: Jobs, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        return client.told(headers, body)


class Listing(OfJobs):
    """A page of jobs."""

    operation = "tencent_ci.DescribeMediaJobs"

    def call(self, client: Jobs, args: Mapping[str, Any]) -> Any:
        return client.list(args)


class SeparatingVoices(OfJobs):
    """Jobs that part voice and background: created, waited for, and heard of."""

    made_of = AsyncJobs
    operation = "tencent_ci.CreateMediaJobs.VoiceSeparate"

    async def call(self, client: AsyncJobs, args: Mapping[str, Any]) -> Any:
        return await client.create(args)

    async def wait(self, client: AsyncJobs, returned: Any) -> str:
        return await client.wait(returned["JobsDetail"][0]["JobId"])

    def on_callback(self, client: AsyncJobs, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        return client.told(headers, body)


class Getting(OfJobs):
    """One job, or several."""

    made_of = AsyncJobs
    operation = "tencent_ci.DescribeMediaJob"

    async def call(self, client: AsyncJobs, args: Mapping[str, Any]) -> Any:
        return await client.get(args["jobIds"])


class OfSdk(OfJobs):
    """What the contracts of the SDK have in common."""

    made_of = CosJobs
    error = ERRORS

    def code(self, error: Any) -> str:
        return str(self.made_of.code(error))


class CreatingBySdk(OfSdk, Creating):
    """Jobs that read what a file holds, by the SDK, which hears of nothing."""


class GettingBySdk(OfSdk):
    """One job, or several, by the SDK."""

    operation = "tencent_ci.DescribeMediaJob"

    def call(self, client: CosJobs, args: Mapping[str, Any]) -> Any:
        return client.get(args["jobIds"])


class ListingBySdk(OfSdk, Listing):
    """A page of jobs, by the SDK: three filters it does not have, and four arguments it sends even where nobody gave them."""

    arguments = frozenset(LISTED) - {"orderByTime", "states", "size", "nextToken"}


CORRECT = (
    CreatingMediaInfo,
    Listing,
    SeparatingVoices,
    Getting,
    CreatingBySdk,
    excluding(GettingBySdk, {GIVEN: "CosSlash"}),
    ListingBySdk,
)
