"""How a client conducts itself: what it sends, signs, reads, refuses, raises, how it waits and what it survives.

    suites     a user's class as it was written
    subject    what is tried: an operation, and what a client takes of it
    bench      the cloud that it is tried on, and the ways in
    calling    the user's functions, sync or async; `outcomes`: how a call ended
    trial      one test under way: a client for each case
    campaign   one question: the deck, then chance, then the smallest case
    failure    the page that a failed test shows

and one module for each question. Law: a module decides one question by what went over the wire and what the client did
with it; it knows no vendor and no client library.
"""
