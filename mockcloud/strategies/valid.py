"""Valid requests of an operation, as documented arguments and as signed bytes.

Knows drafts and who signs. Law: the bytes, decoded again, keep every rule.
"""

from __future__ import annotations

from collections.abc import Collection

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from mockcloud.drafting.cases import ValidRequest
from mockcloud.drafting.sessions.session import signer
from mockcloud.strategies.drafts import Source, source


def requests(operation: str, *, arguments: Collection[str] | None = None) -> SearchStrategy[ValidRequest]:
    """Requests of an operation that keep every rule, the smallest first.

    `arguments` are the names that the client under test takes, None for all: others are not given, unless a rule asks for them.

    Raises:
        UsageError: for an operation or an argument that is not there, naming the nearest.
    """
    return _valid(source(operation, None if arguments is None else frozenset(arguments)))


@st.composite
def _valid(draw: DrawFn, source: Source) -> ValidRequest:
    contract = source.contract
    drawn = source.draw(draw)
    return ValidRequest(source.operation.id, source.arguments(drawn), drawn, contract.hosts[0].example, signer(contract))
