"""What a polling client sees of a task: `histories` is the deck, `history` one of them and how it is played.

`timing` says when a client looks, `watching` is a client without a library, `showing` finds out where answers show a state.
"""
