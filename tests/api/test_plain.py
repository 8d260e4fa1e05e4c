"""What is read and masked the quick way is what the thorough way makes of it."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pytest_paymock._api.bodies import BodyError, parse
from pytest_paymock._api.profiles import DEPLOYED, DOCUMENTED, Profile
from pytest_paymock._api.redact import masked, suspect
from tests.api.support import EXAMPLE, VISA
from tests.engine.support import DETERMINISTIC

NOW = datetime(2025, 1, 27, 12, tzinfo=UTC)

PROFILES = pytest.mark.parametrize(
    "profile", [DOCUMENTED, DEPLOYED], ids=["documented", "deployed"]
)

# What a field may be changed to, most of it meant to slip through.
VALUES = st.sampled_from(
    [
        *(
            "x",
            "",
            "cvv",
            "card_number",
            "a@b",
            "123",
            "Panama",
            "Zoë",
            '"',
            "\\",
            "\u0664",
            "{",
            ":",
        ),
        *(VISA, f"pay {VISA}", "4532 0151 1283 0366", "4532-0151", "123456789012", "cust_1e5"),
        *(None, True, 1, 2024, 12, 12.0, 1e13, [], {}, ["x"], {"cvv": "123"}, [453201511283]),
        {"cvv": "1", "pan": VISA},
    ]
)
PLACES = st.sampled_from(
    [
        *(("card", name) for name in EXAMPLE["card"]),
        *(("customer", name) for name in EXAMPLE["customer"]),
        *(("customer", "billing_address", name) for name in ("street", "zip_code", "country")),
        *(("card",), ("customer",), ("cvv",), ("card", "pan"), ("customer", "cvv"), ("note",)),
        *(("customer", "billing_address", "number"), ("card", "cvv2")),
    ]
)
ABSENT = "absent"


def changed(changes: list[tuple[tuple[str, ...], Any]]) -> Any:
    document: Any = deepcopy(EXAMPLE)
    for place, value in changes:
        inner = document
        for name in place[:-1]:
            inner = inner[name] if isinstance(inner, dict) and name in inner else {}
        if not isinstance(inner, dict):
            continue
        if value == ABSENT:
            inner.pop(place[-1], None)
        else:
            inner[place[-1]] = deepcopy(value)
    return document


@st.composite
def bodies(draw):
    changes = draw(st.lists(st.tuples(PLACES, st.one_of(VALUES, st.just(ABSENT))), max_size=3))
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t: ")]))
    ascii_only = draw(st.booleans())
    document = changed(changes)
    for part in ("card", "customer"):
        if isinstance(document.get(part), dict):
            document[part] = dict(draw(st.permutations(list(document[part].items()))))
    body = json.dumps(document, separators=separators, ensure_ascii=ascii_only)
    # A name that stands twice: the reader sees the last one only.
    again = draw(st.sampled_from(["", '"note":"x",', '"card":{"cvv":"987"},', '"card":{},']))
    return ("{" + again + body[1:]).encode()


def without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


@PROFILES
@DETERMINISTIC
@given(body=bodies())
def test_what_is_plain_is_read_and_masked_as_all_others_are(profile: Profile, body: bytes):
    plain = profile.plain_card(body, NOW)
    if plain is None:
        return

    sent = json.loads(body, object_pairs_hook=without_doubles)
    assert parse(body) == sent
    assert parse(plain.recorded) == masked(parse(body))
    valid = profile.read_tokenize(parse(body), context=NOW)
    assert (plain.card, plain.customer_id) == (
        (
            valid.card.card_number,
            valid.card.card_holder,
            valid.card.expiry_month,
            valid.card.expiry_year,
        ),
        valid.customer.customer_id,
    )


@PROFILES
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": "), (" ,\n", "\t: ")])
@pytest.mark.parametrize(
    "changes",
    [
        [],
        [(("customer", "customer_id"), None)],
        [(("customer", "customer_id"), ABSENT), (("customer", "phone"), None)],
        [(("customer", "billing_address", "country"), ABSENT)],
        [(("card", "card_number"), "4532 0151-1283 0366")],
        [(("customer", "customer_id"), "cust_1e5")],
    ],
    ids=["example", "null", "absent", "default", "separators", "exponent"],
)
def test_the_usual_requests_are_plain(profile: Profile, changes: Any, separators: Any):
    body = json.dumps(changed(changes), separators=separators).encode()
    plain = profile.plain_card(body, NOW)

    assert plain is not None
    assert b"***" in plain.recorded
    assert plain.recorded.count(b"123") == body.count(b"123") - 1


@PROFILES
@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("card", "card_holder"), "card_number"),
        (("card", "card_holder"), "Zoë"),
        (("card", "card_holder"), 'a "b"'),
        (("card", "card_holder"), f"John {VISA}"),
        (("card", "card_number"), "4532015112830367x"),
        (("customer", "note"), "x"),
        (("note",), ""),
    ],
)
def test_a_request_with_anything_beside_the_usual_is_looked_at_closely(
    profile: Profile, place: Any, value: Any
):
    # First in its object, so that a text that reads like a name comes before that name.
    body = json.dumps(changed([(place, value)]), sort_keys=True).encode()

    assert profile.plain_card(body, NOW) is None


@PROFILES
@pytest.mark.parametrize("again", [b'"card":{},', b'"card":{"cvv":"987"},', b'"customer":[1],'])
def test_a_request_with_a_name_twice_is_looked_at_closely(profile: Profile, again: bytes):
    body = b"{" + again + json.dumps(EXAMPLE).encode()[1:]

    assert profile.read_tokenize(parse(body), context=NOW)
    assert profile.plain_card(body, NOW) is None


def test_numbers_with_an_exponent_are_looked_at_closely():
    # The deployed service takes it for the month.
    body = json.dumps(EXAMPLE).encode().replace(b'"expiry_month": 12', b'"expiry_month": 1.2e1')

    assert DEPLOYED.read_tokenize(parse(body), context=NOW)
    assert DEPLOYED.plain_card(body, NOW) is None


# -- payments -----------------------------------------------------------------------------------

TOKEN = "tok_0123e4567e89abcdef0123456789abcd"

NUMBERS = st.one_of(
    st.from_regex(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,14})?([eE][-+]?[0-9]{1,3})?", fullmatch=True),
    st.sampled_from(
        [
            *("0", "0.0", "99.90", "0.010", "0.010000000000000000001", "1e2", "1E400", "1e-400"),
            *("NaN", "Infinity", "-Infinity", "-1", "01", "1.", ".5", "+1", "true", '"9.99"'),
        ]
    ),
)
TEXTS = st.sampled_from(
    [TOKEN, "USD", "usd", "U5D", "", "amount", "Panama", "Zoë", VISA, "1e5", '"', "null", None]
)


@st.composite
def payments(draw):
    amount = draw(st.one_of(NUMBERS, st.just("99.99"), st.just("49.90")))
    fields = {"token": TOKEN, "currency": "USD", "customer_id": "cust_1", "description": "#12"}
    fields |= draw(st.dictionaries(st.sampled_from([*fields, "note", "cvv"]), TEXTS, max_size=2))
    for name in draw(st.lists(st.sampled_from(sorted(fields)), max_size=2)):
        fields.pop(name, None)
    pairs = [f"{json.dumps(name)}: {json.dumps(text)}" for name, text in fields.items()]
    pairs.insert(draw(st.integers(0, len(pairs))), f'"amount" : {amount}')
    again = draw(st.sampled_from([None, '"amount":1', '"token":"x"', '"description":{"cvv":"1"}']))
    return ("{" + ", ".join(pairs if again is None else [again, *pairs]) + "}").encode()


@PROFILES
@DETERMINISTIC
@given(body=payments())
@example(b"")
@example(b"[]")
@example(b'{"amount": 1}')
def test_a_plain_payment_is_read_and_recorded_as_all_others_are(profile: Profile, body: bytes):
    order = profile.plain_order(body)
    if order is None:
        return

    sent = parse(body)
    assert json.loads(body, object_pairs_hook=without_doubles).keys() == sent.keys()
    assert masked(sent) == sent
    valid = profile.read_payment(sent)
    assert order._asdict() == {name: getattr(valid, name) for name in order._fields}
    assert str(order.amount) == str(valid.amount)


@PROFILES
@DETERMINISTIC
@given(body=payments())
def test_a_payment_that_is_valid_and_not_suspect_is_plain(profile: Profile, body: bytes):
    try:
        profile.read_payment(parse(body))
    except (ValueError, BodyError):
        return
    names = [name for name, _ in json.loads(body, object_pairs_hook=list)]
    sent = json.loads(body)
    once = len(names) == len(sent) and not {"note", "cvv"} & set(names)
    if once and "amount" not in sent.values() and not isinstance(sent["amount"], str):
        assert suspect(body) or profile.plain_order(body) is not None


@pytest.mark.parametrize("written", ["99.90", "0.010", "10", "10.0", "123456789.12"])
def test_a_plain_amount_keeps_its_digits(written: str):
    body = b'{"token":"tok_1","customer_id":"cust_1","amount":%b}' % written.encode()
    order = DOCUMENTED.plain_order(body)

    assert order is not None
    assert str(order.amount) == written


def test_a_text_that_reads_like_the_name_of_the_amount_is_looked_at_closely():
    body = b'{"token":"amount","customer_id":"cust_1","amount":1}'

    assert DOCUMENTED.read_payment(parse(body))
    assert DOCUMENTED.plain_order(body) is None
