"""Bodies that are no JSON object, in every way that a client can get it wrong."""

import json
import sys
from decimal import Decimal

import pytest

from pytest_paymock._api.bodies import MAX_DEPTH, BodyError, dump, parse
from tests.api.support import (
    EXAMPLE,
    PAYMENTS,
    TOKENIZE,
    a_payment,
    a_token,
    an_engine,
    call,
    post,
    refused,
)

NOT_JSON = "the request body is not valid JSON (line 1 column 1)"
NO_OBJECT = "the request body must be a JSON object"
NOT_UTF8 = "the request body is not UTF-8"
OUT_OF_RANGE = "the request body holds a number that is out of range"
TOO_DEEP = "the request body is nested deeper than 64 levels"
HALF_A_PAIR = "the request body holds half a surrogate pair, which is no character"

# Python 3.13 names the comma that is too much, and earlier ones what comes where a name should.
TRAILING = "line 2 column 7" if sys.version_info >= (3, 13) else "line 3 column 1"

TEXT = json.dumps(EXAMPLE)

BAD_BODIES = {
    "empty": (b"", NOT_JSON),
    "blank": (b" \n", "the request body is not valid JSON (line 2 column 1)"),
    "words": (b"hello", NOT_JSON),
    "a form": (b"token=tok_1&amount=99.99", NOT_JSON),
    "xml": (b"<card/>", NOT_JSON),
    "cut off": (b'{"token": "tok', "the request body is not valid JSON (line 1 column 11)"),
    "more behind": (b"{} {}", "the request body is not valid JSON (line 1 column 4)"),
    "single quotes": (b"{'a': 1}", "the request body is not valid JSON (line 1 column 2)"),
    "trailing comma": (b'{\n"a": 1,\n}', f"the request body is not valid JSON ({TRAILING})"),
    "a raw line break": (b'{"a": "\n"}', "the request body is not valid JSON (line 1 column 8)"),
    "a wrong escape": (b'{"a": "\\x"}', "the request body is not valid JSON (line 1 column 8)"),
    "a comment": (b'{"a": 1} // b', "the request body is not valid JSON (line 1 column 10)"),
    "null": (b"null", NO_OBJECT),
    "a list": (b"[]", NO_OBJECT),
    "a list of requests": (f"[{TEXT}]".encode(), NO_OBJECT),
    "a string": (b'"{}"', NO_OBJECT),
    "a number": (b"12.5", NO_OBJECT),
    "a boolean": (b"true", NO_OBJECT),
    "nan": (b"NaN", NO_OBJECT),
    "latin-1": ('{"a": "\u00e9"}'.encode("latin-1"), NOT_UTF8),
    "half a character": (b'{"a": "\xe2\x82"}', NOT_UTF8),
    "raw surrogate": (b'{"a": "\xed\xa0\x80"}', NOT_UTF8),
    "overlong": (b'{"a": "\xc0\x80"}', NOT_UTF8),
    "gzip": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", NOT_UTF8),
    "utf-16": (TEXT.encode("utf-16"), NOT_UTF8),
    "utf-16 without a mark": (
        TEXT.encode("utf-16-le"),
        "the request body is not valid JSON (line 1 column 2)",
    ),
    "utf-32": (TEXT.encode("utf-32"), NOT_UTF8),
    "a byte order mark": (TEXT.encode("utf-8-sig"), NOT_JSON),
    "too many digits": (b'{"a": %b}' % (b"9" * 5000), OUT_OF_RANGE),
    "an absurd exponent": (b'{"a": 1e99999999999999999999}', OUT_OF_RANGE),
    "high surrogate": (b'{"a": "\\ud800"}', HALF_A_PAIR),
    "low surrogate": (b'{"a": "\\uDC00"}', HALF_A_PAIR),
    "surrogates the wrong way round": (b'{"a": "\\udcb3\\ud83d"}', HALF_A_PAIR),
    "a surrogate in a key": (b'{"a": {"\\ud800": 1}}', HALF_A_PAIR),
    "a pair and a half": (b'{"a": "\\ud83d\\udcb3\\ud83d"}', HALF_A_PAIR),
    "deep lists": (b'{"a": ' + b"[" * 64 + b"]" * 64 + b"}", TOO_DEEP),
    "very deep lists": (b'{"a": ' + b"[" * 100_000, TOO_DEEP),
    "very deep objects": (b'{"a": ' * 100_000, TOO_DEEP),
    "deep behind what is not": (
        b'{"a": [' + b"[]," * 50 + b"[" * 63 + b"]" * 63 + b"]}",
        TOO_DEEP,
    ),
    "deep behind a string": (b'{"a": "\\"]]", "b": ' + b"[" * 100, TOO_DEEP),
}


