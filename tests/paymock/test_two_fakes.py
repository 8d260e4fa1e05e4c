"""More than one fake at once, and what is left of them afterwards."""

import itertools
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import httpcore
import httpx
import httpx2
import pytest
import requests
import responses
from requests.adapters import HTTPAdapter

from pytest_paymock import Paymock, UsageError

from .support import NOW, call, pay, refund

Make = Callable[..., Paymock]

GET = (httpx.get, httpx2.get, requests.get)

# Every place at which a fake, respx or responses could hook into a client library.
SEAMS: list[tuple[Any, str]] = [
    (httpx.HTTPTransport, "handle_request"),
    (httpx.AsyncHTTPTransport, "handle_async_request"),
    (httpx.Client, "send"),
    (httpx.AsyncClient, "send"),
    (httpx2.HTTPTransport, "handle_request"),
    (httpx2.AsyncHTTPTransport, "handle_async_request"),
    (httpx2.Client, "send"),
    (httpx2.AsyncClient, "send"),
    (httpcore.ConnectionPool, "handle_request"),
    (httpcore.AsyncConnectionPool, "handle_async_request"),
    (HTTPAdapter, "send"),
    (HTTPAdapter, "get_connection_with_tls_context"),
    (requests.Session, "send"),
    (responses.RequestsMock, "_on_request"),
    (responses.RequestsMock, "start"),
    (responses.RequestsMock, "stop"),
]


def patched() -> list[Any]:
    """Return the functions that stand in those places now."""
    return [vars(owner)[name] for owner, name in SEAMS]


def reaches(paymock: Paymock) -> bool:
    """Say whether a request to its base URL reaches this very fake, through every library."""
    before = len(paymock.calls)
    for get in GET:
        get(f"{paymock.base_url}/api/v1/tokens/x")
    assert len(paymock.calls) - before in (0, len(GET))
    return len(paymock.calls) > before


def test_two_base_urls_are_two_worlds() -> None:
    with (
        Paymock(base_url="http://one.example") as one,
        Paymock(base_url="http://two.example") as two,
    ):
        first = pay(one, 5)
        second = pay(two, 7)
        pay(two, 8)
        assert "detail" in call(two, "POST", f"/transactions/{first[:-1]}/refund")
        refund(two, second)
    assert [len(fake.payments) for fake in (one, two)] == [1, 2]
    assert [len(fake.refunds) for fake in (one, two)] == [0, 1]
    assert [len(fake.calls) for fake in (one, two)] == [1, 4]


def test_one_fake_may_lie_below_the_other() -> None:
    with (
        Paymock(base_url="http://pay.example") as outer,
        Paymock(base_url="http://pay.example/v2") as inner,
    ):
        pay(outer)
        pay(inner)
        pay(inner)
    assert (len(outer.payments), len(inner.payments)) == (1, 2)


def test_two_fakes_alike_give_the_same_bytes() -> None:
    answers = []
    with (
        Paymock(base_url="http://one.example", clock=NOW, seed=4) as one,
        Paymock(base_url="http://two.example", clock=NOW, seed=4) as two,
    ):
        for fake in (one, two):
            name = pay(fake)
            answers.append(call(fake, "GET", f"/transactions/{name}"))
    assert answers[0] == answers[1]


def test_under_the_same_base_url_the_newest_answers() -> None:
    with Paymock() as outer:
        assert reaches(outer)
        with Paymock() as inner:
            assert reaches(inner)
            assert not reaches(outer)
            with Paymock() as innermost:
                assert reaches(innermost)
                assert not reaches(inner)
            assert reaches(inner)
        assert reaches(outer)


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_fakes_may_end_in_any_order(order: tuple[int, ...]) -> None:
    before = patched()
    fakes = [Paymock(base_url=f"http://{name}.example") for name in ("one", "two", "three")]
    for fake in fakes:
        fake.start()
    try:
        for position, index in enumerate(order, 1):
            assert all(reaches(fakes[still]) for still in order[position - 1 :])
            fakes[index].stop()
            assert all(reaches(fakes[still]) for still in order[position:])
    finally:
        for fake in fakes:
            fake.stop()
    assert all(now is then for now, then in zip(patched(), before, strict=True))


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_of_fakes_under_one_url_the_newest_that_is_left_answers(order: tuple[int, ...]) -> None:
    fakes = [Paymock(), Paymock(), Paymock()]
    for fake in fakes:
        fake.start()
    left = [0, 1, 2]
    for index in order:
        assert reaches(fakes[max(left)])
        fakes[index].stop()
        left.remove(index)


