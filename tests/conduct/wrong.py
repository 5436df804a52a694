"""Wrong clients: for each thing that can be wrong with a client one, and the test that finds it.

Law: a wrong client is the correct one with one method written as somebody might write it.
"""

from __future__ import annotations

import json
import time
from functools import cache
from typing import Any, NamedTuple

import httpx
from conduct.clients import Creating, Getting, PlainPontus, Pontus, PontusError, ServedCreating
from conduct.running import over, run

from mockcloud import ClientContract


class Wrong(NamedTuple):
    """A wrong client, the contract that it breaks, the test that finds it, and what its page says."""

    client: type
    contract: type[ClientContract]
    found_by: str
    says: str

    @property
    def suite(self) -> type[ClientContract]:
        """The contract over the wrong client."""
        return suite_of(self)

    @property
    def page(self) -> str:
        """What the test that finds it fails with."""
        return page_of(self)


@cache
def suite_of(wrong: Wrong) -> type[ClientContract]:
    return over(wrong.contract, wrong.client)


@cache
def page_of(wrong: Wrong) -> str:
    return run(wrong.suite, wrong.found_by).page


class MisspeltMember(Pontus):
    def body(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"profileName" if name == "profile_name" else name: value for name, value in body.items()}


class OptionalDropped(Pontus):
    def body(self, body: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in body.items() if name != "profile_name"}


class DefaultMadeUp(Pontus):
    def body(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"profile_name": "video_mp4_1280x720_1728kbps", **body}


class UnicodeMangled(Pontus):
    def encoded(self, body: dict[str, Any]) -> bytes:
        return json.dumps(body, ensure_ascii=False).encode("latin-1", "replace")


class PathNotEscaped(Pontus):
    def part(self, text: str) -> str:
        return text.replace(" ", "%20").replace("#", "%23").replace("?", "%3F").encode("ascii", "ignore").decode()


class WrongPath(Pontus):
    def tasks(self, version: str) -> str:
        return f"/api/{self.part(version)}/tasks/transcoding"


class SecretQuoted(Pontus):
    def __init__(self, key: str, secret: str, *rest: str) -> None:
        super().__init__(key, secret.replace("+", " "), *rest)


class NonceByTheSecond(Pontus):
    def nonce(self) -> str:
        return str(int(time.time()))


class StatusTrusted(Pontus):
    def read(self, status: int, body: bytes) -> dict[str, Any]:
        data = self.parsed(body)
        return data if status < 500 else super().read(status, body)


class OtherErrorKey(Pontus):
    def code_in(self, data: dict[str, Any]) -> str:
        return data["error_code"]


class CodeLost(Pontus):
    def read(self, status: int, body: bytes) -> dict[str, Any]:
        if status != 200:
            raise PontusError(f"HTTP {status}")
        return super().read(status, body)


class OptionalNeeded(Pontus):
    def read(self, status: int, body: bytes) -> dict[str, Any]:
        found = super().read(status, body)
        return {**found, "end_time": found["end_time"]}


class FieldsSwapped(Pontus):
    def read(self, status: int, body: bytes) -> dict[str, Any]:
        found = super().read(status, body)
        if "start_time" in found and "end_time" in found:
            found["start_time"], found["end_time"] = found["end_time"], found["start_time"]
        return found


class StrictAboutMembers(Pontus):
    KNOWN = ("task_id", "source", "profile_name", "targets", "task_status", "create_time", "start_time", "end_time", "error")

    def read(self, status: int, body: bytes) -> dict[str, Any]:
        found = super().read(status, body)
        strange = [name for name in found if name not in self.KNOWN]
        if strange:
            raise KeyError(strange[0])
        return found


class FailureOverlooked(Pontus):
    def ended(self, task: dict[str, Any]) -> bool:
        return task["task_status"] == "SUCCESS"


class FailureTakenForSuccess(Pontus):
    def wait(self, version: str, task: str) -> str:
        while self.get(version, task)["task_status"] in ("PENDING", "RUNNING"):
            time.sleep(5)
        return "SUCCESS"


class PendingUnknown(Pontus):
    def wait(self, version: str, task: str) -> str:
        while (state := self.get(version, task)["task_status"]) == "RUNNING":
            time.sleep(5)
        return state


class ValuesClamped(Pontus):
    def body(self, body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "targets": body.get("targets") or [{"target_url": "http://x/y"}]}