@pytest.mark.parametrize("path", [TOKENIZE, PAYMENTS])
@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_body_that_is_no_json_object_is_refused(name, path):
    body, detail = BAD_BODIES[name]

    assert refused(an_engine(), "POST", path, body) == (400, detail)


@pytest.mark.parametrize("name", BAD_BODIES)
def test_nothing_is_recorded_of_a_body_that_is_no_json_object(name):
    body, _ = BAD_BODIES[name]

    assert call(an_engine(), "POST", PAYMENTS, body).request is None


GOOD_BODIES = {
    "white space around it": f" \r\n\t{TEXT} \n".encode(),
    "as few bytes as can be": json.dumps(EXAMPLE, separators=(",", ":")).encode(),
    "on many lines": json.dumps(EXAMPLE, indent=4).encode(),
    "characters as they are": TEXT.replace("John", "J\u00f8hn \U0001f4b3").encode(),
    "characters escaped": TEXT.replace("John", "J\\u00f8hn \\ud83d\\udcb3").encode(),
    "an escaped backslash before u": TEXT.replace("John", "John \\\\ud800").encode(),
    "brackets in a string": TEXT.replace("John", "[{" * 500).encode(),
    "many brackets side by side": f'{{"a": [{"{}," * 500}1], {TEXT[1:]}'.encode(),
    "nested as deep as may be": (
        b'{"a": ' + b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1) + b"," + TEXT.encode()[1:]
    ),
    "a field twice": TEXT.replace('"cvv"', '"cvv": 5, "cvv"').encode(),
    "not a number in a field that nobody reads": f'{{"a": NaN, {TEXT[1:]}'.encode(),
    "infinity in a field that nobody reads": f'{{"a": [-Infinity], {TEXT[1:]}'.encode(),
}


@pytest.mark.parametrize("name", GOOD_BODIES)
def test_any_way_to_write_the_same_json_will_do(name):
    status, answer = post(an_engine(), TOKENIZE, GOOD_BODIES[name])

    assert (status, answer["customer_id"]) == (201, "cust_123")


def test_of_a_field_that_stands_twice_the_last_counts():
    engine = an_engine()
    text = json.dumps(a_payment(a_token(engine)))
    body = text.replace('"amount": 99.99', '"amount": 1, "amount": 0.02').encode()

    assert post(engine, PAYMENTS, body)[1]["message"] == "Card declined"


def test_a_body_error_shows_nothing_of_the_body():
    for body, _ in BAD_BODIES.values():
        with pytest.raises(BodyError) as caught:
            parse(body)
        assert caught.value.__cause__ is None
        assert "tok" not in str(caught.value)


def test_numbers_are_read_to_their_last_digit():
    assert parse(b'{"a": 0.1, "b": 1e2, "c": 10, "d": -0.0}') == {
        "a": Decimal("0.1"),
        "b": Decimal("1E+2"),
        "c": 10,
        "d": Decimal("-0.0"),
    }
    assert str(parse(b'{"a": 0.10}')["a"]) == "0.10"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({}, b"{}"),
        ([1, None, True, "a"], b'[1,null,true,"a"]'),
        ({"a": Decimal("99.90")}, b'{"a":99.90}'),
        ({"a": [Decimal("1E+2"), {"b": Decimal(1)}]}, b'{"a":[1E+2,{"b":1}]}'),
        ([Decimal("NaN"), Decimal("-Infinity")], b"[null,null]"),
        ({"\u00e9": "\u20ac", 'q"': Decimal(1)}, b'{"\\u00e9":"\\u20ac","q\\"":1}'),
        ([Decimal(1), False, None, 7, "\n"], b'[1,false,null,7,"\\n"]'),
    ],
)
def test_json_is_written_in_as_few_ascii_bytes_as_can_be(value, written):
    assert dump(value) == written


def test_a_body_survives_reading_and_writing():
    text = b'{"amount":99.90,"more":[1,2.50,{"a":null}],"note":"x"}'

    assert dump(parse(text)) == text
