"""What fails in the loop after the block of a world fails that world, and can be run alone."""

from collections.abc import Callable

import pytest

from pytest_paymock import ExpectationError, Paymock, faults

from .test_pytest import AFTER_COMMIT, GUILTY, project, run
from .tills import a_fake, a_token, naive

__all__ = ["project"]

FIFTH = f"world 5 of 20: {AFTER_COMMIT[5]}"
SAID = f"paymock: this is {FIFTH}"
NOTE = f"{SAID}\nrun only this world: Paymock(world=5)"

BETWEEN = GUILTY.format(subtests="", argument="").replace("    assert", "assert")


def explored_by(body: Callable[[Paymock, int], None], **how: object) -> Callable[[Paymock], None]:
    def explore(paymock: Paymock) -> None:
        token = a_token(paymock)
        for world in paymock.explore(**how):  # type: ignore[arg-type]
            with world:
                naive(paymock, token)
            body(paymock, world.number)

    return explore


def charged_once(paymock: Paymock, _: int) -> None:
    assert len(paymock.payments) <= 1


def failed_with(paymock: Paymock, test: Callable[[Paymock], None]) -> BaseException:
    with pytest.raises((AssertionError, pytest.skip.Exception)) as caught, paymock:
        test(paymock)
    return caught.value


# -- a fake by itself -------------------------------------------------------------------------


def test_a_failure_after_a_world_carries_the_name_of_that_world():
    paymock = a_fake()
    error = failed_with(paymock, explored_by(charged_once))
    assert error.__notes__ == [NOTE]
    assert paymock.failed_world == 5
    assert paymock.report()[1] == f"in {FIFTH}"


def test_what_happened_until_then_is_kept_with_the_world():
    def one_more(paymock: Paymock, number: int) -> None:
        paymock.add_payment(amount=7)
        assert number != 3

    paymock = a_fake()
    failed_with(paymock, explored_by(one_more))
    (exploration,) = paymock.checks.evidence(paymock.clock).explorations
    world = exploration.worlds[2]
    assert world.outcome == "failed"
    assert world.played is not None
    assert [payment.amount for payment in world.played.payments] == [5, 7]
    assert [one.outcome for one in exploration.worlds[3:]] == ["not run"] * 17


def test_a_failure_before_the_block_of_a_world_may_be_owed_to_all_before_it():
    def test(paymock: Paymock) -> None:
        token = a_token(paymock)
        for world in paymock.explore():
            assert len(paymock.payments) <= 1
            with world:
                naive(paymock, token)

    paymock = a_fake()
    error = failed_with(paymock, test)
    assert not hasattr(error, "__notes__")
    assert paymock.failed_world is None


def test_after_a_whole_loop_it_is_the_test_that_fails():
    def test(paymock: Paymock) -> None:
        explored_by(lambda *_: None, faults=[faults.disconnect])(paymock)
        raise AssertionError

    paymock = a_fake()
    assert not hasattr(failed_with(paymock, test), "__notes__")
    assert paymock.failed_world is None


def test_a_failure_within_a_world_is_named_once():
    def test(paymock: Paymock) -> None:
        for world in paymock.explore():
            with paymock, world:
                naive(paymock, token)
                assert len(paymock.payments) <= 1

    paymock = a_fake()
    token = a_token(paymock)
    with pytest.raises(AssertionError) as caught:
        test(paymock)
    assert caught.value.__notes__ == [NOTE]


def test_a_skip_after_a_world_is_no_failure_of_it():
    paymock = a_fake()
    failed_with(paymock, explored_by(lambda *_: pytest.skip("enough")))
    assert paymock.failed_world is None
    paymock.verify()  # and it speaks for the loop


def test_a_loop_that_was_left_and_told_is_no_failure_of_a_world():
    def test(paymock: Paymock) -> None:
        for world in paymock.explore():
            with world:
                naive(paymock, "tok_unknown")
            if world.number == 3:
                break

    paymock = a_fake()
    error = failed_with(paymock, test)
    assert isinstance(error, ExpectationError)
    paymock.checks.blame_world(error)
    assert paymock.failed_world is None
    assert not hasattr(error, "__notes__")


def test_an_error_speaks_for_the_loop_also_where_that_is_let_go_of_later():
    held = []

    def test(paymock: Paymock) -> None:
        held.append(iter(paymock.explore()))
        for world in held[0]:
            with world:
                naive(paymock, "tok_unknown")
            raise AssertionError

    paymock = a_fake()
    failed_with(paymock, test)
    held.clear()
    paymock.verify()


# -- pytest -----------------------------------------------------------------------------------


