"""The fixtures ``paymock`` and ``paymock_factory``: what they answer, and when they end."""

import pytest

from .conftest import Run
from .reading import frames_of_ours

UNTOUCHED = """
import httpx
import pytest
from requests.adapters import HTTPAdapter
from shop import buy

def seams():
    transports = httpx.HTTPTransport, httpx.AsyncHTTPTransport
    return (
        transports[0].handle_request.__code__,
        transports[1].handle_async_request.__code__,
        HTTPAdapter.send.__code__,
    )

GENUINE = seams()

@pytest.fixture
def breaks_before(paymock):
    raise RuntimeError("set-up of another fixture")

@pytest.fixture
def breaks_after(paymock):
    yield
    raise RuntimeError("teardown of another fixture")

{first}

def test_zz_nothing_is_left():
    assert seams() == GENUINE
"""

FIRST_TESTS = {
    "passes": ("def test_first(paymock): assert seams() != GENUINE", {"passed": 2}),
    "fails": ("def test_first(paymock): assert seams() == GENUINE", {"passed": 1, "failed": 1}),
    "skips": ("def test_first(paymock): pytest.skip('later')", {"passed": 1, "skipped": 1}),
    "leaves_a_script": (
        "def test_first(paymock): paymock.outcomes.queue('success')",
        {"passed": 1, "failed": 1},
    ),
    "fixture_breaks_before": (
        "def test_first(paymock, breaks_before): pass",
        {"passed": 1, "errors": 1},
    ),
    "fixture_breaks_after": (
        "def test_first(paymock, breaks_after): pass",
        {"passed": 2, "errors": 1},
    ),
    "two_fakes": (
        "def test_first(paymock, paymock_factory): paymock_factory(base_url='https://b.example')",
        {"passed": 2},
    ),
    "second_fake_refused": (
        "def test_first(paymock, paymock_factory): paymock_factory(base_url='nonsense')",
        {"passed": 1, "failed": 1},
    ),
}


@pytest.mark.parametrize("client", ["httpx", "requests"])
def test_the_fixture_answers_the_code_under_test(project, run: Run, client: str):
    project.makepyfile(
        test_shop=f"""
        from shop import buy

        def test_checkout(paymock):
            assert buy(paymock, 99.99, client={client!r})["status"] == "success"
            payment = paymock.payments.one()
            assert (str(payment.amount), payment.call.client) == ("99.99", {client!r})
            assert paymock.calls.to("tokenize").one().status_code == 201
        """
    )
    run().assert_outcomes(passed=1)


def test_every_test_begins_with_an_empty_api_and_the_first_outcome(project, run: Run):
    project.makepyfile(
        test_shop="""
        import pytest
        from shop import buy

        SEEN = []

        @pytest.mark.parametrize("round", range(3))
        @pytest.mark.paymock(clock="2026-01-27T12:00:00")
        def test_round(paymock, round):
            assert (len(paymock.calls), len(paymock.payments), len(paymock.tokens)) == (0, 0, 0)
            SEEN.append(buy(paymock))
            assert paymock.payments.total() == 5

        def test_all_rounds_went_alike():
            assert len(SEEN) == 3
            assert SEEN[0] == SEEN[1] == SEEN[2]
        """
    )
    run().assert_outcomes(passed=4)


def test_all_requests_of_the_fixture_in_one_test_get_the_same_fake(project, run: Run):
    project.makepyfile(
        test_shop="""
        import pytest

        @pytest.fixture
        def arranged(paymock):
            return paymock.add_payment(amount=5)

        def test_shared(arranged, paymock):
            assert paymock.payments.one().transaction_id == arranged.transaction_id
        """
    )
    run().assert_outcomes(passed=1)


def test_the_factory_makes_fakes_that_answer_side_by_side(project, run: Run):
    project.makepyfile(
        test_shop="""
        from shop import buy

        def test_two(paymock, paymock_factory):
            other = paymock_factory(base_url="https://pay.example/v2", seed=7)
            buy(paymock, 1)
            buy(other, 2, client="requests")
            buy(other, 3)
            assert [payment.amount for payment in paymock.payments] == [1]
            assert [payment.amount for payment in other.payments] == [2, 3]
            assert (paymock.settings.seed, other.settings.seed) == (0, 7)
        """
    )
    run().assert_outcomes(passed=1)


def test_what_the_factory_is_not_given_comes_from_the_configuration(project, run: Run):
    project.makeini("[pytest]\npaymock_seed = 5\npaymock_streams = customer")
    project.makepyfile(
        test_shop="""
        import pytest

        @pytest.mark.paymock(success_rate=0.5, network="none")
        def test_made(paymock_factory):
            made = paymock_factory(network="any").settings
            assert (made.seed, made.streams, made.success_rate, made.network) == (
                5, "customer", 0.5, "any"
            )
        """
    )
    run().assert_outcomes(passed=1)


