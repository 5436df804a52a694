"""The effect that asks a client's endpoint, and refuses when it does not answer as it should.

Law: an endpoint that may not be called (not loopback, not named by the user) is taken to have answered well: what
it was to be asked is recorded, and a test without that endpoint goes on. A URL that leads nowhere has not answered.
"""

from __future__ import annotations

from mockcloud.contracts.effects import Effect as Declared
from mockcloud.contracts.filling import ABSENT
from mockcloud.messages import Refusal
from mockcloud.outbound import HOP_HEADER, hop_of
from mockcloud.pipeline.call import Call
from mockcloud.pipeline.effects.ground import Effect, Ground
from mockcloud.pipeline.scope import Scope


def ask(declared: Declared, ground: Ground) -> Effect:
    """Send the message now; refuse when it cannot be delivered or the answer is not the one that it expects."""
    callback, when = ground.contract.callbacks[declared["ask"]], declared.views.get("when")

    def ask_now(call: Call, scope: Scope) -> None:
        if when is not None and when(scope) in (ABSENT, None, False):
            return
        message, used = ground.messenger.tell(
            callback, scope, call.tenancy, call.now, hop=hop_of(call.request.header(HOP_HEADER))
        )
        if message is None or (message.kept_back and not ground.messenger.unreadable(message)):
            return
        wanted = ABSENT if callback.expects is None else callback.expects(used)
        answer = message.answer.decode("utf-8", "replace").strip()
        if not message.delivered or (wanted is not ABSENT and answer != wanted):
            found = message.problem or f"status {message.status} and {answer[:200]!r}"
            raise Refusal(declared.kind, note=f"{message.to} answered with {found}, not with {wanted!r}", found=found)

    return ask_now
