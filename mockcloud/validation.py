"""Judge one message against one operation's contract, without a cloud.

Knows nothing of signatures and state: only what the schemas say.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockcloud.contracts import folders
from mockcloud.messages import Json, Request, Violation
from mockcloud.pipeline import routing, validation
from mockcloud.traffic.telling import Teller


def validate(operation: str, request: Request, settings: Mapping[str, Json] | None = None) -> tuple[Violation, ...]:
    """Every rule of the operation's request schema that the request breaks, in the schema's order.

    Each with the value found and the document and line of the rule, as the journal has them. `settings` are the provider's,
    by name, where they are not to be its defaults.

    Raises:
        UsageError: when there is no such operation or setting.
        Refusal: when the request is not one that the schema can judge, such as a body that is not XML.
    """
    provider = operation.partition(".")[0]
    teller = Teller(folders.chosen([provider]), settings={provider: settings or {}})
    found = teller.operation(operation)
    call = teller.call(provider, routing.origin_form(request), {})
    teller.take_for(call, found)
    return () if found.request.accepts(call.document) else validation.violations_of(call)
