"""What is done with findings: the options ``guards`` and ``allow``, in a ``with`` block."""

import pickle
import warnings
from collections.abc import Callable

import httpx
import pytest

from pytest_paymock import (
    BlockedRequestError,
    ExpectationError,
    Paymock,
    PaymockWarning,
    UsageError,
    faults,
)

from .calling import VISA, a_fake, a_token, call, pay, silence, tokenize, told_by


def charge_twice(paymock: Paymock) -> None:
    token = a_token(paymock)
    paymock.faults.queue(faults.disconnect(after_commit=True))
    for _ in range(2):
        pay(paymock, token)


def use_a_foreign_token(paymock: Paymock) -> None:
    pay(paymock, a_token(paymock), customer_id="cust_2")


def send_a_card_astray(paymock: Paymock) -> None:
    tokenize(paymock)
    call(paymock, "GET", f"/{VISA}")


DEEDS: dict[str, Callable[[Paymock], None]] = {
    "double_charge": charge_twice,
    "foreign_token": use_a_foreign_token,
    "card_data_leak": send_a_card_astray,
}


@pytest.fixture(params=DEEDS)
def guard(request: pytest.FixtureRequest) -> str:
    return request.param


def test_by_default_a_finding_is_a_warning(guard: str):
    (told,) = told_by(DEEDS[guard])
    assert told.startswith(f"{guard}: ")
    assert told.endswith(silence(guard))
    assert told_by(DEEDS[guard], guards="warn") == [told]


def failing(guard: str, **options: object) -> ExpectationError:
    """Run a deed under ``guards="error"`` and return what the block fails with."""
    paymock = a_fake(guards="error", **options).__enter__()
    DEEDS[guard](paymock)
    with pytest.raises(ExpectationError) as caught:
        paymock.__exit__(None, None, None)
    return caught.value


def test_under_error_a_finding_fails_the_block(guard: str):
    assert [str(failing(guard))] == told_by(DEEDS[guard])


def test_under_off_there_are_no_findings(guard: str):
    assert told_by(DEEDS[guard], guards="off") == []


@pytest.mark.parametrize("guards", ["warn", "error"])
def test_a_guard_is_silenced_by_its_name(guard: str, guards: str):
    assert told_by(DEEDS[guard], guards=guards, allow=[guard]) == []


def test_a_silenced_guard_does_not_silence_the_others(guard: str):
    others = [name for name in (*DEEDS, "swallowed_block") if name != guard]
    assert len(told_by(DEEDS[guard], allow=others)) == 1


def test_where_warnings_are_errors_a_finding_is_one(guard: str):
    paymock = a_fake().__enter__()
    DEEDS[guard](paymock)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(PaymockWarning, match=rf"^{guard}: "):
            paymock.__exit__(None, None, None)


def test_each_guard_warns_for_itself():
    def all_of_them(paymock: Paymock) -> None:
        for deed in DEEDS.values():
            deed(paymock)

    told = told_by(all_of_them)
    assert [words.partition(":")[0] for words in told] == list(DEEDS)


def test_under_error_all_findings_stand_in_one_message():
    paymock = a_fake(guards="error").__enter__()
    for deed in DEEDS.values():
        deed(paymock)
    with pytest.raises(ExpectationError) as caught:
        paymock.__exit__(None, None, None)
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == list(DEEDS)


def test_a_block_that_fails_keeps_its_own_error(guard: str):
    def failing_block() -> None:
        with a_fake(guards="error") as paymock:
            DEEDS[guard](paymock)
            raise LookupError("my own")

    with pytest.raises(LookupError, match="my own"):
        failing_block()


def test_left_over_scripts_come_before_findings(guard: str):
    paymock = a_fake(guards="error").__enter__()
    DEEDS[guard](paymock)
    paymock.outcomes.queue("success")
    with pytest.raises(ExpectationError, match=r"^the test queued outcomes that no payment used"):
        paymock.__exit__(None, None, None)


def test_the_message_of_an_error_survives_a_pickle(guard: str):
    error = failing(guard)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (type(again), str(again)) == (ExpectationError, str(error))


@pytest.mark.parametrize("guards", ["warn", "error"])
def test_the_card_number_stands_in_nothing_of_ours(guards: str):
    paymock = a_fake(guards=guards).__enter__()
    send_a_card_astray(paymock)
    pay(paymock, a_token(paymock), description=f"paid with {VISA}")
    with pytest.raises((ExpectationError, PaymockWarning)) as caught:
        paymock.__exit__(None, None, None)
    shown = [
        repr(caught.value),
        repr(pickle.dumps(caught.value)),
        *paymock.report(),
        repr(paymock),
        repr(list(paymock.calls)),
        repr([(call.path, call.request_body, call.response_body) for call in paymock.calls]),
        repr(list(paymock.payments)),
        repr(paymock.snapshot()),
        repr(paymock.snapshot().entries()),
        repr(pickle.dumps(paymock.snapshot())),
    ]
    assert "0366" in shown[0]
    assert not [text for text in shown if VISA in text or VISA[:12] in text]


# -- the network rule -------------------------------------------------------------------------


def ask_somebody_else(_: Paymock) -> None:
    """Swallow what stops a request, as code under test may do."""
    with pytest.raises(httpx.ConnectError):
        httpx.get("https://bank.example/rates")


@pytest.mark.parametrize("guards", ["off", "warn", "error"])
def test_a_swallowed_block_is_an_error_whatever_the_policy(guards: str):
    paymock = a_fake(guards=guards).__enter__()
    ask_somebody_else(paymock)
    with pytest.raises(BlockedRequestError) as caught:
        paymock.__exit__(None, None, None)
    assert str(caught.value).startswith(
        "a request was stopped and the code under test swallowed the error: "
        "paymock stopped GET https://bank.example/rates: "
    )


def test_a_swallowed_block_comes_before_findings(guard: str):
    paymock = a_fake(guards="error").__enter__()
    DEEDS[guard](paymock)
    ask_somebody_else(paymock)
    with pytest.raises(BlockedRequestError):
        paymock.__exit__(None, None, None)


def test_a_swallowed_block_is_silenced_by_its_name():
    assert told_by(ask_somebody_else, allow=["swallowed_block"]) == []


def test_a_guard_that_does_not_exist_cannot_be_silenced():
    with pytest.raises(UsageError) as caught:
        Paymock(allow=["double_charges"])
    assert str(caught.value) == (
        "there is no guard 'double_charges' (did you mean double_charge?); "
        "the guards are double_charge, card_data_leak, foreign_token, swallowed_block"
    )


def test_a_policy_that_does_not_exist_is_refused():
    with pytest.raises(UsageError, match=r"^guards must be one of off, warn, error, not 'strict'$"):
        Paymock(guards="strict")


def test_leaks_in_a_text_are_found_for_whoever_asks():
    with a_fake(allow=["swallowed_block"]) as paymock:
        tokenize(paymock)
        texts = [("stdout", f"card {VISA}"), ("stderr", "nothing"), ("the log", f"0{VISA} {VISA}")]
        assert paymock.checks.leaks_in(texts) == [
            ("card_data_leak", f"the card number that ends in 0366, sent in this test, {place}")
            for place in ("stands in stdout", "stands in the log")
        ]
    with a_fake(allow=["card_data_leak"]) as paymock:
        tokenize(paymock)
        assert paymock.checks.leaks_in(texts) == []
