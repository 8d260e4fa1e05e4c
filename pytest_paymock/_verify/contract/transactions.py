"""Sections 4 and 5: transactions, histories and refunds."""

from pytest_paymock._verify.contract.common import (
    NO_TRANSACTION,
    TIME,
    TRANSACTION_ID,
    refused,
)
from pytest_paymock._verify.shapes import (
    ACCEPTED,
    ANYTHING,
    REFUSED,
    Each,
    Either,
    Fields,
    Lacking,
    Not,
    Number,
    Relation,
    Telling,
    Text,
    having,
    only,
)
from pytest_paymock._verify.steps import (
    TEST_CARDS,
    Digits,
    Race,
    Rule,
    charge,
    history,
    refund,
    tokenize,
    transaction,
)

_FIELDS = (
    "transaction_id",
    "status",
    "amount",
    "currency",
    "customer_id",
    "description",
    "processed_at",
    "card_info",
)
_DEPLOYED_FIELDS = (*_FIELDS, "token", "message")
_REFUND_FIELDS = (
    "refund_id",
    "original_transaction_id",
    "amount",
    "currency",
    "customer_id",
    "status",
    "message",
    "processed_at",
)
_REFUND_ID = Either(
    Text(r"(?s).+", "a text"),
    TRANSACTION_ID.deployed,
)

