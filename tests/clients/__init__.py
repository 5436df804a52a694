"""Clients of each provider, correct ones and wrong ones: what a client contract is proven on.

`<provider>_<library>.py` is a correct client with its contracts; `defects_<provider>.py` the ways in which it is made wrong;
`defects.py` what a defect is and how one is tried; `test_*.py` hold that every defect is found and nothing else is.
"""