def test_the_same_functions_stand_in_the_libraries_afterwards() -> None:
    before = patched()
    for _ in range(2):
        with Paymock(base_url="http://one.example") as one:
            pay(one)
            with Paymock(base_url="http://two.example") as two:
                pay(two)
    assert all(now is then for now, then in zip(patched(), before, strict=True))


def test_the_same_functions_stand_there_after_a_failure() -> None:
    before = patched()
    with pytest.raises(ZeroDivisionError), Paymock():
        _ = 1 / 0
    with pytest.raises(AssertionError), Paymock() as paymock:
        paymock.outcomes.queue("success")
    with pytest.raises(UsageError):
        Paymock(seed="x")
    assert all(now is then for now, then in zip(patched(), before, strict=True))


def test_a_fake_that_is_never_started_touches_nothing() -> None:
    before = patched()
    paymock = Paymock()
    paymock.add_payment(amount=5)
    paymock.verify()
    assert all(now is then for now, then in zip(patched(), before, strict=True))


def test_a_client_made_before_is_answered_and_can_be_used_again() -> None:
    with httpx.Client() as early, requests.Session() as session:
        for _ in range(2):
            with Paymock(clock=NOW) as paymock:
                url = f"{paymock.base_url}/api/v1/tokens/x"
                assert early.get(url).status_code == 404
                assert session.get(url).status_code == 404
            assert len(paymock.calls) == 2


def test_one_fakes_scripts_do_not_touch_the_other() -> None:
    with (
        Paymock(base_url="http://one.example") as one,
        Paymock(base_url="http://two.example") as two,
    ):
        one.outcomes.queue("card_declined")
        one.clock.advance(hours=1)
        pay(two)
        assert two.payments.one().outcome == "success"
        assert one.outcomes.pending == ["card_declined"]
        two.reset()
        pay(one)
    assert one.payments.one().outcome == "card_declined"
    assert list(two.calls) == []


def test_a_factory_makes_more_in_one_test(paymock_factory: Make, paymock: Paymock) -> None:
    other = paymock_factory(base_url="https://pay.example/v2", seed=7)
    pay(paymock)
    pay(other)
    pay(other)
    assert (len(paymock.payments), len(other.payments)) == (1, 2)
    assert other.base_url == "https://pay.example/v2"
    assert paymock.outcomes.forecast(40) != other.outcomes.forecast(40)


def test_the_strictest_rule_holds_for_all_other_addresses() -> None:
    with (
        Paymock(base_url="http://one.example", network="any"),
        Paymock(base_url="http://two.example", network="none", allow=["swallowed_block"]),
    ):
        for get in GET:
            with pytest.raises(
                Exception, match=r"it is not under http://one\.example or http://two"
            ):
                get("http://127.0.0.1:9/else")


@pytest.mark.parametrize("paths", [("", "/v2"), ("/v2", "")])
def test_of_two_base_urls_one_below_the_other_the_closer_one_is_meant(
    paths: tuple[str, str],
) -> None:
    with ExitStack() as stack:
        fakes = [
            stack.enter_context(Paymock(base_url=f"http://one.example{path}")) for path in paths
        ]
        wide, close = sorted(fakes, key=lambda fake: fake.base_url)
        assert reaches(close)
        assert len(wide.calls) == 0
        assert reaches(wide)
        assert len(close.calls) == len(GET)
