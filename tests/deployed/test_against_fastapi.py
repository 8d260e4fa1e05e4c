"""What the fake says of wrong requests is what FastAPI says, word for word."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from pytest_paymock._api.http import Request
from pytest_paymock._api.profiles import DEPLOYED
from tests.api.support import handled
from tests.contract.documents import NOW, PAYMENTS, TOKENIZE, payment, tokenization
from tests.engine.support import Bench

TOKEN = "tok_f6c00db6682917480dac8f9ce9d46c62"

DOCUMENTS = {TOKENIZE: tokenization(), PAYMENTS: payment(TOKEN)}

VALUES = [
    *(None, True, False, [], [1], {}, {"card": 1}),
    *(0, 1, -1, 12, 13, 2023, 2024, 10**30, 10**400, 2**63),
    *(0.0, -0.0, 12.0, 12.5, 2024.0, 5e-324, 1e22, float("nan"), float("-inf")),
    *("", " ", "0", "1", "12", "12.0", "12.5", "2027", "1_000", "1e5", "-1", "nan", "0x1"),
    *("123", "1234", "12345", "12a", "1 2", "{0}", "%s", "{message}", "é", "\u2028"),
    *("4532 0151-1283\t0366", "453201511283036", "45320151128303", "4532015112830366a", "x" * 16),
    "9" * 300,
]

BODIES = [
    *(b"", b" ", b"[]", b"{}", b"1", b"1.5", b"true", b'"x"', b'""', b"NaN", b"[1,2"),
    *(b"{", b"nope", b'{"a":}', b"{'a':1}", b"\x00", b"a=1&b=2", b'{"a":1,}', b"{}{}", b"\n\n{"),
    *(b"\xff", b"\xef\xbb\xbf{}", b"\xef\xbb\xbf\xef\xbb\xbf{}", b"\xef\xbb\xbf", b'{"a":"\n"}'),
    *(b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5000, b'{"a":1,"a":2}', b'{"a":"\xe9"}'),
    b'{"amount":-1e99999999999999999999}',
    b'{"amount":1e-99999999999999999999}',
    b'{"amount":-1E-99999999999999999999}',
]


def answered(sent_to: str, body: bytes) -> tuple[int, Any]:
    """Return status and JSON of the fake's answer, which has changed nothing if it is a refusal."""
    engine = Bench(clock=NOW, rules=DEPLOYED.rules)
    before = engine.changes()
    response = handled(engine, Request("POST", sent_to, body), DEPLOYED).response
    document = json.loads(response.body)
    if response.status_code in (201, 401):
        # Whether the token exists is none of validation's business.
        return 201, None
    assert engine.changes() == before
    return response.status_code, document


def assert_same_answer(service: TestClient, path: str, body: bytes) -> int:
    """Compare the two answers to a body, and return the status."""
    real = service.post(path, content=body)
    expected = (real.status_code, real.json())
    assert answered(path, body) == expected
    return real.status_code


def fields_of(document: dict[str, Any], *above: str) -> Iterator[tuple[str, ...]]:
    """Yield the path of each field, of objects too."""
    for name, value in document.items():
        yield (*above, name)
        if isinstance(value, dict):
            yield from fields_of(value, *above, name)


PLACES = [(path, place) for path, sent in DOCUMENTS.items() for place in fields_of(sent)]


def part_of(document: Any, place: tuple[str, ...]) -> Any:
    for name in place:
        document = document[name]
    return document


@pytest.mark.parametrize(("path", "place"), PLACES, ids=[".".join(place) for _, place in PLACES])
def test_a_wrong_value_of_any_field(service: TestClient, path: str, place: tuple[str, ...]) -> None:
    *above, name = place
    statuses = set()
    for value in VALUES:
        sent = deepcopy(DOCUMENTS[path])
        part_of(sent, (*above,))[name] = value
        statuses.add(assert_same_answer(service, path, json.dumps(sent).encode()))
    sent = deepcopy(DOCUMENTS[path])
    del part_of(sent, (*above,))[name]
    statuses.add(assert_same_answer(service, path, json.dumps(sent).encode()))
    assert 422 in statuses


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_body_that_is_no_request(service: TestClient, path: str, body: bytes) -> None:
    status = assert_same_answer(service, path, body)
    assert status in (400, 422)


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"]
)
def test_a_body_in_any_encoding_of_json(service: TestClient, path: str, encoding: str) -> None:
    text = json.dumps(DOCUMENTS[path])
    status = assert_same_answer(service, path, text.encode(encoding))
    assert status == 201
    status = assert_same_answer(service, path, (text + "x").encode(encoding))
    assert status == 422


