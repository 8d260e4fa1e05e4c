"""Section 3: payments, and what becomes of them."""

import re
from typing import Any

from pytest_paymock._verify.contract.common import (
    INVALID_TOKEN,
    MESSAGES,
    ORDINARY,
    TIME,
    TRANSACTION_ID,
    refused,
)
from pytest_paymock._verify.shapes import (
    ACCEPTED,
    Near,
    Not,
    Number,
    OneOf,
    Relation,
    having,
    only,
)
from pytest_paymock._verify.steps import (
    ABSENT,
    REQUIRED_OF_PAYMENT,
    Digits,
    Many,
    Rule,
    charge,
    history,
    transaction,
)

_FIELDS = (
    "transaction_id",
    "status",
    "amount",
    "currency",
    "token",
    "customer_id",
    "message",
    "processed_at",
)

SPECIAL = (
    ("insufficient-funds", "failed", MESSAGES["insufficient_funds"], ("0.01", "0.010", "1e-2")),
    ("card-declined", "failed", MESSAGES["card_declined"], ("0.02", "2E-2")),
    ("pending-verification", "pending", MESSAGES["pending_verification"], ("0.03", "0.0300")),
    (
        "manual-review",
        "pending",
        MESSAGES["manual_review"],
        ("10000", "10000.00", "1e4", "10000.01", "999999999"),
    ),
)

_ORDINARY = OneOf(tuple(MESSAGES[name] for name in ORDINARY), "the message of an ordinary amount")

NO_AMOUNTS = ("0", "0.0", "-0.0", "-1", "-0.01")
NO_NUMBERS = ("null", "[1]", "{}", '"ten"', '""')
ONLY_TEXT_OR_BOOLEAN = ('"99.99"', '"0.01"', "true", "false")

NO_CURRENCIES = ("US", "USDD", "US1", "", "ÜSD", "US ")

WRONG_KINDS = (
    ("token", 7),
    ("customer_id", 7),
    ("currency", 840),
    ("currency", None),
    ("description", 12345),
    ("description", ["Order"]),
)

INVALID_PAYMENTS = (
    *((charge({path: ABSENT}), path) for path in REQUIRED_OF_PAYMENT),
    *((charge({path: None}), path) for path in REQUIRED_OF_PAYMENT),
    *((charge({"amount": Digits(amount)}), "amount") for amount in (*NO_AMOUNTS, *NO_NUMBERS)),
    *((charge({path: value}), path) for path, value in WRONG_KINDS),
)
"""Requests that no profile accepts, and the field that is wrong."""


def _digits_of_time(paid: dict[str, Any]) -> bool:
    digits: str = re.sub(r"\D", "", paid["processed_at"])[:14]
    return str(paid["transaction_id"]).split("_")[1] == digits


