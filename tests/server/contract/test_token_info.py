"""``tests/contract/test_token_info.py`` through the live server."""

from tests.contract.test_token_info import *  # noqa: F403 - all of its tests
