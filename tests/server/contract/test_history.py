"""``tests/contract/test_history.py`` through the live server."""

from tests.contract.test_history import *  # noqa: F403 - all of its tests
