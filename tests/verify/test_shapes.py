"""What an expectation says of a value that does not fit."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from pytest_paymock._verify.known import Known
from pytest_paymock._verify.probe import Verdict
from pytest_paymock._verify.run import HttpServer, verify
from pytest_paymock._verify.shapes import (
    Each,
    Holding,
    Lacking,
    Near,
    Relation,
    fault_of,
    having,
    shown,
)


@pytest.mark.parametrize(
    ("expected", "value", "told"),
    [
        ([1], [], "x: expected a list of 1, got a list of 0"),
        ([1, 2], [1, 3], "x[1]: expected 2, got 3"),
        (having(a=1), [], "x: expected an object, got a list of 0"),
        (having(a=1), {}, "x: lacks a"),
        ({}, {"b": 1}, "x: has 'b', which is not expected"),
        (Lacking(("a",)), 7, "x: expected an object, got 7"),
        (Lacking(("a",)), {"a": 1}, "x: has a, which is not expected"),
        (Holding(1), "y", "x: expected a list, got 'y'"),
        (Holding(1), [], "x: expected items, got an empty list"),
        (Holding(1), [2, 3], "x[...]: expected 1, got 2"),
        (Each(1), None, "x: expected a list, got null"),
        (Each(1), [1, True], "x[1]: expected 1, got true"),
        (Near(), 7, "x: expected a time, got 7"),
        (Near(), "2026-01-27T13:00:00", "x: expected a time within 10 minutes of "),
        (Relation(lambda found: found["a"] > 1, "a is above 1"), {}, "x: expected that a is above"),
    ],
)
def test_what_does_not_fit_is_told(expected: Any, value: Any, told: str) -> None:
    known = Known("documented", {"now": "2026-01-27T12:00:00"})
    assert fault_of(expected, value, known, "x").startswith(told)


def test_values_are_shown_short() -> None:
    assert shown("a" * 500) == "'" + "a" * 119 + "..."
    assert shown({"b": 1, "a": 2}) == "an object with a, b"
    assert shown(Decimal("9.90")) == "9.90"


def test_rates_that_are_off_are_told() -> None:
    answers = iter([{"token": "tok_1"}])

    def service(_: httpx.Request) -> httpx.Response:
        message = {"status": "success", "message": "Payment processed successfully"}
        return httpx.Response(201, json=next(answers, message))

    with HttpServer("http://x.example", transport=httpx.MockTransport(service)) as server:
        (finding,) = verify(server, "documented", ["ordinary-outcomes"])
    assert finding.verdict is Verdict.DIFFERS
    assert finding.reason == (
        "outcome success (Payment processed successfully): expected 90% of 400 payments, "
        "give or take 6.8%, got 100.0%"
    )


def test_a_redirect_with_a_type_is_told() -> None:
    def service(_: httpx.Request) -> httpx.Response:
        return httpx.Response(307, headers={"content-type": "text/plain"})

    with HttpServer("http://x.example", transport=httpx.MockTransport(service)) as server:
        (finding,) = verify(server, "deployed", ["redirects-are-empty"])
    assert finding.reason == "header content-type: expected none, got 'text/plain'"
