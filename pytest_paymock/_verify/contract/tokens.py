"""Sections 2 and 6: cards become tokens, and what is told of a token."""

from pytest_paymock._verify.contract.common import (
    TOKEN,
    refused,
)
from pytest_paymock._verify.shapes import (
    ACCEPTED,
    INVALID,
    Text,
    having,
    only,
)
from pytest_paymock._verify.steps import (
    ABSENT,
    NEEDS_A_CLOCK,
    NEEDS_OTHER_CARDS,
    REQUIRED_OF_TOKENIZE,
    TEST_CARDS,
    Rule,
    Wait,
    tokenize,
)

_VISA = TEST_CARDS["Visa"]

OTHER_CARDS = (
    ("4000000000000002", "Visa"),
    ("5105105105105100", "Mastercard"),
    ("5555555555554444", "Mastercard"),
    ("340000000000009", "American Express"),
    ("378282246310005", "American Express"),
    ("6011000000000004", "Discover"),
    ("6500000000000002", "Discover"),
    ("2223003122003222", "Unknown"),
    ("5019717010103742", "Unknown"),
    ("3530111333300000", "Unknown"),
    ("6200000000000005", "Unknown"),
    ("6012000000000003", "Unknown"),
)

NO_NUMBERS = (f"{_VISA[:-1]}x", "", "card", f"{_VISA[:4]}_{_VISA[4:]}", f"{_VISA[:4]}.{_VISA[4:]}")
WRONG_LENGTHS = (_VISA[:14], _VISA + "0", _VISA + "0000")

WRONG_CVVS = ("12", "12345", "12a", "", 123)
WRONG_EMAILS = ("john.doe", "@example.com", "john@", "")

INVALID_CARDS = (
    *((tokenize({path: ABSENT}), path) for path in REQUIRED_OF_TOKENIZE),
    *((tokenize({path: None}), path) for path in REQUIRED_OF_TOKENIZE),
    *((tokenize({"card.card_number": number}), "card.card_number") for number in NO_NUMBERS),
    *((tokenize({"card.card_number": number}), "card.card_number") for number in WRONG_LENGTHS),
    *((tokenize({"card.cvv": cvv}), "card.cvv") for cvv in WRONG_CVVS),
    *((tokenize({"card.expiry_month": month}), "card.expiry_month") for month in (0, 13, -1)),
    *(
        (tokenize({f"customer.{name}": 7}), f"customer.{name}")
        for name in ("customer_id", "phone", "email", "billing_address", "billing_address.country")
    ),
    (tokenize({"card.card_holder": 7}), "card.card_holder"),
    (tokenize({"card": "card"}), "card"),
    (tokenize({"customer": []}), "customer"),
)
"""Requests that no profile accepts, and the field that is wrong."""

_FIELDS = ("token", "last_four_digits", "card_type", "expires_at", "customer_id", "created_at")


