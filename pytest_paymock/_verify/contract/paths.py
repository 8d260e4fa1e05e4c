"""Section 1 and the ground rules: paths, methods, and what every answer has."""

from pytest_paymock._verify.contract.common import (
    MESSAGES,
    NO_TOKEN,
    NOT_FOUND,
    changed,
)
from pytest_paymock._verify.shapes import (
    ACCEPTED,
    Lacking,
    Not,
    NotTelling,
    Number,
    Text,
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
    charge,
    get,
    history,
    payment_request,
    post,
    refund,
    token_info,
    tokenize,
    transaction,
)

ENDPOINTS = (
    ("POST", TOKENIZE),
    ("POST", PAYMENTS),
    ("GET", "/api/v1/transactions/<paid>"),
    ("GET", "/api/v1/customers/<customer>/transactions"),
    ("POST", "/api/v1/transactions/<paid>/refund"),
    ("GET", "/api/v1/tokens/<token>"),
)


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

_WRONG_METHODS = tuple(
    Send(method=method, path=path)
    for documented, path in ENDPOINTS
    for method in METHODS
    if method != documented
)

# One request for each kind of answer there is.
_ALL_KINDS = (
    tokenize(),
    charge(),
    charge({"amount": Digits("0.01")}),
    token_info(),
    transaction(),
    refund(),
    history(),
    charge({"amount": Digits("-1")}),
    charge({"token": "tok_unknown"}),
    token_info("tok_unknown"),
    transaction("txn_unknown"),
    get("/api/v1/nothing"),
    get(PAYMENTS),
    post(TOKENIZE, "no JSON"),
)

_SECRETS = NotTelling((TEST_CARDS["Visa"], TEST_CARDS["Visa"][6:], CVV), "a card number or CVV")

_ONCE = post(
    PAYMENTS,
    payment_request({"amount": Digits("5"), "idempotency_key": "once"}),
    headers={"content-type": "application/json", "idempotency-key": "once"},
)

