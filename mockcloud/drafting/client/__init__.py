"""A client with a model beside it: `client` takes the steps, `ledger` and `course` hold what it must see, `ends` what it is told.

`landmarks` finds out where answers say ids, states and codes, `sights` reads them there, `subscribing` finds out how to be told.
"""
