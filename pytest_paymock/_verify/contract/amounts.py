"""Section 3: which amounts there are, and what they decide."""

from pytest_paymock._verify.contract.common import (
    MESSAGES,
    ORDINARY,
    refused,
)
from pytest_paymock._verify.shapes import (
    Number,
    OneOf,
    having,
)
from pytest_paymock._verify.steps import (
    Digits,
    Many,
    Rule,
    charge,
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

RULES = (
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
)
