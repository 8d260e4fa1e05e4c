"""``tests/contract/test_refunds.py`` through the live server."""

from tests.contract.test_refunds import *  # noqa: F403 - all of its tests
