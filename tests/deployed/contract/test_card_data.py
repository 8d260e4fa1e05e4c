"""``tests/contract/test_card_data.py`` under the profile."""

from tests.contract.test_card_data import *  # noqa: F403 - all of its tests
