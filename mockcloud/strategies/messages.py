"""Messages to clients as they may come: those of the deck, and what is told of tasks that were made by any valid request.

Knows wishes and ends. Law: what is drawn is what is asked and how the task ends; the message is the cloud's.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from mockcloud.drafting.callbacks import telling
from mockcloud.drafting.callbacks.messages import messages
from mockcloud.drafting.callbacks.telling import Message
from mockcloud.drafting.callbacks.wishes import wishing
from mockcloud.drafting.decks import operation_of
from mockcloud.strategies.valid import requests


def callbacks(operation: str) -> SearchStrategy[Message]:
    """Every message that a task made by an operation leads to; nothing where there is none.

    Raises UsageError for an operation that is not there.
    """
    deck = messages(operation)
    if not deck:
        return st.nothing()
    return st.sampled_from(deck) | _told(operation) if telling.heard(operation) else st.sampled_from(deck)


@st.composite
def _told(draw: DrawFn, operation: str) -> Message:
    """What is told of the task of a drawn request; where the cloud does not take it, the first message of the deck."""
    entry, wish = operation_of(operation)[0], draw(st.sampled_from(telling.heard(operation))).wish
    end = draw(st.sampled_from(telling.ends(operation)))
    draft = wishing(entry.contract, wish, draw(requests(operation)).draft)
    told = telling.told(entry, wish._replace(maker=draft), end) if draft is not None else iter(())
    return next(told, messages(operation)[0])