RULES = (
    Rule(
        name="tokenize-fields",
        section="2",
        says=f"The answer has just the fields {', '.join(_FIELDS)}.",
        steps=(tokenize(answer=only(*_FIELDS)),),
    ),
    Rule(
        name="token-format",
        section="2",
        says="A token is tok_ and 32 lower-case hex digits.",
        steps=(tokenize(answer=having(token=TOKEN)),),
    ),
    Rule(
        name="last-four-digits",
        section="2",
        says="last_four_digits are those of the card number.",
        steps=tuple(
            tokenize({"card.card_number": number}, answer=having(last_four_digits=number[-4:]))
            for number in TEST_CARDS.values()
        ),
    ),
    *(
        Rule(
            name=f"test-card-{card_type.lower().replace(' ', '-')}",
            section="2",
            says=f"The documented test card of {card_type} works and is told as {card_type}.",
            steps=(
                tokenize(
                    {"card.card_number": number},
                    status=ACCEPTED,
                    answer=having(card_type=card_type),
                ),
            ),
        )
        for card_type, number in TEST_CARDS.items()
    ),
    Rule(
        name="card-types",
        section="2",
        says="The first digits decide the card type; any other valid number is Unknown.",
        steps=tuple(
            tokenize(
                {"card.card_number": number}, status=ACCEPTED, answer=having(card_type=card_type)
            )
            for number, card_type in OTHER_CARDS
        ),
        untold=NEEDS_OTHER_CARDS,
    ),
    Rule(
        name="optional-fields-of-tokenize",
        section="2",
        says="phone and country may be left out, and phone may be null.",
        steps=(
            tokenize({"customer.phone": ABSENT}, status=ACCEPTED),
            tokenize({"customer.phone": None}, status=ACCEPTED),
            tokenize({"customer.billing_address.country": ABSENT}, status=ACCEPTED),
        ),
    ),
    *(
        Rule(
            name=f"requires-{path.replace('.', '-').replace('_', '-')}",
            section="2",
            says=f"{path} is required, and may not be null.",
            steps=(refused(tokenize({path: ABSENT})), refused(tokenize({path: None}))),
        )
        for path in REQUIRED_OF_TOKENIZE
    ),
    Rule(
        name="card-number-separators",
        section="2",
        says="Spaces and dashes in a card number are dropped.",
        steps=tuple(
            tokenize(
                {"card.card_number": written},
                status=ACCEPTED,
                answer=having(last_four_digits="0366"),
            )
            for written in ("4532 0151 1283 0366", "4532-0151-1283-0366", " 4532015112830366 ")
        ),
    ),
    Rule(
        name="card-number-digits",
        section="2",
        says="A card number holds digits only.",
        steps=tuple(refused(tokenize({"card.card_number": number})) for number in NO_NUMBERS),
    ),
    Rule(
        name="card-number-length",
        section="2",
        says="A card number has 15 or 16 digits.",
        steps=tuple(refused(tokenize({"card.card_number": number})) for number in WRONG_LENGTHS),
    ),
    Rule(
        name="card-number-text",
        section="2",
        says="A card number is a text, and no number.",
        steps=(refused(tokenize({"card.card_number": int(_VISA)})),),
    ),
    Rule(
        name="luhn",
        section="2",
        says="The check digit of a card number has to match.",
        steps=tuple(
            refused(tokenize({"card.card_number": number}))
            for number in (f"{_VISA[:-1]}7", "374245455400127")
        ),
        profiles=("documented",),
    ),
    Rule(
        name="expiry-month",
        section="2",
        says="expiry_month is 1 to 12.",
        steps=(
            *(
                tokenize({"card.expiry_month": month}, status=ACCEPTED)
                for month in (1, 2, 6, 9, 11, 12)
            ),
            *(refused(tokenize({"card.expiry_month": month})) for month in (0, 13, -1)),
        ),
    ),
    Rule(
        name="expired-card",
        section="2",
        says="A card that has expired is refused.",
        steps=(
            refused(tokenize({"card.expiry_year": 2020})),
            refused(
                tokenize({"card.expiry_month": "<last_month>", "card.expiry_year": "<last_year>"})
            ),
        ),
        profiles=("documented",),
    ),
    Rule(
        name="expired-card-names-the-date",
        section="2",
        says="The refusal of an expired card names the date of the clock.",
        steps=(
            tokenize(
                {"card.expiry_year": 2020},
                status=INVALID,
                answer=having(detail=Text(r"(?s).*\d{4}-\d\d-\d\d.*", "a date in it")),
            ),
        ),
        profiles=("documented",),
    ),
    Rule(
        name="card-is-good-this-month",
        section="2",
        says="A card that expires this month is still good.",
        steps=(
            tokenize(
                {"card.expiry_month": "<this_month>", "card.expiry_year": "<this_year>"},
                status=ACCEPTED,
            ),
        ),
    ),
    Rule(
        name="card-is-good-to-the-last-moment",
        section="2",
        says="A card is good through the last moment of its month.",
        steps=(
            Wait(hours=4 * 24 + 11, microseconds=3_599_999_999),
            tokenize(
                {"card.expiry_month": "<this_month>", "card.expiry_year": "<this_year>"},
                status=ACCEPTED,
            ),
            Wait(microseconds=1),
            refused(
                tokenize({"card.expiry_month": "<this_month>", "card.expiry_year": "<this_year>"})
            ),
        ),
        profiles=("documented",),
        untold=NEEDS_A_CLOCK,
    ),
    Rule(
        name="cvv-digits",
        section="2",
        says="Any three or four digits are a CVV, whatever the card.",
        steps=(
            tokenize({"card.cvv": "000"}, status=ACCEPTED),
            tokenize({"card.cvv": "9999"}, status=ACCEPTED),
            tokenize(
                {"card.card_number": TEST_CARDS["American Express"], "card.cvv": "123"},
                status=ACCEPTED,
            ),
            *(refused(tokenize({"card.cvv": cvv})) for cvv in WRONG_CVVS),
        ),
    ),
    Rule(
        name="email-form",
        section="2",
        says="An email is of the form a@b.",
        steps=(
            tokenize({"customer.email": "a@b"}, status=ACCEPTED),
            *(refused(tokenize({"customer.email": email})) for email in WRONG_EMAILS),
        ),
        profiles=("documented",),
    ),
    Rule(
        name="wrong-kinds-in-tokenize",
        section="2",
        says="Texts are texts, and objects are objects.",
        steps=(
            *(
                refused(tokenize({path: 7}))
                for path in (
                    "card.card_holder",
                    "customer.customer_id",
                    "customer.phone",
                    "customer.billing_address",
                    "customer.billing_address.country",
                )
            ),
            refused(tokenize({"card": "card"})),
            refused(tokenize({"customer": []})),
        ),
    ),
    Rule(
        name="unknown-fields-of-tokenize",
        section="2",
        says="Unknown fields have no effect.",
        steps=(
            tokenize(
                {
                    "token": "tok_mine",
                    "card.card_type": "Stolen",
                    "customer.vip": True,
                    "customer.billing_address.planet": "Earth",
                    "last_four_digits": "9999",
                },
                status=ACCEPTED,
                answer=having(
                    token=Text("(?!tok_mine).*", "another token"),
                    last_four_digits="0366",
                    card_type="Visa",
                ),
            ),
        ),
    ),
)