def test_the_line_to_reproduce_has_the_world_and_reproduces_it(project: pytest.Pytester):
    project.makepyfile(test_till=BETWEEN)
    first = run(project)
    first.assert_outcomes(failed=1)
    line = "reproduce: pytest test_till.py::test_charged_once --paymock-seed=0 --paymock-world=5"
    first.stdout.fnmatch_lines(
        [f"E *{SAID}", "E *run only this world: --paymock-world=5", f"in {FIFTH}", line]
    )
    again = run(project, *line.split()[2:])
    again.assert_outcomes(failed=1)
    assert line in again.outlines


UNITTEST = """
import unittest
import pytest
from conftest import charge

class TestTill(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _attach(self, paymock, token):
        self.paymock, self.token = paymock, token

    def test_charged_once(self):
        for world in self.paymock.explore():
            with world:
                charge(self.paymock, self.token)
            self.assertLessEqual(len(self.paymock.payments), 1)
"""


def test_so_it_is_in_a_unittest_method(project: pytest.Pytester):
    project.makepyfile(test_till=UNITTEST)
    result = run(project)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"E *{SAID}", "reproduce: * --paymock-seed=0 --paymock-world=5"])


SUBTESTS = """
from conftest import charge

def test_charged_once(paymock, token, subtests):
    for world in paymock.explore():
        with world:
            charge(paymock, token)
            {within}
        {after}
"""

SUBTEST = "with subtests.test('once'): assert len(paymock.payments) <= 1"


@pytest.mark.parametrize(
    ("within", "after"), [(SUBTEST, "pass"), ("pass", SUBTEST)], ids=["within", "after"]
)
def test_so_is_each_subtest_that_somebody_makes(project: pytest.Pytester, within: str, after: str):
    project.makepyfile(test_till=SUBTESTS.format(within=within, after=after))
    result = run(project, "--paymock-guards=off")
    result.stdout.fnmatch_lines(
        ["*contains 4 failed subtests", "explored 20 worlds in *: 4 worlds failed"]
    )
    lines = [line for line in result.outlines if line.startswith("reproduce: ")]
    assert [line.rpartition("=")[2] for line in lines[:4]] == ["5", "7", "9", "11"]


def test_what_came_after_a_subtest_that_failed_in_a_world_is_kept_too():
    paymock = a_fake()
    with paymock:
        token = a_token(paymock)
        for world in paymock.explore([faults.disconnect]):
            with world:
                naive(paymock, token)
                paymock.checks.blame_world(AssertionError())
                paymock.add_payment(amount=7)
            assert world.played is not None
            assert world.played.payments[-1].amount == 7


# -- after it ---------------------------------------------------------------------------------


def test_a_fake_that_was_emptied_is_in_no_world():
    paymock = a_fake()
    error = failed_with(paymock, explored_by(charged_once))
    paymock.reset()
    assert not [line for line in paymock.report() if line.startswith("in world")]
    assert paymock.checks.evidence(paymock.clock).world is None
    later = AssertionError()
    paymock.checks.blame_world(later)
    assert (error.__notes__, hasattr(later, "__notes__")) == ([NOTE], False)


def test_a_fake_that_is_emptied_in_the_midst_of_the_loop_is_in_its_world_still():
    def emptied(paymock: Paymock, _: int) -> None:
        paymock.reset()
        assert paymock.calls, "which is not so any more"

    paymock = a_fake()
    assert failed_with(paymock, explored_by(emptied)).__notes__
    assert paymock.report()[1] == "in world 1: no fault"


WIDE = """
import pytest
from conftest import charge, send
from pytest_paymock import Paymock

@pytest.fixture(scope="module")
def service():
    with Paymock(guards="off") as paymock:
        yield paymock

@pytest.fixture(autouse=True)
def anew(service):
    service.reset()
    yield
    service.verify()

def test_explored(service):
    token = service.add_token().token
    for world in service.explore():
        with world:
            charge(service, token)
        assert len(service.payments) <= 1

def test_other(service):
    send(service, service.add_token().token)
    assert not "my own reason"
"""


def test_the_next_test_with_a_wider_fixture_is_in_none_of_its_worlds(project: pytest.Pytester):
    project.makepyfile(test_till=WIDE)
    result = run(project)
    result.assert_outcomes(failed=2)  # and no error of a loop that was left
    shown = [line for line in result.outlines if line.startswith(("in world", "reproduce: "))]
    assert shown == [
        f"in {FIFTH}",
        # Such a fake takes nothing from the command line.
        "reproduce: pytest test_till.py::test_explored",
        "reproduce: pytest test_till.py::test_other",
    ]
