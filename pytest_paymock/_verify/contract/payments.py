"""Section 3: payments, and what becomes of them."""

import re
from typing import Any

from pytest_paymock._verify.contract.amounts import NO_AMOUNTS, NO_NUMBERS
from pytest_paymock._verify.contract.common import (
    INVALID_TOKEN,
    MESSAGES,
    TIME,
    TRANSACTION_ID,
    refused,
)
from pytest_paymock._verify.shapes import (
    ACCEPTED,
    Near,
    Not,
    Number,
    Relation,
    having,
    only,
)
from pytest_paymock._verify.steps import (
    ABSENT,
    REQUIRED_OF_PAYMENT,
    Digits,
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
