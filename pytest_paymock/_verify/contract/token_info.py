"""Section 6: what is told of a token, and when it expires."""

from datetime import timedelta

from pytest_paymock._verify.contract.common import (
    TIME,
    TIME_OF_TOKEN,
    refused,
)
from pytest_paymock._verify.shapes import (
    ACCEPTED,
    REFUSED,
    Near,
    Not,
    Relation,
    Text,
    having,
    only,
    time_of,
)
from pytest_paymock._verify.steps import (
    ABSENT,
    NEEDS_A_CLOCK,
    TEST_CARDS,
    Rule,
    Wait,
    charge,
    token_info,
    tokenize,
)

_A_DAY = Relation(
    lambda token: (
        time_of(token["expires_at"]) - time_of(token["created_at"]) == timedelta(hours=24)
    ),
    "expires_at is 24 hours after created_at",
)

RULES = (
    Rule(
        name="token-lives-24-hours",
        section="2",
        says="A token expires 24 hours after its creation.",
        steps=(tokenize(answer=_A_DAY),),
        profiles=("documented",),
    ),
    Rule(
        name="token-lives-24-hours",
        section="2",
        says="A token expires 24 hours after its creation.",
        steps=(
            tokenize(
                answer=Relation(
                    lambda token: (
                        abs(time_of(token["expires_at"]) - time_of(token["created_at"]))
                        - timedelta(hours=24)
                        < timedelta(seconds=2)
                    ),
                    "expires_at is 24 hours after created_at",
                )
            ),
        ),
        profiles=("deployed",),
    ),
    Rule(
        name="times-of-tokens",
        section="7",
        says="Times of a token are written as the profile says.",
        needs=("token",),
        steps=(
            tokenize(answer=having(created_at=TIME_OF_TOKEN, expires_at=TIME)),
            token_info(answer=having(created_at=TIME, expires_at=TIME)),
        ),
    ),
    Rule(
        name="times-are-utc",
        section="7",
        says="Times are UTC.",
        steps=(tokenize(answer=having(created_at=Near())),),
    ),
    Rule(
        name="customer-is-answered",
        section="2",
        says="customer_id is answered as it was sent.",
        steps=(
            tokenize(answer=having(customer_id="<customer>")),
            tokenize(
                {"customer.customer_id": "<customer> é"}, answer=having(customer_id="<customer> é")
            ),
        ),
    ),
    Rule(
        name="customer-is-generated",
        section="2",
        says="A customer without an id gets one of its own that begins with cust_.",
        steps=(
            tokenize(
                {"customer.customer_id": ABSENT},
                status=ACCEPTED,
                answer=having(customer_id=Text("cust_.+", "cust_ and more")),
                save={"other": "customer_id"},
            ),
            tokenize(
                {"customer.customer_id": None},
                status=ACCEPTED,
                answer=having(customer_id=Text("cust_.+", "cust_ and more")),
            ),
            tokenize({"customer.customer_id": None}, answer=having(customer_id=Not("<other>"))),
        ),
    ),
    Rule(
        name="token-info-fields",
        section="6",
        says="The answer has token, last four digits, card type, both times, and is_valid.",
        needs=("token",),
        steps=(
            token_info(
                answer=only(
                    "token",
                    "last_four_digits",
                    "card_type",
                    "expires_at",
                    "created_at",
                    "is_valid",
                )
            ),
        ),
    ),
    Rule(
        name="token-info-tells-the-card",
        section="6",
        says="A token is told with its own card, and is valid at first.",
        steps=tuple(
            step
            for card_type, number in TEST_CARDS.items()
            for step in (
                tokenize({"card.card_number": number}, save={"token": "token"}),
                token_info(
                    answer=having(
                        token="<token>",
                        last_four_digits=number[-4:],
                        card_type=card_type,
                        is_valid=True,
                    )
                ),
            )
        ),
    ),
    Rule(
        name="token-expires",
        section="2",
        says="At exactly 24 hours a token is expired: it pays no longer, and is_valid is false.",
        needs=("token",),
        steps=(
            Wait(hours=23, microseconds=3_599_000_000),
            charge(status=ACCEPTED),
            Wait(microseconds=1_000_000),
            refused(charge(), REFUSED),
            token_info(status=ACCEPTED, answer=having(is_valid=False)),
        ),
        profiles=("documented",),
        untold=NEEDS_A_CLOCK,
    ),
)
