"""A run that does not use the fake pays nothing for it, and one that does pays at collection."""

import pytest

from .conftest import Run

HEAVY = {"pydantic", "httpx", "httpx2", "httpcore", "requests", "urllib3", "responses", "respx"}

CONFTEST = """
import sys
from pathlib import Path

import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    Path(f"at-{item.name}.txt").write_text("\\n".join(sys.modules))

def pytest_unconfigure(config):
    Path("at-end.txt").write_text("\\n".join(sys.modules))
"""


@pytest.fixture
def watched(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project that writes down which modules are loaded, at each test and at the very end."""
    pytester.makeconftest(CONFTEST)
    return pytester


def loaded(project: pytest.Pytester, moment: str = "end") -> set[str]:
    return set((project.path / f"at-{moment}.txt").read_text().split())


def ours(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0] == "pytest_paymock"}


UNUSED = {
    "plain tests": ("def test_plain(): pass", ()),
    "a marker alone": (
        "import pytest\n@pytest.mark.paymock(seed=7)\ndef test_plain(): pass",
        ("--strict-markers",),
    ),
    "its test is deselected": (
        "def test_paid(paymock): pass\ndef test_plain(): pass",
        ("-k", "plain"),
    ),
    "a fixture that nobody asks for": (
        "import pytest\n@pytest.fixture\ndef shop(paymock): pass\ndef test_plain(): pass",
        (),
    ),
    "no tests": ("", ()),
    "a random seed": ("def test_plain(): pass", ("--paymock-seed=random",)),
}


@pytest.mark.parametrize("case", UNUSED)
def test_a_run_without_the_fixture_imports_nothing_heavy(watched, run_apart: Run, case: str):
    source, arguments = UNUSED[case]
    watched.makepyfile(test_it=source)
    run_apart(*arguments)
    modules = loaded(watched)
    assert "pytest_paymock.plugin" in modules
    assert modules & HEAVY == set()
    assert "pytest_paymock.paymock" not in modules


def test_a_run_without_the_fixture_loads_the_plugin_and_nothing_else(watched, run_apart: Run):
    watched.makepyfile(test_it="def test_plain(): pass")
    run_apart("-p", "no:paymock")
    without = loaded(watched)
    run_apart()
    assert ours(without) == set()
    assert loaded(watched) - without == {
        "pytest_paymock",
        "pytest_paymock.plugin",
    }


def test_a_run_with_the_fixture_imports_the_fake_before_the_first_set_up(watched, run_apart: Run):
    watched.makepyfile(
        test_it="""
        def test_plain(): pass
        def test_paid(paymock): pass
        """
    )
    run_apart().assert_outcomes(passed=2)
    assert {"pydantic", "httpx", "requests", "pytest_paymock.paymock"} <= loaded(
        watched, "test_plain"
    )


def test_usefixtures_and_fixtures_of_fixtures_are_seen_at_collection(watched, run_apart: Run):
    watched.makepyfile(
        test_it="""
        import pytest

        @pytest.fixture
        def shop(paymock_factory):
            return paymock_factory()

        def test_plain(): pass

        class TestShop:
            @pytest.mark.usefixtures("shop")
            def test_paid(self): pass
        """
    )
    run_apart().assert_outcomes(passed=2)
    assert "pytest_paymock.paymock" in loaded(watched, "test_plain")


def test_a_fixture_that_is_asked_for_by_name_is_imported_when_it_is(watched, run_apart: Run):
    watched.makepyfile(
        test_it="""
        def test_plain(request):
            request.getfixturevalue("paymock").add_payment(amount=5)
        """
    )
    run_apart().assert_outcomes(passed=1)
    assert "pytest_paymock.paymock" not in loaded(watched, "test_plain")
    assert "pytest_paymock.paymock" in loaded(watched)


def test_nothing_is_patched_before_the_first_test_that_uses_it(watched, run_apart: Run):
    watched.makepyfile(
        test_it="""
        def test_plain():
            import httpx
            from requests.adapters import HTTPAdapter

            assert httpx.HTTPTransport.handle_request.__module__ == "httpx._transports.default"
            assert HTTPAdapter.send.__module__ == "requests.adapters"

        def test_paid(paymock): pass
        """
    )
    run_apart().assert_outcomes(passed=2)
