"""What is known of the headers of requests, and that nothing that stands in one is kept for it."""

from typing import Any

import pytest

from pytest_paymock._intercept import headers as module
from pytest_paymock._intercept.headers import ODD, SeenHeaders, is_usual

NUMBER = "4532015112830366"


@pytest.fixture
def heads() -> SeenHeaders:
    return SeenHeaders()


@pytest.mark.parametrize("again", [1, 2])
@pytest.mark.parametrize(
    ("fields", "length"),
    [
        ((), 0),
        ((("X-It", "plain"),), 0),
        (((b"X-It", b"x-it", b"plain"),), 0),
        ((("Host", "a"), ("Content-Length", "12")), 12),
        (((b"CONTENT-LENGTH", b"content-length", b"7"),), 7),
        ((("Transfer-Encoding", "chunked"),), 0),
        ((("X-It", ""),), 0),
        ((("X-It", "a b"),), 0),
    ],
)
def test_the_length_that_an_ordinary_header_announces(
    heads: SeenHeaders, fields: Any, length: int, again: int
):
    assert [heads.look(fields) for _ in range(again)] == [(length, "")] * again


@pytest.mark.parametrize("again", [1, 2])
@pytest.mark.parametrize(
    "field",
    [
        *[
            ("X-It", value)
            for value in ("a\nb", "\u00e9", "\u043a", " lead", "trail ", b"\xff", None, 3, [3])
        ],
        *[(name, "v") for name in ("", "X Y", "X:Y", "X\n", "\u00e9", b"\xff", None)],
        *[("Content-Length", value) for value in ("", "-1", "+1", "a", "1" * 5000)],
        ("Transfer-Encoding", "gzip"),
    ],
    ids=lambda field: repr(field)[:40],
)
def test_a_field_that_a_library_may_refuse(heads: SeenHeaders, field: Any, again: int):
    assert [heads.look((("Host", "a"), field))[0] for _ in range(again)] == [ODD] * again


@pytest.mark.parametrize("name", ["Host", "Content-Length", "Transfer-Encoding"])
def test_a_field_that_may_be_there_once(heads: SeenHeaders, name: str):
    value = {"Host": "a", "Content-Length": "1", "Transfer-Encoding": "chunked"}[name]

    assert heads.look(((name, value), (name.lower(), value)))[0] == ODD


@pytest.mark.parametrize("value", [NUMBER, NUMBER.encode(), [NUMBER], f"\u00e9 {NUMBER}"])
def test_a_card_number_is_told_each_time_and_not_kept(heads: SeenHeaders, value: Any):
    fields = (("X-It", value),)

    assert NUMBER in heads.look(fields)[1]
    assert NUMBER in heads.look(fields)[1]
    assert heads._lengths == {}


def test_of_a_header_that_is_known_only_numbers_are_kept(heads: SeenHeaders):
    heads.look((("X-CVV", "987"),))

    (kept,) = heads._lengths.items()
    assert list(vars(heads)) == ["_lengths"]
    assert {type(part) for part in kept} == {int}
    assert "987" not in repr(kept[1])


def test_not_all_that_were_ever_seen_are_known(heads: SeenHeaders):
    for number in range(module._MOST + 1):
        assert heads.look((("X-It", str(number)),)) == (0, "")

    assert len(heads._lengths) == 1


def test_nor_after_two_threads_have_added_one_at_once(heads: SeenHeaders):
    heads._lengths.update(dict.fromkeys(range(module._MOST + 1), 0))
    heads.look((("X-It", "plain"),))

    assert len(heads._lengths) == 1


@pytest.mark.parametrize(
    ("seconds", "usual"),
    [
        *[(None, True), (5, True), (0.5, True)],
        *[(0, False), (-1, False), (float("nan"), False), (float("inf"), False), (10**400, False)],
        *[("5", False), (True, False), ([], False)],
    ],
    ids=lambda value: repr(value)[:20],
)
def test_how_long_every_client_can_wait(seconds: Any, usual: bool):  # noqa: FBT001
    assert is_usual(seconds) is usual


def test_a_number_is_told_after_a_text_whose_hash_is_the_same(heads: SeenHeaders):
    twin = NUMBER.encode().decode("utf-16")
    assert hash(twin) == hash(NUMBER)
    heads.look((("X-It", twin),))

    assert heads.look((("X-It", NUMBER),))[1] == NUMBER
