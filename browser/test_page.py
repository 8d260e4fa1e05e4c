"""The script of the report's page, run by an engine: filters, addresses, rows, paper, hostile text.

Layout, colours and keys are not tried here, which the engine does not have. Nor does it tell a
``<details>`` that it was opened, so that ``unfold`` does that in its place.
"""

from typing import Any

import pytest

from browser.conftest import Server, Show
from browser.driver import Tab
from pytest_paymock._report.models import TestFacts
from tests.report.facts import AFTER, BEFORE, a_call, a_fake, a_payment, a_test

ROWS = "[...document.querySelectorAll('#tests > div')]"

SHOWN = f"return {ROWS}.filter((row) => !row.hidden).map((row) => row.dataset.name);"

OPEN = f"return {ROWS}.filter((row) => row.firstElementChild.open).map((row) => row.dataset.name);"

TOLD = "return document.getElementById('count').textContent;"

NONE = "return !document.getElementById('none').hidden;"

CHOOSE = """
    const field = document.getElementById('filters').elements[arguments[0]];
    field.value = arguments[1];
    field.dispatchEvent(new Event('input', { bubbles: true }));
"""

UNFOLD = f"""
    const row = {ROWS}.find((one) => one.dataset.name === arguments[0]).firstElementChild;
    row.open = true;
    row.dispatchEvent(new Event('toggle'));
    return row.querySelectorAll('.panel').length;
"""

STORY = f"""
    const row = {ROWS}.find((one) => one.dataset.name === arguments[0]);
    return row.querySelector('.panel').textContent;
"""

PRESS = "document.querySelector(arguments[0]).click();"

HOSTILE = [
    "</script><script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 1'>",
    '"><svg onload="window.pwned = 1">',
    "<!-- <script>",
    "&lt;b&gt; & &amp;",
    "a|b#c=d&e=f%20+",
    "ключ 日本語 \U0001f389",
    "x" * 3000,
]


def a_story(number: int, text: str = "cust_1") -> Any:
    call = a_call(
        endpoint=("create_payment", "refund", None)[number % 3],
        client=("httpx", "requests")[number % 2],
        fault=(None, BEFORE, AFTER)[number % 3],
        path=f"/api/v1/{text}",
        detail=text,
    )
    return a_fake(calls=(call,), payments=(a_payment(customer_id=text, reason=text),))


def a_run(count: int = 6) -> list[TestFacts]:
    outcomes = ("passed", "failed", "error", "skipped")
    return [
        a_test(
            f"test_shop.py::test_Number_{number}",
            outcome=outcomes[number % 4],
            fakes=(a_story(number),),
        )
        for number in range(count)
    ]


def names(*numbers: int) -> list[str]:
    return [f"test_shop.py::test_Number_{number}" for number in numbers]


def test_at_first_all_are_shown_and_can_be_filtered(show: Show, tab: Tab):
    show(*a_run())
    assert tab.run(SHOWN) == names(1, 2, 5, 0, 3, 4), "those that failed come first"
    assert tab.run(TOLD) == "6 of 6 tests"
    assert not tab.run(NONE)
    assert not tab.run("return document.getElementById('filters').hidden;")


@pytest.mark.parametrize(
    ("field", "value", "numbers"),
    [
        ("outcome", "passed", (0, 4)),
        ("outcome", "error", (2,)),
        ("endpoints", "refund", (1, 4)),
        ("endpoints", "unknown path", (2, 5)),
        ("faults", "read timeout after commit", (2, 5)),
        ("clients", "requests", (1, 5, 3)),
        ("search", "number_3", (3,)),
        ("search", "  TEST_number_4 ", (4,)),
        ("search", "shop.py::test", (1, 2, 5, 0, 3, 4)),
        ("search", "nothing like it", ()),
    ],
)
def test_each_filter_shows_what_fits(
    show: Show, tab: Tab, field: str, value: str, numbers: tuple[int, ...]
):
    show(*a_run())
    tab.run(CHOOSE, field, value)
    assert tab.run(SHOWN) == names(*numbers)
    assert tab.run(TOLD) == f"{len(numbers)} of 6 tests"
    assert tab.run(NONE) == (not numbers)


