"""What a contract leads to without any chance: the requests, answers, histories and messages that are always tried.

Knows contracts, and a cloud of our own that is asked; no vendor. Law: whatever is said of a request or of an answer was found out
from its bytes. Each of these is built on those above it, and `tests/test_layers.py` holds them to that:

    requests/   a request before it is signed: what it says, what it may say, how it is changed and stays valid
    cases.py    what is given out, here and by strategies: a valid request, a broken one, an answer
    sessions/   a cloud that is asked: who signs, what is asked in which order, what must be there before
    spoiling/   requests with one thing wrong: a rule, the body, the signature
    decks.py    READ FIRST: the valid and the broken requests of an operation
    tasks/      the ways that a task can go, and what time and others do to it
    answers/    every documented answer and refusal of an operation, and what no document knows yet
    histories/  what a client sees that makes a task and looks at it until the end
    callbacks/  what a cloud tells its clients
    client/     a client that makes, looks at and removes things, and a model of what it must see
"""
