"""``tests/contract/test_tokenize_refusals.py`` through the live server."""

from tests.contract.test_tokenize_refusals import *  # noqa: F403 - all of its tests
