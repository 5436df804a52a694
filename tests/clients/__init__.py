"""Clients of each provider, correct ones and wrong ones: what a client contract is proven on.

`<provider>_<library>.py` is a correct client, `<provider>_contracts.py` has the contracts over all of a provider's;
`defects_<provider>*.py` are the ways in which they are made wrong, `findings_<provider>.py` the SDKs as their vendors show them.
`defects.py` says what a defect is and how one is tried, `findings.py` what a finding is, `table.py` and `stubs.py` write
`docs/defects.md`. `test_*.py` hold that every defect and every finding is found and nothing else is.
"""