def test_several_faults_come_in_the_same_order(service: TestClient) -> None:
    for sent in (
        {"card": {"cvv": "1", "expiry_month": 0, "card_number": "x"}, "customer": {}},
        {"customer": {"billing_address": {"country": 7}, "email": 1}},
        {"card": [], "customer": None},
    ):
        status = assert_same_answer(service, TOKENIZE, json.dumps(sent).encode())
        assert status == 422
    for sent in ({"customer_id": 1, "currency": 2, "amount": 0, "token": 3}, {"description": []}):
        status = assert_same_answer(service, PAYMENTS, json.dumps(sent).encode())
        assert status == 422


# Left out is where the fake means to differ: an infinite amount or half a surrogate pair, which the
# service would store and then fail to answer, and numbers that may be those of cards.
_FEWEST = 10**12

steady = settings.get_profile("long")

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-_FEWEST, _FEWEST)
    | st.floats(-_FEWEST, _FEWEST)
    | st.just(float("nan"))
    | st.text(st.characters(codec="ascii")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(data=st.data(), value=JSON)
@steady
def test_random_values(service: TestClient, data: st.DataObject, value: Any) -> None:
    path, place = data.draw(st.sampled_from(PLACES))
    sent = deepcopy(DOCUMENTS[path])
    part_of(sent, place[:-1])[place[-1]] = value
    assert_same_answer(service, path, json.dumps(sent).encode())


@given(path=st.sampled_from(list(DOCUMENTS)), body=st.binary(max_size=20))
@steady
def test_random_bytes(service: TestClient, path: str, body: bytes) -> None:
    assert_same_answer(service, path, body)


# -- where the fake refuses and the service does not know what to do --------------------------


@pytest.mark.parametrize(
    "amount",
    ["Infinity", "1e999", '"inf"', "1e99999999999999999999", f'"{"9" * 400}"'],
    ids=str.strip,
)
def test_an_infinite_amount(amount: str) -> None:
    body = f'{{"token": "{TOKEN}", "amount": {amount}, "customer_id": "cust_1"}}'
    fault = {
        "type": "finite_number",
        "loc": ["body", "amount"],
        "msg": "Input should be a finite number",
    }
    assert answered(PAYMENTS, body.encode()) == (422, {"detail": [fault]})


TEXTS = [
    (path, place)
    for path, place in PLACES
    if isinstance(part_of(DOCUMENTS[path], place), str) and place[-1] not in ("card_number", "cvv")
]


@pytest.mark.parametrize(("path", "place"), TEXTS)
def test_half_a_surrogate_pair(path: str, place: tuple[str, ...]) -> None:
    sent = deepcopy(DOCUMENTS[path])
    part_of(sent, place[:-1])[place[-1]] = "\ud800"
    status, document = answered(path, json.dumps(sent).encode())
    assert status == 422
    assert [(fault["type"], fault["loc"]) for fault in document["detail"]] == [
        ("string_unicode", ["body", *place])
    ]


def test_digits_of_another_script() -> None:
    for digit in ("\uff14", "\u0664", "\u00b2"):
        wide = {"card_number": digit * 16, "cvv": digit * 3}
        status, _ = answered(TOKENIZE, json.dumps(tokenization(wide)).encode())
        assert status == 201


# -- where the installed releases differ from those that are deployed -------------------------


@pytest.mark.parametrize("month", [" 12", "12 ", "\t12", "12\n", "12\u00a0"])
def test_a_text_with_blanks_is_no_number(month: str) -> None:
    sent = json.dumps(tokenization({"expiry_month": month})).encode()
    status, document = answered(TOKENIZE, sent)
    assert (status, [fault["type"] for fault in document["detail"]]) == (422, ["int_parsing"])
    sent = json.dumps({**payment(TOKEN), "amount": month}).encode()
    status, document = answered(PAYMENTS, sent)
    assert (status, [fault["type"] for fault in document["detail"]]) == (422, ["float_parsing"])


def test_a_point_at_its_end_makes_no_whole_number_a_fraction() -> None:
    assert answered(TOKENIZE, json.dumps(tokenization({"expiry_month": "12."})).encode())[0] == 201


@pytest.mark.parametrize("path", DOCUMENTS)
def test_null_is_no_body(path: str) -> None:
    fault = {"type": "missing", "loc": ["body"], "msg": "Field required"}
    assert answered(path, b" null ") == (422, {"detail": [fault]})
