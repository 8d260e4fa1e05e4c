"""What the tests of the profile share: its marker, and patterns of what it answers."""

import pytest

from tests.contract.documents import NOW

deployed = pytest.mark.paymock(clock=NOW, guards="off", profile="deployed")
"""For every module that asks for the fixture ``paymock``."""

TIME = r"2026-01-27T12:00:00"
TRANSACTION = r"txn_20260127120000_[0-9a-f]{16}"
