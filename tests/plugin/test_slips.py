"""Slips in the use of the fixtures and the marker: each is told, and none is silent."""

import pytest

from .conftest import Run
from .reading import frames_of_ours

SLIPS = """
import pytest
from pytest_paymock import Paymock

@pytest.mark.parametrize("paymock", [{"seed": 7}], indirect=True)
def test_parameters(paymock): pass

def test_one_base_url(paymock, paymock_factory):
    paymock_factory(seed=7)

def test_one_base_url_in_turn(paymock_factory):
    paymock_factory().stop()
    paymock_factory()

@pytest.mark.paymock(seed=7)
def test_marker_alone(): pass

@pytest.mark.paymock(seed=7)
def test_marker_with_a_fake_of_its_own(service): pass

@pytest.mark.paymock(seed=7)
class TestMarked:
    def test_without(self): pass
    def test_with(self, paymock): assert paymock.seed == 7

@pytest.fixture
def service():
    with Paymock() as paymock:
        yield paymock
"""


def test_a_slip_is_told_where_it_stands(project: pytest.Pytester, run: Run):
    project.makepyfile(test_shop=SLIPS)
    result = run("-rfE")
    result.assert_outcomes(passed=4, failed=2, errors=1)
    result.stdout.fnmatch_lines(
        [
            (
                "paymock: usage error: the fixture paymock takes no parameters; give each set of "
                "parameters its options by a mark, such as pytest.param(..., marks=*"
            ),
            ">       paymock_factory(seed=7)",
            "E *UsageError: this test has a fake at http://localhost:8000 already, which *",
            "paymock: @pytest.mark.paymock has no effect on a test without a fake: ask for the *",
        ]
    )
    assert frames_of_ours(result) == []


def test_a_marker_without_effect_is_a_warning_at_its_test(project: pytest.Pytester, run: Run):
    project.makepyfile(
        test_shop="""
        import pytest

        @pytest.mark.paymock(seed=7)
        def test_marked(): pass

        def test_paying(paymock): pass
        """
    )
    result = run("-W", "default")
    result.assert_outcomes(passed=2, warnings=1)
    result.stdout.fnmatch_lines(
        ["*test_shop.py:3: PaymockWarning: @pytest.mark.paymock has no effect on a test *"]
    )