class RefusalSwallowed(Pontus):
    def create(self, version: str, **body: Any) -> dict[str, Any]:
        try:
            return super().create(version, **body)
        except PontusError:
            return {"task_id": ""}


class ResetUncaught(Pontus):
    def send(self, method: str, path: str, content: bytes = b"") -> dict[str, Any]:
        answer = self.asked(method, path, {**self.headers(), "Content-Type": "application/json"}, content)
        return self.read(answer.status_code, answer.content)


class GatewayPageParsed(Pontus):
    def parsed(self, body: bytes) -> dict[str, Any]:
        return dict(json.loads(body))


class CreateRetried(Pontus):
    def asked(self, method: str, path: str, headers: dict[str, str], content: bytes) -> httpx.Response:
        for _ in range(2):
            answer = super().asked(method, path, headers, content)
            if answer.status_code < 500:
                break
        return answer


class EndlessRetries(Pontus):
    def asked(self, method: str, path: str, headers: dict[str, str], content: bytes) -> httpx.Response:
        while (answer := super().asked(method, path, headers, content)).status_code >= 500:
            time.sleep(1)
        return answer


class EndlessOnASocket(PlainPontus):
    def ended(self, task: dict[str, Any]) -> bool:
        return task["task_status"] == "SUCCESS"


ALLOWED = "sends_only_requests_that_the_contract_allows"
GIVEN = "sends_what_it_was_given"
SIGNED = "signs_so_that_the_vendor_accepts"
READ = "reads_every_documented_answer"
IGNORED = "ignores_what_it_does_not_know"
RAISED = "raises_its_error_for_every_documented_error"
WAITED = "waits_to_the_end_with_the_right_verdict"
FORBIDDEN = "refuses_or_passes_on_what_the_contract_forbids"
SURVIVED = "survives_transport_faults"
ONCE = "creates_nothing_twice"

WRONG = (
    Wrong(WrongPath, Creating, ALLOWED, "it sends a request that the contract does not allow"),
    Wrong(MisspeltMember, Creating, GIVEN, "profile_name was given as 'x' and does not arrive"),
    Wrong(OptionalDropped, Creating, GIVEN, "profile_name was given as 'x' and does not arrive"),
    Wrong(DefaultMadeUp, Creating, GIVEN, "profile_name arrives as 'video_mp4_1280x720_1728kbps' and was not given"),
    Wrong(UnicodeMangled, Creating, GIVEN, "what it sends cannot be read"),
    Wrong(PathNotEscaped, Getting, GIVEN, "task_id was given as"),
    Wrong(SecretQuoted, Creating, SIGNED, "the vendor does not accept its signature"),
    Wrong(NonceByTheSecond, Creating, SIGNED, "when it calls twice within a second"),
    Wrong(OptionalNeeded, Getting, READ, "it crashes at a documented answer"),
    Wrong(FieldsSwapped, Getting, READ, "and the client reports"),
    Wrong(StrictAboutMembers, Getting, IGNORED, "it crashes at a documented answer"),
    Wrong(StatusTrusted, Creating, RAISED, "it does not raise its error when it is refused"),
    Wrong(OtherErrorKey, Creating, RAISED, "it crashes when it is refused"),
    Wrong(CodeLost, Creating, RAISED, "its error does not carry the code"),
    Wrong(FailureOverlooked, Creating, WAITED, "its waiting does not end: PENDING -> RUNNING -> FAILED"),
    Wrong(FailureTakenForSuccess, Creating, WAITED, "it returns 'SUCCESS': PENDING -> RUNNING -> FAILED"),
    Wrong(PendingUnknown, Creating, WAITED, "it returns 'PENDING': PENDING"),
    Wrong(EndlessOnASocket, ServedCreating, WAITED, "its waiting does not end"),
    Wrong(ValuesClamped, Creating, FORBIDDEN, "targets.0.target_url arrives as 'http://x/y' and was not given"),
    Wrong(RefusalSwallowed, Creating, FORBIDDEN, "it does not raise its error when it is refused"),
    Wrong(ResetUncaught, Creating, SURVIVED, "it crashes when it meets: reset again and again"),
    Wrong(GatewayPageParsed, Creating, SURVIVED, "it crashes when it meets"),
    Wrong(EndlessRetries, Creating, SURVIVED, "it does not end when it meets: 500 again and again"),
    Wrong(CreateRetried, Creating, ONCE, "it makes the same thing 2 times"),
)
