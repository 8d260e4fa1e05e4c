"""Sections 4 and 5: transactions, histories and refunds."""

from pytest_paymock._verify.contract.common import (
    NO_TRANSACTION,
)
from pytest_paymock._verify.shapes import (
    ANYTHING,
    Each,
    Either,
    Lacking,
    Number,
    Relation,
    having,
    only,
)
from pytest_paymock._verify.steps import (
    TEST_CARDS,
    Digits,
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
        name="token-is-no-transaction",
        section="4",
        says="The id of a token is that of no transaction.",
        needs=("token",),
        steps=(transaction("<token>", answer=NO_TRANSACTION),),
    ),
)
