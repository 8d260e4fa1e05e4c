"""``tests/contract/test_payments.py`` through the live server."""

from tests.contract.test_payments import *  # noqa: F403 - all of its tests
