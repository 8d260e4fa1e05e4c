"""``tests/contract/test_documented_examples.py`` through the live server."""

from tests.contract.test_documented_examples import *  # noqa: F403 - all of its tests
