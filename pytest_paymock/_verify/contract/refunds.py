"""Section 5: refunds."""

from pytest_paymock._verify.contract.common import (
    TIME,
    TRANSACTION_ID,
    refused,
)
from pytest_paymock._verify.shapes import (
    ACCEPTED,
    REFUSED,
    Either,
    Fields,
    Lacking,
    Not,
    Number,
    Telling,
    Text,
    having,
    only,
)
from pytest_paymock._verify.steps import (
    Race,
    Rule,
    history,
    refund,
    transaction,
)

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

_REFUND_ID = Either(Text(r"(?s).+", "a text"), TRANSACTION_ID.deployed)

RULES = (
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
)
