"""Section 7: which bodies are read, and how a request that is not valid is refused."""

from pytest_paymock._verify.contract.common import changed, naming, refused
from pytest_paymock._verify.contract.payments import INVALID_PAYMENTS
from pytest_paymock._verify.contract.tokens import INVALID_CARDS
from pytest_paymock._verify.shapes import (
    ACCEPTED,
    REFUSED,
    Either,
    NotTelling,
    Telling,
    having,
)
from pytest_paymock._verify.steps import (
    CVV,
    PAYMENTS,
    TEST_CARDS,
    TOKENIZE,
    Digits,
    Rule,
    Send,
    card_request,
    charge,
    payment_request,
    post,
    tokenize,
)

STATUS = Either(400, 422)

NOT_JSON = ("", " ", "amount is ten", "amount=10&currency=USD", '{"amount": 10', "{}{}", "{'a': 1}")
NO_OBJECTS = ("10", "true", '"amount"', '[{"amount": 10}]')
NOT_UTF8 = (b'{"customer_id": "J\xfcrgen"}', b"\xff\xfe\xfd", b'{"a": "\xed\xa0"}')
TOO_DEEP = (b"[" * 100_000, b'{"a":' * 50_000 + b"1" + b"}" * 50_000)

OTHER_TYPES = ("text/plain", "application/x-www-form-urlencoded", "application/xml")
JSON_TYPES = (
    "application/json; charset=utf-8",
    "Application/JSON",
    "application/vnd.api+json",
)

_VISA = TEST_CARDS["Visa"]


def _both(body: str | bytes, **more: object) -> tuple[Send, Send]:
    return post(TOKENIZE, body, **more), post(PAYMENTS, body, **more)


def _typed(content_type: str | None, **expected: object) -> tuple[Send, Send]:
    headers = {} if content_type is None else {"content-type": content_type}
    return (
        post(TOKENIZE, card_request(), headers=headers, **expected),
        post(PAYMENTS, payment_request(), headers=headers, **expected),
    )


