# ruff: noqa: S101 - it is for tests
"""A plugin that holds a fake active around every test of a suite, whatever the test is about."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _active(request: pytest.FixtureRequest) -> Iterator[None]:
    fake = request.getfixturevalue("paymock")
    assert fake.base_url == "http://paymock.invalid"
    yield
    # No request of the suite was meant for the fake, and none went there.
    assert list(fake.calls) == []
