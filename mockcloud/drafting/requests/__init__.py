"""A request before it is signed: what it says, what it may say, and how it is changed.

`drafts` is the request itself; `arguments` its documented names and values; `places` what can stand where; `amending` mends
what a change has broken; `variants` and `planned` are changes that are worth a request of their own.
"""
