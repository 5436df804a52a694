"""Ask the provider's verifier who is calling. Knows no scheme."""

from __future__ import annotations

from collections.abc import Mapping

from mockcloud.messages import Attempt, Credential
from mockcloud.pipeline.call import Call
from mockcloud.state.replays import Replays


def verify(call: Call, credentials: Mapping[str, Credential], replays: Replays, *, strict: bool) -> None:
    """Fill in whose the call is. Without `strict` everybody is the first known credential."""
    if not strict:
        call.credential = next(iter(credentials.values()))
        return
    attempt = Attempt(call.request, call.arguments, credentials, call.now, call.settings, replays.is_new)
    check = call.contract.behaviours.verify
    assert check is not None  # noqa: S101  # the loader refuses a module without a verifier
    call.credential = check(attempt)
