"""Contracts: a provider's data made into objects. Nothing in here answers a request."""
