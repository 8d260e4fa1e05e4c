"""A fault that lasts for several calls in a row: what clients with retries hide from one fault."""

from typing import Any

import pytest

from pytest_paymock import ExpectationError, Paymock, UsageError, faults

from .test_worlds import worlds_of
from .tills import a_fake, a_token, history, pay, quietly

LOST = faults.read_timeout(after_commit=True)


def stubborn(paymock: Paymock, tries: int = 3) -> Any:
    """Try some times, whatever was charged by then."""
    return next(filter(None, (quietly(pay, paymock, "tok_unknown") for _ in range(tries))), None)


def placed(names: list[str]) -> list[str]:
    return [name.partition(": ")[2] for name in names]


def test_an_outage_lasts_for_two_calls_and_for_three():
    names = worlds_of(stubborn, faults=[faults.connect_error], outage=3)
    assert names == [
        "world 1: no fault",
        "world 2 of 4: call 1 create_payment, connect error",
        "world 3 of 4: call 2 create_payment, connect error",
        "world 4 of 4: call 3 create_payment, connect error",
        "world 5 of 6: calls 1 to 2 from create_payment on, connect error",
        "world 6 of 6: calls 2 to 3 from create_payment on, connect error",
        "world 7 of 7: calls 1 to 3 from create_payment on, connect error",
    ]


def test_an_outage_meets_the_calls_whatever_they_call():
    def body(paymock: Paymock) -> list[Any]:
        quietly(pay, paymock, "tok_unknown")
        quietly(history, paymock)
        return [call.fault for call in paymock.calls]

    met = []
    with a_fake() as paymock:
        for world in paymock.explore([LOST], outage=2):
            with world:
                met.append(body(paymock))
    assert met == [[None, None], [LOST, None], [None, LOST], [LOST, LOST]]
    assert [one.length for one in world.faults] == [2]
    assert world.faults[0].last == 2


def test_code_that_stopped_calling_needs_no_longer_outage():
    def gives_up(paymock: Paymock) -> None:
        if quietly(history, paymock) is not None:
            quietly(history, paymock)

    names = placed(worlds_of(gives_up, faults=[faults.disconnect], outage=5))
    history_call = "list_customer_transactions, disconnect"
    assert names == ["no fault", f"call 1 {history_call}", f"call 2 {history_call}"]


def test_after_an_outage_another_fault_may_come():
    given = [faults.connect_error, faults.rate_limited]
    names = placed(worlds_of(stubborn, faults=given, outage=2, depth=2))
    assert names[1:7] == [
        f"call {call} create_payment, {fault}"
        for call in (1, 2, 3)
        for fault in ("connect error", "HTTP 429")
    ]
    assert names[7:11] == [
        f"calls {first} to {first + 1} from create_payment on, {fault}"
        for first in (1, 2)
        for fault in ("connect error", "HTTP 429")
    ]
    first = "call 1 create_payment, connect error; "
    assert [name for name in names[11:] if name.startswith(first)] == [
        # Twice the same in a row is an outage, which was played.
        f"{first}call 2 create_payment, HTTP 429",
        f"{first}call 3 create_payment, connect error",
        f"{first}call 3 create_payment, HTTP 429",
        f"{first}calls 2 to 3 from create_payment on, HTTP 429",
    ]
    assert (
        "calls 1 to 2 from create_payment on, connect error; call 3 create_payment, HTTP 429"
        in (names)
    )
    assert len(set(names)) == len(names)


def test_it_finds_what_retries_hide_from_one_fault():
    """Three lost answers, then the customer clicks again, and nobody looks into the history."""

    def checkout(paymock: Paymock, token: str) -> bool:
        for _ in range(3):
            try:
                pay(paymock, token)
            except Exception:  # noqa: BLE001 - whatever it is, the code under test tries again
                if quietly(history, paymock):
                    return True
            else:
                return True
        return False

    def twice(**how: Any) -> list[str]:
        failed = []
        with a_fake() as paymock:
            token = a_token(paymock)
            for world in paymock.explore([LOST], **how):
                with world:
                    if not checkout(paymock, token):
                        checkout(paymock, token)
                    if len(paymock.payments) > 1:
                        failed.append(str(world))
        return failed

    assert twice(depth=1) == []
    found = twice(outage=2)
    assert found == ["world 3 of 3: calls 1 to 2 from create_payment on, read timeout after commit"]


def test_a_loop_left_before_the_longer_outages_is_told():
    def explore(paymock: Paymock) -> None:
        for world in paymock.explore([faults.connect_error], outage=2):
            with world:
                stubborn(paymock)
            if world.number == 4:
                return

    paymock = a_fake()
    with pytest.raises(ExpectationError) as caught, paymock:
        explore(paymock)
    assert str(caught.value).startswith("the loop over explore() was left after 4 of 6 worlds, ")


def test_a_loop_left_after_the_longest_outage_and_before_the_second_fault_is_told():
    def explore(paymock: Paymock) -> None:
        for world in paymock.explore([faults.connect_error], outage=3, depth=2):
            with world:
                stubborn(paymock, tries=4)
            if world.faults and world.faults[0] == (2, "create_payment", faults.connect_error, 3):
                return

    paymock = a_fake()
    with pytest.raises(ExpectationError) as caught, paymock:
        explore(paymock)
    assert str(caught.value).startswith("the loop over explore() was left after 10 of 15 worlds, ")


def test_one_outage_runs_alone():
    with a_fake(world=6) as paymock:
        ran = []
        for world in paymock.explore([faults.connect_error], outage=2):
            with world:
                stubborn(paymock)
            ran.append(str(world))
    assert ran[-1] == "world 6 of 6: calls 2 to 3 from create_payment on, connect error"


@pytest.mark.parametrize("outage", [0, True, "2", None])
def test_an_outage_that_is_none_is_refused(outage: Any):
    with a_fake() as paymock, pytest.raises(UsageError) as caught:
        paymock.explore(outage=outage)
    assert str(caught.value) == (
        f"outage is for how many calls in a row a fault lasts at most, not {outage!r}"
    )