RULES = (
    Rule(
        name="invalid-status",
        section="1",
        says="A request that is not valid answers 400; where deployed, 422.",
        needs=("token",),
        steps=tuple(
            changed(send, status=STATUS, if_refused=True)
            for send, _ in (*INVALID_CARDS, *INVALID_PAYMENTS)
        ),
    ),
    Rule(
        name="invalid-names-the-field",
        section="7",
        says="The refusal of a request names the wrong field by its path.",
        needs=("token",),
        steps=tuple(naming(send, path) for send, path in (*INVALID_CARDS, *INVALID_PAYMENTS)),
    ),
    Rule(
        name="all-faults-are-told",
        section="7",
        says="All faults of a request are told at once.",
        needs=("token",),
        steps=tuple(
            naming(send, field)
            for send, fields in (
                (
                    tokenize({"card.expiry_month": 13, "card.cvv": "1", "customer.email": 1}),
                    ("card.expiry_month", "card.cvv", "customer.email"),
                ),
                (
                    charge({"amount": Digits("-1"), "token": 1, "customer_id": None}),
                    ("amount", "token", "customer_id"),
                ),
            )
            for field in fields
        ),
    ),
    Rule(
        name="faults-are-joined",
        section="7",
        says='All faults of a request stand in one text, joined by "; ".',
        needs=("token",),
        steps=(
            charge(
                {"amount": Digits("-1"), "token": 1},
                answer=having(detail=Telling(("token: ", "; ", "amount: "))),
            ),
        ),
        profiles=("documented",),
    ),
    Rule(
        name="faults-are-a-list",
        section="8",
        says="detail is a list of faults, each with type, loc and msg.",
        needs=("token",),
        steps=(
            charge(
                {"amount": Digits("0")},
                answer=having(
                    detail=[
                        having(
                            type="greater_than",
                            loc=["body", "amount"],
                            msg="Input should be greater than 0",
                        )
                    ]
                ),
            ),
            tokenize(
                {"card.expiry_year": 2023},
                answer=having(
                    detail=[
                        having(
                            type="greater_than_equal",
                            loc=["body", "card", "expiry_year"],
                            msg="Input should be greater than or equal to 2024",
                        )
                    ]
                ),
            ),
        ),
        profiles=("deployed",),
    ),
    Rule(
        name="no-card-data-in-refusals",
        section="7",
        says="detail never repeats the value of card_number or cvv.",
        steps=tuple(
            tokenize(
                {path: value},
                answer=NotTelling((_VISA, _VISA[:12], CVV), "a card number or CVV"),
            )
            for path, value in (
                ("card.card_number", _VISA + "x"),
                ("card.card_number", _VISA + "9"),
                ("card.card_number", int(_VISA)),
                ("card.card_number", [_VISA]),
                ("card.cvv", CVV + "5"),
                ("card.cvv", CVV + "y"),
                ("card.cvv", int(CVV)),
            )
        ),
        profiles=("documented",),
    ),
    Rule(
        name="body-is-json",
        section="7",
        says="A body that is not JSON is refused.",
        steps=tuple(refused(send) for body in NOT_JSON for send in _both(body)),
    ),
    Rule(
        name="body-is-an-object",
        section="7",
        says="A body that is no object is refused.",
        steps=tuple(refused(send) for body in (*NO_OBJECTS, "null") for send in _both(body)),
    ),
    Rule(
        name="body-is-utf-8",
        section="7",
        says="A body that is not UTF-8 is refused.",
        steps=tuple(refused(send, REFUSED) for body in NOT_UTF8 for send in _both(body)),
    ),
    Rule(
        name="body-is-not-too-deep",
        section="7",
        says="A body that is nested beyond reason is refused.",
        steps=tuple(refused(send, REFUSED) for body in TOO_DEEP for send in _both(body)),
    ),
    Rule(
        name="unreadable-status",
        section="7",
        says="A body that cannot be read answers 400.",
        steps=tuple(
            changed(send, status=400, answer=having(detail=Telling(())))
            for body in (*NOT_JSON, *NO_OBJECTS, "null", *NOT_UTF8, *TOO_DEEP)
            for send in _both(body)
        ),
        profiles=("documented",),
    ),
    Rule(
        name="json-invalid",
        section="8",
        says="A body that is not JSON answers 422 with a fault of the type json_invalid.",
        steps=tuple(
            changed(
                send,
                status=422,
                answer=having(
                    detail=[having(type="json_invalid", loc=["body", at], msg="JSON decode error")]
                ),
            )
            for body, at in (("nope", 0), ('{"amount": }', 11), ("{} {}", 3), ("a=1&b=2", 0))
            for send in _both(body)
        ),
        profiles=("deployed",),
    ),
    Rule(
        name="no-object",
        section="8",
        says="A body that is no object answers 422 with a fault of the type model_attributes_type.",
        steps=tuple(
            changed(
                send,
                status=422,
                answer=having(detail=[having(type="model_attributes_type", loc=["body"])]),
            )
            for body in NO_OBJECTS
            for send in _both(body)
        ),
        profiles=("deployed",),
    ),
    Rule(
        name="null-body",
        section="8",
        says="The body null answers 422 with a fault of the type missing.",
        steps=tuple(
            changed(send, status=422, answer=having(detail=[having(type="missing", loc=["body"])]))
            for send in _both("null")
        ),
        profiles=("deployed",),
    ),
    Rule(
        name="body-without-type",
        section="7",
        says="A body without a Content-Type is read as JSON.",
        needs=("token",),
        steps=_typed(None, status=ACCEPTED),
    ),
    Rule(
        name="json-types",
        section="7",
        says="A JSON type may have parameters or be application/...+json.",
        needs=("token",),
        steps=tuple(send for name in JSON_TYPES for send in _typed(name, status=ACCEPTED)),
    ),
    Rule(
        name="other-types",
        section="7",
        says="A body whose type is no JSON type is not read: 400; where deployed, 422.",
        needs=("token",),
        steps=tuple(
            send
            for name in OTHER_TYPES
            for send in _typed(
                name,
                status=STATUS,
                answer=Either(
                    having(detail=Telling((name, "application/json"))),
                    having(detail=[having(type="model_attributes_type", loc=["body"])]),
                ),
            )
        ),
    ),
    Rule(
        name="refund-takes-any-type",
        section="5",
        says="The type of a body that is ignored does not matter.",
        needs=("paid",),
        steps=(
            Send(
                method="POST",
                path="/api/v1/transactions/<paid>/refund",
                body="reason=none",
                headers={"content-type": "application/x-www-form-urlencoded"},
                status=ACCEPTED,
            ),
        ),
    ),
)