RULES = (
    Rule(
        name="transaction-fields",
        section="4",
        says="A transaction has the documented fields; where deployed, token and message too.",
        needs=("paid", "failed"),
        steps=tuple(
            transaction(name, answer=Either(only(*_FIELDS), only(*_DEPLOYED_FIELDS)))
            for name in ("<paid>", "<failed>")
        ),
    ),
    Rule(
        name="transaction-repeats-the-payment",
        section="4",
        says="A transaction has the values of its payment.",
        needs=("token",),
        steps=(
            charge(
                {"amount": Digits("0.02"), "currency": "EUR", "description": "one of two"},
                save={"made": "transaction_id", "time": "processed_at"},
            ),
            transaction(
                "<made>",
                answer=having(
                    transaction_id="<made>",
                    status="failed",
                    amount=Number("0.02"),
                    currency="EUR",
                    customer_id="<customer>",
                    processed_at="<time>",
                ),
            ),
        ),
    ),
    Rule(
        name="transaction-has-token-and-message",
        section="8",
        says="A transaction carries token and message too.",
        needs=("token",),
        steps=(
            charge({"amount": Digits("0.02")}, save={"made": "transaction_id"}),
            transaction("<made>", answer=having(token="<token>", message="Card declined")),
        ),
        profiles=("deployed",),
    ),
    Rule(
        name="card-info",
        section="4",
        says="card_info has the last four digits and the type of the card that paid.",
        steps=tuple(
            step
            for card_type, number in TEST_CARDS.items()
            for step in (
                tokenize({"card.card_number": number}, save={"token": "token"}),
                charge(save={"made": "transaction_id"}),
                transaction(
                    "<made>",
                    answer=having(card_info={"last_four": number[-4:], "card_type": card_type}),
                ),
            )
        ),
    ),
    Rule(
        name="lookups-change-nothing",
        section="4",
        says="To look a transaction up changes nothing.",
        needs=("paid",),
        steps=(
            transaction(),
            history(),
            transaction(answer=Lacking(("refunded", "refund_id"))),
            history(answer=having(transaction_count=1)),
        ),
    ),
    Rule(
        name="refunded-payment",
        section="4",
        says="A refunded payment carries refunded: true and refund_id.",
        needs=("paid",),
        steps=(
            transaction(answer=Lacking(("refunded", "refund_id"))),
            refund(save={"back": "refund_id"}),
            transaction(answer=having(refunded=True, refund_id="<back>", status="success")),
        ),
    ),
    Rule(
        name="refund-is-a-record",
        section="4",
        says="The id of a refund answers the refund's own record.",
        needs=("refunded",),
        steps=(
            transaction(
                "<refunded>",
                status=200,
                answer=having(
                    refund_id="<refunded>",
                    original_transaction_id="<paid>",
                    customer_id="<customer>",
                    status="success",
                    message="Refund processed successfully",
                ),
            ),
        ),
    ),
    Rule(
        name="refund-is-no-transaction",
        section="8",
        says="A refund's record has the fields of its answer, and no transaction_id.",
        needs=("refunded",),
        steps=(transaction("<refunded>", answer=only(*_REFUND_FIELDS)),),
        profiles=("deployed",),
    ),
    Rule(
        name="history-shape",
        section="4",
        says="A history has customer_id, transaction_count and transactions.",
        needs=("paid",),
        steps=(
            history(
                answer={
                    "customer_id": "<customer>",
                    "transaction_count": ANYTHING,
                    "transactions": Each(having()),
                }
            ),
        ),
    ),
    Rule(
        name="history-counts",
        section="4",
        says="transaction_count is how many transactions are listed.",
        needs=("paid",),
        steps=(
            history(
                answer=Relation(
                    lambda listed: listed["transaction_count"] == len(listed["transactions"]),
                    "transaction_count is the length of transactions",
                )
            ),
        ),
    ),
    Rule(
        name="history-order",
        section="4",
        says="The oldest transaction stands first, and refunds in between.",
        needs=("paid",),
        steps=(
            charge({"amount": Digits("0.01")}, save={"second": "transaction_id"}),
            refund(save={"back": "refund_id"}),
            charge({"amount": Digits("0.03")}, save={"third": "transaction_id"}),
            history(
                answer=having(
                    transactions=[
                        having(transaction_id="<paid>"),
                        having(transaction_id="<second>"),
                        having(refund_id="<back>", original_transaction_id="<paid>"),
                        having(transaction_id="<third>"),
                    ]
                )
            ),
        ),
    ),
    Rule(
        name="history-has-the-shape-of-lookups",
        section="4",
        says="A history lists transactions in the shape of GET transaction.",
        needs=("failed",),
        steps=(
            history(
                answer=having(transactions=Each(Either(only(*_FIELDS), only(*_DEPLOYED_FIELDS))))
            ),
        ),
    ),
    Rule(
        name="history-is-of-one-customer",
        section="4",
        says="A history has no other customer's transactions.",
        needs=("token",),
        steps=(
            charge(save={"mine": "transaction_id"}),
            charge({"customer_id": "<customer>-other"}, save={"theirs": "transaction_id"}),
            history(answer=having(transactions=[having(transaction_id="<mine>")])),
            history(
                "<customer>-other", answer=having(transactions=[having(transaction_id="<theirs>")])
            ),
        ),
    ),
    Rule(
        name="history-of-nobody",
        section="4",
        says="A customer never heard of has an empty history.",
        steps=(
            history(
                "<customer>-nobody",
                status=200,
                answer={
                    "customer_id": "<customer>-nobody",
                    "transaction_count": 0,
                    "transactions": [],
                },
            ),
        ),
    ),
    Rule(
        name="refund-fields",
        section="5",
        says=f"The answer has just the fields {', '.join(_REFUND_FIELDS)}.",
        needs=("paid",),
        steps=(refund(answer=only(*_REFUND_FIELDS)),),
    ),
    Rule(
        name="refund-values",
        section="5",
        says="The whole amount is paid back, to the payment's customer and in its currency.",
        needs=("paid",),
        steps=(
            refund(
                answer=having(
                    original_transaction_id="<paid>",
                    amount=Number("25.5"),
                    currency="EUR",
                    customer_id="<customer>",
                    status="success",
                    message="Refund processed successfully",
                )
            ),
        ),
    ),
    Rule(
        name="refund-ids",
        section="5",
        says="A refund has an id of its own.",
        needs=("paid",),
        steps=(
            refund(
                answer=Fields(
                    {"refund_id": _REFUND_ID},
                    more=True,
                )
            ),
            transaction(answer=having(refund_id=Not("<paid>"))),
        ),
    ),
    Rule(
        name="times-of-refunds",
        section="7",
        says="The time of a refund is written as the profile says.",
        needs=("paid",),
        steps=(refund(answer=having(processed_at=TIME)),),
    ),
    Rule(
        name="refund-ignores-a-body",
        section="5",
        says="A body that is sent with a refund is ignored.",
        needs=("paid",),
        steps=(
            refund(body='{"amount": 1}', status=ACCEPTED, answer=having(amount=Number("25.5"))),
        ),
    ),
    Rule(
        name="refund-ignores-any-body",
        section="5",
        says="A body that is no JSON is ignored by a refund as well.",
        needs=("paid",),
        steps=(refund(body=b"\xff no JSON", status=ACCEPTED),),
    ),
    *(
        Rule(
            name=f"refund-of-a-{status}-payment",
            section="5",
            says=f"A payment that is {status} cannot be refunded.",
            needs=(status,),
            steps=(
                refund(f"<{status}>", status=400, answer=having(detail=Text("(?s).+", "a text"))),
            ),
        )
        for status in ("failed", "pending")
    ),
    Rule(
        name="refund-refusal-says-why",
        section="5",
        says="The refusal of a refund says which it is: failed, pending, refunded, or a refund.",
        needs=("failed", "pending"),
        steps=(
            refund("<failed>", answer=having(detail=Telling(("failed",)))),
            refund("<pending>", answer=having(detail=Telling(("pending",)))),
        ),
        profiles=("documented",),
    ),
    Rule(
        name="refund-only-once",
        section="5",
        says="A payment is refunded once.",
        needs=("refunded",),
        steps=(
            refund("<paid>", status=400, answer=having(detail=Telling(("refunded",)))),
            transaction(answer=having(refund_id="<refunded>")),
        ),
        profiles=("documented",),
    ),
    Rule(
        name="refund-of-a-refund",
        section="5",
        says="A refund cannot be refunded.",
        needs=("refunded",),
        steps=(refund("<refunded>", status=400, answer=having(detail=Telling(("refund",)))),),
        profiles=("documented",),
    ),
    Rule(
        name="refund-race",
        section="5",
        says="Of refunds that race for one payment exactly one wins; where deployed, each does.",
        needs=("paid",),
        steps=(Race(send=refund(), times=5, winners=Either(1, 5)),),
    ),
    Rule(
        name="refund-can-be-repeated",
        section="8",
        says="A refund can be repeated, and the payment tells the last one.",
        needs=("refunded",),
        steps=(
            refund(
                status=ACCEPTED,
                answer=having(refund_id=Not("<refunded>")),
                save={"back": "refund_id"},
            ),
            transaction(answer=having(refund_id="<back>")),
        ),
        profiles=("deployed",),
    ),
    Rule(
        name="refund-of-a-refund-is-accepted",
        section="8",
        says="A refund of a refund's id is accepted like any other.",
        needs=("refunded",),
        steps=(
            refund(
                "<refunded>",
                status=ACCEPTED,
                answer=having(original_transaction_id="<refunded>"),
            ),
        ),
        profiles=("deployed",),
    ),
    Rule(
        name="refused-refund-does-nothing",
        section="5",
        says="A refund that is refused changes nothing.",
        needs=("pending",),
        steps=(
            refused(refund("<pending>"), REFUSED),
            transaction("<pending>", answer=Lacking(("refunded", "refund_id"))),
            history(answer=having(transactions=[having(transaction_id="<pending>")])),
        ),
    ),
    Rule(
        name="token-is-no-transaction",
        section="4",
        says="The id of a token is that of no transaction.",
        needs=("token",),
        steps=(transaction("<token>", answer=NO_TRANSACTION),),
    ),
)