def test_the_factory_alone_makes_nothing_until_it_is_called(project, run: Run):
    project.makepyfile(
        test_shop="""
        from requests.adapters import HTTPAdapter

        GENUINE = HTTPAdapter.send.__code__

        def test_idle(paymock_factory):
            assert HTTPAdapter.send.__code__ is GENUINE
            paymock_factory()
            assert HTTPAdapter.send.__code__ is not GENUINE
        """
    )
    run().assert_outcomes(passed=1)


@pytest.mark.parametrize("case", FIRST_TESTS)
def test_the_fake_ends_with_its_test(project, run: Run, case: str):
    first, outcomes = FIRST_TESTS[case]
    project.makepyfile(test_shop=UNTOUCHED.format(first=first))
    run().assert_outcomes(**outcomes)


def test_the_records_can_be_read_after_the_fake_has_ended(project, run: Run):
    project.makepyfile(
        test_shop="""
        from shop import buy

        KEPT = []

        def test_first(paymock):
            KEPT.append(paymock)
            buy(paymock)

        def test_second(paymock):
            buy(paymock, 7)
            assert KEPT[0].payments.total() == 5
        """
    )
    run().assert_outcomes(passed=2)


# -- collection does not see it ---------------------------------------------------------------


def test_a_fixture_that_is_asked_for_in_the_body_answers_and_ends(project, run_apart: Run):
    project.makepyfile(
        test_shop=UNTOUCHED.format(
            first="def test_first(request): "
            "assert buy(request.getfixturevalue('paymock'))['status'] == 'success'"
        )
    )
    run_apart().assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("loaded", "outcomes"),
    [
        # Nothing announces it, so it answers when the fixture ends.
        ("", {"passed": 1, "errors": 1}),
        ("from pytest_paymock import Paymock", {"failed": 1}),
    ],
    ids=["unannounced", "announced by an import"],
)
def test_a_fixture_that_is_asked_for_in_the_body_is_held_to_its_script(
    project, run_apart: Run, loaded: str, outcomes: dict[str, int]
):
    project.makepyfile(
        test_shop=f"""
        {loaded}

        def test_dynamic(request):
            request.getfixturevalue("paymock").outcomes.queue("success")
        """
    )
    result = run_apart()
    result.assert_outcomes(**outcomes)
    result.stdout.fnmatch_lines(["paymock: the test queued outcomes that *: success;*"])
    assert frames_of_ours(result) == []


@pytest.mark.parametrize(
    "earlier", ["", "def test_earlier(paymock): pass"], ids=["alone", "after another"]
)
def test_a_failing_test_that_asked_in_its_body_fails_once(project, run: Run, earlier: str):
    project.makepyfile(
        test_shop=f"""
        {earlier}

        def test_dynamic(request):
            request.getfixturevalue("paymock").outcomes.queue("success")
            assert 1 == 2
        """
    )
    result = run()
    result.assert_outcomes(failed=1, passed=1 if earlier else 0)
    result.stdout.fnmatch_lines(["E * assert 1 == 2"])


def test_a_fixture_may_ask_for_it_by_name(project, run: Run):
    project.makepyfile(
        test_shop="""
        import pytest
        from shop import buy

        @pytest.fixture(params=["paymock"])
        def backend(request):
            return request.getfixturevalue(request.param)

        def test_backend(backend):
            buy(backend)
            backend.assert_charged(5)

        def test_left_over(backend):
            backend.outcomes.queue("success")
        """
    )
    run().assert_outcomes(passed=1, failed=1)


# -- an end to answer for ---------------------------------------------------------------------


def test_a_test_that_skips_itself_owes_no_script(project, run: Run):
    project.makepyfile(
        test_shop="""
        import pytest

        def test_skips(paymock):
            paymock.outcomes.queue("success")
            pytest.skip("no gateway here")
        """
    )
    run().assert_outcomes(skipped=1)


def test_a_test_whose_other_fixture_fails_owes_no_script(project, run: Run):
    project.makepyfile(
        test_shop="""
        import pytest

        @pytest.fixture
        def broken(paymock):
            paymock.outcomes.queue("success")
            raise RuntimeError("the set-up broke")

        def test_never_runs(broken):
            pass
        """
    )
    result = run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["E * RuntimeError: the set-up broke"])


def test_each_of_two_fakes_is_held_to_its_script(project, run: Run):
    project.makepyfile(
        test_shop="""
        import pytest

        @pytest.mark.parametrize("first", [True, False])
        def test_two(paymock, paymock_factory, first):
            other = paymock_factory(base_url="https://pay.example")
            (paymock if first else other).outcomes.queue("card_declined")
        """
    )
    result = run()
    result.assert_outcomes(failed=2)
    assert result.stdout.str().count("no payment used: card_declined;") == 2
