"""Answers and refusals: `answers` and `refusals` are the decks, made of what the cloud itself answers (`answered`, `receiving`).

`bodies` and `pointers` read and change any body; `replies` holds answers to their schema; `novelties` is what no document knows
yet; `coherence` and `successes` say what goes together in one answer.
"""
