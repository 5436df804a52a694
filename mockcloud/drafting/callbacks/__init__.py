"""What a cloud tells its clients: `messages` is the deck, `wishes` how a client says that it wants to be told, `telling` what it
is told then.
"""