def test_filters_add_up_until_they_are_cleared(show: Show, tab: Tab):
    show(*a_run())
    tab.run(CHOOSE, "clients", "requests")
    tab.run(CHOOSE, "outcome", "failed")
    tab.run(CHOOSE, "search", "5")
    assert tab.run(SHOWN) == names(5)
    assert tab.run("return location.hash;") == "#search=5&outcome=failed&clients=requests"
    tab.run(PRESS, "button[type=reset]")
    assert len(tab.later(SHOWN)) == 6
    assert tab.run("return location.hash;") == ""


def test_an_address_says_what_is_shown(show: Show, tab: Tab):
    show(*a_run(), at="#search=number&outcome=failed")
    assert tab.run(SHOWN) == names(1, 5)
    tab.run("location.hash = '#clients=httpx';")
    assert tab.later(SHOWN) == names(2, 0, 4)
    assert tab.run("return document.querySelector('[name=outcome]').value;") == ""


@pytest.mark.parametrize("at", ["#", "#tests", "#test=nobody", "#%E0%A4%A", "#__proto__=1", "#=&="])
def test_an_address_that_says_nothing_of_the_page_shows_all(show: Show, tab: Tab, at: str):
    show(*a_run(), at=at)
    assert len(tab.run(SHOWN)) == 6
    assert tab.run(OPEN) == []


def test_a_row_has_its_story_once_it_is_opened(show: Show, tab: Tab):
    show(*a_run())
    name = names(4)[0]
    assert tab.run("return document.querySelectorAll('.panel').length;") == 0
    assert [tab.run(UNFOLD, name) for _ in range(2)] == [1, 1]
    assert "Run it alone:" in tab.run(STORY, name)


def test_the_address_of_a_row_opens_it(show: Show, tab: Tab, server: Server):
    tests = [a_test(f"test_it.py::test[{text}]") for text in HOSTILE]
    show(*tests)
    for test in tests:
        tab.run(
            f"{ROWS}.find((row) => row.dataset.name === arguments[0])"
            ".querySelector('summary').click();",
            test.name,
        )
        found = tab.run("return location.hash;")
        tab.open(server.address + found)
        assert tab.run(OPEN) == [test.name]


def test_a_row_that_is_filtered_out_is_shown_where_its_address_names_it(show: Show, tab: Tab):
    show(*a_run(), at=f"#outcome=passed&test={names(1)[0]}")
    assert tab.run(SHOWN) == names(1, 0, 4)
    assert tab.run(OPEN) == names(1)


def test_what_a_test_says_stays_text(show: Show, tab: Tab, server: Server):
    tests = [
        a_test(
            f"test_it.py::test[{text}]",
            outcome="failed",
            failures=(text, text),
            fakes=(a_story(number, text),),
        )
        for number, text in enumerate(HOSTILE)
    ]
    show(*tests)
    for test, text in zip(tests, HOSTILE, strict=True):
        assert tab.run(UNFOLD, test.name) == 1
        assert text[:20] in tab.run(STORY, test.name)
    strangers = "#tests img, #tests iframe, #tests a, #tests .panel script, #tests [onload]"
    assert tab.run("return document.querySelectorAll(arguments[0]).length;", strangers) == 0
    assert tab.run("return typeof window.pwned;") == "undefined"
    assert server.asked == ["/report.html"], "and nothing else was loaded"


def test_so_many_are_opened_at_once_and_all_closed(show: Show, tab: Tab):
    show(*a_run(500))
    tab.run(CHOOSE, "clients", "httpx")
    assert tab.run(TOLD) == "250 of 500 tests"
    tab.run(PRESS, "#open")
    opened = tab.run(OPEN)
    assert opened == tab.run(SHOWN)[:200]
    tab.run(PRESS, "#close")
    assert tab.run(OPEN) == []


def test_on_paper_those_that_failed_are_open(show: Show, tab: Tab):
    show(*a_run(), at="#clients=requests")
    tab.run(UNFOLD, names(3)[0])
    tab.run("dispatchEvent(new Event('beforeprint'));")
    assert tab.run(OPEN) == names(1, 5, 3)
    assert tab.run("return document.querySelectorAll('.panel').length;") == 3
    tab.run("dispatchEvent(new Event('afterprint'));")
    assert tab.run(OPEN) == names(3)


def test_a_run_without_a_test_has_nothing_to_run(show: Show, tab: Tab):
    show()
    assert tab.run("return document.querySelector('.empty').textContent;").startswith("No test")
    assert tab.run("return document.getElementById('filters');") is None