RULES = (
    Rule(
        name="answers-are-json",
        section="0",
        says="Every answer is JSON with the content type application/json, errors included.",
        needs=("token", "paid"),
        steps=tuple(
            changed(send, fields={"content-type": Text("application/json", "application/json")})
            for send in _ALL_KINDS
        ),
    ),
    Rule(
        name="no-card-data-in-answers",
        section="0",
        says="No answer repeats a card number or a CVV.",
        needs=("token", "paid"),
        steps=(
            tokenize(answer=_SECRETS),
            tokenize({"card.card_number": TEST_CARDS["Visa"] + "x"}, answer=_SECRETS),
            tokenize({"card.cvv": CVV + "5"}, answer=_SECRETS),
            tokenize({"card.cvv": [CVV]}, answer=_SECRETS),
            tokenize({"customer.email": 1}, answer=_SECRETS),
            token_info(answer=_SECRETS),
            transaction(answer=_SECRETS),
            history(answer=_SECRETS),
        ),
        profiles=("documented",),
    ),
    Rule(
        name="no-card-data-in-stored-records",
        section="0",
        says="No later answer repeats a card number or a CVV.",
        needs=("token", "paid"),
        steps=(
            token_info(answer=_SECRETS),
            transaction(answer=_SECRETS),
            history(answer=_SECRETS),
        ),
        profiles=("deployed",),
    ),
    Rule(
        name="no-idempotency-keys",
        section="0",
        says="A repeated payment is another payment, whatever idempotency key comes with it.",
        needs=("token",),
        steps=(
            changed(_ONCE, status=ACCEPTED, save={"first": "transaction_id"}),
            changed(_ONCE, status=ACCEPTED, answer=having(transaction_id=Not("<first>"))),
        ),
    ),
    Rule(
        name="money-is-exact",
        section="0",
        says="An amount is read from the digits of its own text.",
        needs=("token",),
        steps=(
            charge(
                {"amount": Digits("1234567.891")},
                status=ACCEPTED,
                answer=having(amount=Number("1234567.891")),
            ),
            charge(
                {"amount": Digits("0.30")}, status=ACCEPTED, answer=having(amount=Number("0.3"))
            ),
        ),
    ),
    Rule(
        name="money-is-decimal",
        section="0",
        says="Digits beyond those of a binary number decide whether an amount is a special one.",
        needs=("token",),
        steps=(
            charge(
                {"amount": Digits("0.010000000000000000000001")},
                status=ACCEPTED,
                answer=having(message=Text("(?!Insufficient).*", "that of an ordinary amount")),
            ),
        ),
        profiles=("documented",),
    ),
    *(
        Rule(
            name=f"{name}-status",
            section="1",
            says=f"A {name.replace('-', ' ')} request that succeeds answers {status}.",
            needs=needs,
            steps=(changed(send, status=status),),
        )
        for name, status, needs, send in (
            ("tokenize", 201, (), tokenize()),
            ("payment", 201, ("token",), charge()),
            ("transaction", 200, ("paid",), transaction()),
            ("history", 200, ("paid",), history()),
            ("refund", 200, ("paid",), refund()),
            ("token-info", 200, ("token",), token_info()),
        )
    ),
    Rule(
        name="declined-payment-status",
        section="1",
        says="A payment that fails or is pending is answered 201 like any other.",
        needs=("token",),
        steps=tuple(
            charge({"amount": Digits(amount)}, status=201)
            for amount in ("0.01", "0.02", "0.03", "10000")
        ),
    ),
    Rule(
        name="wrong-method",
        section="1",
        says='A known path with another method answers 405 {"detail": "Method Not Allowed"}.',
        needs=("token", "paid"),
        steps=tuple(
            changed(send, status=405, answer={"detail": "Method Not Allowed"})
            for send in _WRONG_METHODS
        ),
    ),
    Rule(
        name="wrong-method-names-the-right-one",
        section="1",
        says="A 405 has an Allow header with the documented method.",
        needs=("token", "paid"),
        steps=tuple(
            Send(method="PUT", path=path, fields={"allow": method}) for method, path in ENDPOINTS
        ),
    ),
    Rule(
        name="wrong-path-does-nothing",
        section="1",
        says="A wrong path or method changes nothing.",
        needs=("token", "paid"),
        steps=(
            Send(method="PUT", path="/api/v1/transactions/<paid>/refund"),
            Send(method="DELETE", path="/api/v1/transactions/<paid>"),
            Send(method="DELETE", path="/api/v1/tokens/<token>"),
            Send(method="PUT", path=PAYMENTS, body=payment_request()),
            transaction(answer=Lacking(("refunded",))),
            history(answer=having(transaction_count=1)),
            token_info(answer=having(token="<token>")),
        ),
    ),
    Rule(
        name="identifiers-are-decoded",
        section="1",
        says="Identifiers in a path are percent-decoded.",
        needs=("token",),
        steps=(
            charge({"customer_id": "<customer> é&+"}, status=ACCEPTED),
            history(
                "<customer>%20%C3%A9%26%2B",
                answer=having(customer_id="<customer> é&+", transaction_count=1),
            ),
            token_info("%74ok_unknown", status=404, answer=NO_TOKEN),
        ),
    ),
    Rule(
        name="identifiers-may-hold-a-slash",
        section="1",
        says="A path is cut into identifiers before it is decoded.",
        needs=("token",),
        steps=(
            charge({"customer_id": "<customer>/1"}, status=ACCEPTED),
            history("<customer>%2F1", answer=having(customer_id="<customer>/1")),
        ),
        profiles=("documented",),
    ),
    Rule(
        name="trailing-slash",
        section="1",
        says="A trailing slash makes another path, which is not found.",
        needs=("token", "paid"),
        steps=tuple(
            Send(method=method, path=f"{path}/", status=404, answer=NOT_FOUND)
            for method, path in ENDPOINTS
        ),
        profiles=("documented",),
    ),
    Rule(
        name="queries-have-no-effect",
        section="0",
        says="A query changes nothing.",
        needs=("token",),
        steps=(
            post(
                f"{PAYMENTS}?amount=1&status=failed",
                payment_request({"amount": Digits("0.02")}),
                answer=having(message=MESSAGES["card_declined"], amount=Number("0.02")),
            ),
            history("<customer>", answer=having(transaction_count=1)),
            get(
                "/api/v1/customers/<customer>/transactions?limit=0&status=none",
                answer=having(transaction_count=1),
            ),
        ),
    ),
)
