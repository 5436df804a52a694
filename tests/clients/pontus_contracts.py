"""The contracts of the Pontus clients: one for each operation, over a client on requests and an asynchronous one on httpx.

Law: a contract says how a client is called and what it read, and corrects nothing.
"""

from __future__ import annotations

from typing import Any, ClassVar

from mockcloud import ClientContract

from .pontus_httpx_async import AsyncPontus
from .pontus_requests import Pontus
from .pontus_speech import Made, PontusError, Profile, Task


class OfPontus(ClientContract):
    """What all have. `made_of` is the client's class."""

    made_of: ClassVar[type] = Pontus
    error = PontusError

    def client(self, cloud: Any) -> Any:
        known = cloud.credentials("pontus")
        return self.made_of(known.access_key, known.secret_key, known.client_code)

    def code(self, error: PontusError) -> str:
        return error.code


class Creating(OfPontus):
    operation = "pontus.createTranscodingTask"

    def call(self, client: Any, args: dict[str, Any]) -> Made:
        return client.create_task(**args)

    def result(self, returned: Made) -> dict[str, Any]:
        return {"task_id": returned.id}

    def wait(self, client: Any, returned: Made) -> str:
        return client.wait(returned).status


class Getting(OfPontus):
    operation = "pontus.getTranscodingTask"

    def call(self, client: Any, args: dict[str, Any]) -> Task:
        return client.get_task(**args)

    def result(self, returned: Task) -> dict[str, Any]:
        return told(returned)


class Adding(OfPontus):
    operation = "pontus.createProfile"

    def call(self, client: Any, args: dict[str, Any]) -> None:
        client.create_profile(**args)


class Listing(OfPontus):
    operation = "pontus.listProfiles"

    def call(self, client: Any, args: dict[str, Any]) -> list[Profile]:
        return client.list_profiles(**args)

    def result(self, returned: list[Profile]) -> dict[str, Any]:
        return {"profiles": [described(one) for one in returned]}


class AsyncCreating(Creating):
    """As `Creating`, awaited."""

    made_of = AsyncPontus

    async def call(self, client: Any, args: dict[str, Any]) -> Made:
        return await client.create_task(**args)

    async def wait(self, client: Any, returned: Made) -> str:
        return (await client.wait(returned)).status


class AsyncGetting(Getting):
    """As `Getting`, awaited."""

    made_of = AsyncPontus

    async def call(self, client: Any, args: dict[str, Any]) -> Task:
        return await client.get_task(**args)


class AsyncAdding(Adding):
    """As `Adding`, awaited."""

    made_of = AsyncPontus

    async def call(self, client: Any, args: dict[str, Any]) -> None:
        await client.create_profile(**args)


class AsyncListing(Listing):
    """As `Listing`, awaited."""

    made_of = AsyncPontus

    async def call(self, client: Any, args: dict[str, Any]) -> list[Profile]:
        return await client.list_profiles(**args)


def told(one: Task) -> dict[str, Any]:
    """What a client read of a task, by the vendor's names."""
    return {
        "task_id": one.id,
        "task_status": one.status,
        "source": {"source_url": one.source},
        "targets": [{"target_url": url} for url in one.targets],
        "profile_name": one.profile,
        "create_time": one.created,
        "start_time": one.started,
        "end_time": one.ended,
        **({} if one.code is None else {"error": {"code": one.code, "message": one.message}}),
    }


def described(one: Profile) -> dict[str, Any]:
    """What a client read of a profile, by the vendor's names."""
    return {"profile_name": one.name, "description": one.description, "create_time": one.created, "qlties": one.qualities}


CORRECT = (Creating, Getting, Adding, Listing, AsyncCreating, AsyncGetting, AsyncAdding, AsyncListing)
