"""The contract suite's own fixtures, with another profile in the place of the default."""

from collections.abc import Callable
from typing import Literal

import pytest

from pytest_paymock import Paymock
from tests.contract.conftest import client, connect

__all__ = ["client", "connect"]


@pytest.fixture
def paymock(paymock_factory: Callable[..., Paymock]) -> Paymock:
    """Give a fake of the deployed service."""
    return paymock_factory(profile="deployed")


@pytest.fixture(scope="session")
def profile() -> Literal["documented", "deployed"]:
    """Say which API is faked, for fakes that outlive a test."""
    return "deployed"
