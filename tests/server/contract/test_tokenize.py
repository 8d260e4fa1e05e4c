"""``tests/contract/test_tokenize.py`` through the live server."""

from tests.contract.test_tokenize import *  # noqa: F403 - all of its tests
