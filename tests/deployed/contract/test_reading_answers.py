"""``tests/contract/test_reading_answers.py`` under the profile."""

from tests.contract.test_reading_answers import *  # noqa: F403 - all of its tests
