"""``tests/contract/test_transactions.py`` through the live server."""

from tests.contract.test_transactions import *  # noqa: F403 - all of its tests
