"""Consumers of the payment API, each with its tests; README.md introduces them."""
