"""Contracts in the languages of other tools: one language a module, each with `export(provider)`.

Law: the same contract, the same bytes.
"""
