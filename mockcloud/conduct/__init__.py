"""How a client conducts itself: what it sends, signs, reads, refuses, raises, how it waits and what it survives.

    subject    what is tried: a user's class, and what the contract says of its operation
    bench      the cloud that it is tried on, and the ways in
    calling    the user's functions, sync or async
    trial      one test under way: the deck, then chance
    failure    the page that a failed test shows

and one module for each question. Law: a module decides one question by what went over the wire and what the client did
with it; it knows no vendor and no client library.
"""
