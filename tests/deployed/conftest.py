"""The fixtures of the contract suite, for another profile."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.contract.conftest import client, connect

from .service import service as _service

__all__ = ["client", "connect", "service"]


@pytest.fixture(scope="module")
def service() -> Iterator[TestClient]:
    """Give a FastAPI service with the models of the deployed one."""
    with _service() as made:
        yield made
