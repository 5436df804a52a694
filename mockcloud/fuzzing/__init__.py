"""Fuzzing: whether a server that somebody else keeps answers as a contract says.

    operations -> [cards | courses | things | echoes | drawn] -> [pair: the server, and a cloud of our own beside it]
               -> [judging: what was answered, what the contract answers] -> deviations -> [text | json | junit]

`campaign.py` is the order of it all; read that first. What is asked comes from `drafting/` and `strategies/`.
"""
