"""``tests/contract/test_payment_refusals.py`` through the live server."""

from tests.contract.test_payment_refusals import *  # noqa: F403 - all of its tests
