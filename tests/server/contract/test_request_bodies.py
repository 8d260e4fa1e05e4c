"""``tests/contract/test_request_bodies.py`` through the live server."""

from tests.contract.test_request_bodies import *  # noqa: F403 - all of its tests