RULES = (
    Rule(
        name="payment-fields",
        section="3",
        says=f"The answer has just the fields {', '.join(_FIELDS)}.",
        needs=("token",),
        steps=(
            charge(answer=only(*_FIELDS)),
            charge({"amount": Digits("0.01")}, answer=only(*_FIELDS)),
        ),
    ),
    Rule(
        name="payment-repeats-the-request",
        section="3",
        says="The answer repeats token, customer and currency as they were sent.",
        needs=("token",),
        steps=(
            charge(
                {"currency": "eUr"},
                answer=having(token="<token>", customer_id="<customer>", currency="eUr"),
            ),
            charge({"customer_id": "<customer> ü/?"}, answer=having(customer_id="<customer> ü/?")),
        ),
    ),
    Rule(
        name="amount-is-answered-as-sent",
        section="7",
        says="An amount is answered as the number that was sent, and never as a text.",
        needs=("token",),
        steps=tuple(
            charge({"amount": Digits(amount)}, answer=having(amount=Number(amount)))
            for amount in ("99.99", "10", "10.0", "0.1", "12.340", "1e2", "0.01", "10000")
        ),
    ),
    Rule(
        name="amounts-are-binary",
        section="8",
        says="Amounts are binary floating-point numbers: 10 is answered as 10.0.",
        needs=("token",),
        steps=tuple(
            charge({"amount": Digits(sent)}, answer=having(amount=Number(answered, written=True)))
            for sent, answered in (
                ("10", "10.0"),
                ("99.90", "99.9"),
                ("1e2", "100.0"),
                ("0.10000000000000000000001", "0.1"),
            )
        ),
        profiles=("deployed",),
    ),
    Rule(
        name="transaction-id-format",
        section="3",
        says="A transaction id is txn_, the time as fourteen digits, _ and hex digits.",
        needs=("token",),
        steps=(charge(answer=having(transaction_id=TRANSACTION_ID)),),
    ),
    Rule(
        name="transaction-id-has-the-time",
        section="3",
        says="The digits in a transaction id are those of its processing time.",
        needs=("token",),
        steps=(
            charge(
                answer=Relation(
                    _digits_of_time, "the digits of transaction_id are those of processed_at"
                )
            ),
        ),
        profiles=("documented",),
    ),
    Rule(
        name="transaction-ids-are-unique",
        section="3",
        says="No two transactions have one id.",
        needs=("token",),
        steps=(
            charge(save={"first": "transaction_id"}),
            charge(answer=having(transaction_id=Not("<first>")), save={"second": "transaction_id"}),
            charge(answer=having(transaction_id=Not("<second>"))),
        ),
    ),
    Rule(
        name="times-of-payments",
        section="7",
        says="The time of a payment is written as the profile says.",
        needs=("token",),
        steps=(charge(answer=having(processed_at=TIME)),),
    ),
    Rule(
        name="times-of-payments-are-utc",
        section="7",
        says="The time of a payment is UTC.",
        needs=("token",),
        steps=(charge(answer=having(processed_at=Near())),),
    ),
    *(
        Rule(
            name=f"amount-{name}",
            section="3",
            says=f"{amounts[0]}{' and above' if name == 'manual-review' else ''} is "
            f"{status} with {message!r}, whatever the currency.",
            needs=("token",),
            steps=(
                *(
                    charge(
                        {"amount": Digits(amount)}, answer=having(status=status, message=message)
                    )
                    for amount in amounts
                ),
                *(
                    charge(
                        {"amount": Digits(amounts[0]), "currency": currency},
                        answer=having(status=status, message=message),
                    )
                    for currency in ("EUR", "JPY", "kwd")
                ),
            ),
        )
        for name, status, message, amounts in SPECIAL
    ),
    Rule(
        name="amounts-beside-special-ones",
        section="3",
        says="An amount close to a special one is an ordinary one.",
        needs=("token",),
        steps=tuple(
            charge({"amount": Digits(amount)}, answer=having(message=_ORDINARY))
            for amount in ("0.011", "0.009", "0.04", "0.001", "1", "9999.99")
        ),
    ),
    Rule(
        name="ordinary-outcomes",
        section="3",
        says="Of ordinary payments 90 % succeed, 5 % fail and 5 % are pending.",
        needs=("token",),
        steps=(
            Many(
                send=charge({"amount": Digits("7.50")}),
                times=400,
                kinds={
                    ("success", MESSAGES["success"]): 0.9,
                    ("failed", MESSAGES["issuer_declined"]): 0.05,
                    ("pending", MESSAGES["under_review"]): 0.05,
                },
            ),
        ),
    ),
    *(
        Rule(
            name=f"payment-requires-{path.replace('_', '-')}",
            section="3",
            says=f"{path} is required, and may not be null.",
            needs=("token",),
            steps=(refused(charge({path: ABSENT})), refused(charge({path: None}))),
        )
        for path in REQUIRED_OF_PAYMENT
    ),
    Rule(
        name="currency-default",
        section="3",
        says="currency is USD where none is sent.",
        needs=("token",),
        steps=(charge({"currency": ABSENT}, status=ACCEPTED, answer=having(currency="USD")),),
    ),
    Rule(
        name="description-is-optional",
        section="3",
        says="description may be left out or null.",
        needs=("token",),
        steps=(
            charge({"description": ABSENT}, status=ACCEPTED),
            charge({"description": None}, status=ACCEPTED),
        ),
    ),
    Rule(
        name="amount-is-positive",
        section="3",
        says="An amount is greater than 0.",
        needs=("token",),
        steps=tuple(refused(charge({"amount": Digits(amount)})) for amount in NO_AMOUNTS),
    ),
    Rule(
        name="amount-is-a-number",
        section="3",
        says="What is no number is no amount.",
        needs=("token",),
        steps=tuple(refused(charge({"amount": Digits(amount)})) for amount in NO_NUMBERS),
    ),
    Rule(
        name="amount-is-no-text-or-boolean",
        section="3",
        says="A text or a boolean is no amount.",
        needs=("token",),
        steps=tuple(refused(charge({"amount": Digits(amount)})) for amount in ONLY_TEXT_OR_BOOLEAN),
        profiles=("documented",),
    ),
    Rule(
        name="amount-is-finite",
        section="3",
        says="NaN and infinity are no amounts.",
        needs=("token",),
        steps=tuple(
            refused(charge({"amount": Digits(amount)}))
            for amount in ("NaN", "Infinity", "-Infinity", "1e999")
        ),
        profiles=("documented",),
    ),
    Rule(
        name="amount-is-no-nan",
        section="3",
        says="NaN is no amount.",
        needs=("token",),
        steps=tuple(refused(charge({"amount": Digits(amount)})) for amount in ("NaN", "-Infinity")),
        profiles=("deployed",),
    ),
    Rule(
        name="currency-letters",
        section="3",
        says="A currency is three ASCII letters.",
        needs=("token",),
        steps=tuple(refused(charge({"currency": currency})) for currency in NO_CURRENCIES),
        profiles=("documented",),
    ),
    Rule(
        name="any-currency",
        section="8",
        says="Any text is a currency.",
        needs=("token",),
        steps=tuple(
            charge({"currency": currency}, status=ACCEPTED, answer=having(currency=currency))
            for currency in NO_CURRENCIES
        ),
        profiles=("deployed",),
    ),
    Rule(
        name="wrong-kinds-in-payments",
        section="3",
        says="Texts are texts.",
        needs=("token",),
        steps=tuple(refused(charge({path: value})) for path, value in WRONG_KINDS),
    ),
    Rule(
        name="unknown-fields-of-payments",
        section="0",
        says="Unknown fields have no effect.",
        needs=("token",),
        steps=(
            charge(
                {
                    "amount": Digits("0.02"),
                    "status": "success",
                    "message": "hello",
                    "transaction_id": "txn_mine",
                    "outcome": "success",
                },
                status=ACCEPTED,
                answer=having(
                    status="failed",
                    message=MESSAGES["card_declined"],
                    transaction_id=Not("txn_mine"),
                ),
            ),
        ),
    ),
    Rule(
        name="token-is-exact",
        section="3",
        says="A token is known by its exact letters.",
        needs=("token",),
        steps=tuple(
            charge({"token": almost}, answer=INVALID_TOKEN)
            for almost in ("<token> ", "<token>0", "", "tok_")
        ),
    ),
    Rule(
        name="unknown-token-pays-nothing",
        section="3",
        says="A payment with an unknown token is not recorded.",
        needs=("token",),
        steps=(
            charge({"token": "tok_unknown"}),
            charge({"token": "tok_unknown", "amount": Digits("0.01")}),
            history(answer=having(transactions=[])),
        ),
    ),
    Rule(
        name="invalid-payment-pays-nothing",
        section="3",
        says="A payment that is not valid is not recorded.",
        needs=("token",),
        steps=(
            charge({"amount": Digits("-1")}),
            charge({"amount": Digits('"x"')}),
            charge({"description": 1}),
            history(answer=having(transactions=[])),
        ),
    ),
    Rule(
        name="validation-before-token",
        section="3",
        says="Validation comes before the check of the token.",
        steps=tuple(
            refused(charge({"token": "tok_unknown", "amount": Digits(amount)}))
            for amount in ("-1", "null")
        ),
    ),
    Rule(
        name="token-before-special-amounts",
        section="3",
        says="The token is checked before the amount decides anything.",
        steps=tuple(
            charge({"token": "tok_unknown", "amount": Digits(amount)}, answer=INVALID_TOKEN)
            for amount in ("0.01", "0.03", "10000")
        ),
    ),
    Rule(
        name="token-pays-again",
        section="3",
        says="A token pays more than once.",
        needs=("token",),
        steps=(charge(status=ACCEPTED), charge(status=ACCEPTED)),
    ),
    Rule(
        name="description-is-kept",
        section="4",
        says="A description comes back as it was sent.",
        needs=("token",),
        steps=tuple(
            step
            for description in ("Order #1", "", None, 'Größe "1" \\ 😀\n')
            for step in (
                charge({"description": description}, save={"made": "transaction_id"}),
                transaction("<made>", answer=having(description=description)),
            )
        ),
    ),
    Rule(
        name="special-amounts-are-stored",
        section="4",
        says="A payment that failed or is pending can be looked up, with its status.",
        needs=("failed", "pending"),
        steps=(
            transaction("<failed>", answer=having(status="failed", amount=Number("0.01"))),
            transaction("<pending>", answer=having(status="pending", amount=Number("0.03"))),
        ),
    ),
)
