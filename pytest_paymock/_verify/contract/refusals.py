"""Sections 1 and 3 to 6: what is refused, and in which words."""

from pytest_paymock._verify.contract.common import (
    INVALID_TOKEN,
    NO_TOKEN,
    NO_TRANSACTION,
    NOT_FOUND,
    changed,
)
from pytest_paymock._verify.shapes import (
    REFUSED,
    Text,
)
from pytest_paymock._verify.steps import (
    NEEDS_A_FAULT,
    PAYMENTS,
    Rule,
    Send,
    charge,
    get,
    refund,
    token_info,
    transaction,
)

NO_ENDPOINTS = (
    "/api",
    "/api/v1",
    "/api/v1/payment",
    "/api/v2/payments",
    "/v1/payments",
    "/API/V1/PAYMENTS",
    "/api/v1/tokens",
    "/api/v1/tokens/<token>/info",
    "/api/v1/transactions",
    "/api/v1/transactions/<paid>/refunds",
    "/api/v1/transactions/<paid>/refund/again",
    "/api/v1/transactions/<paid>/settle",
    "/api/v1/customers",
    "/api/v1/customers/<customer>",
    "/api/v1/customers/<customer>/payments",
    "/api/v1/refunds/<paid>",
    "/api/v1/payments%20",
)

RULES = (
    Rule(
        name="refusals-have-a-detail",
        section="1",
        says="An error's body is an object with the one field detail, a text.",
        steps=tuple(
            changed(send, status=REFUSED, answer={"detail": Text(r"(?s).+", "a text")})
            for send in (
                charge({"token": "tok_unknown"}),
                token_info("tok_unknown"),
                transaction("txn_unknown"),
                refund("txn_unknown"),
                get("/api/v1/nothing"),
                get(PAYMENTS),
            )
        ),
    ),
    Rule(
        name="unknown-path",
        section="1",
        says='A path that is none of the documented ones answers 404 {"detail": "Not Found"}.',
        needs=("token", "paid"),
        steps=tuple(
            Send(method=method, path=path, status=404, answer=NOT_FOUND)
            for path in NO_ENDPOINTS
            for method in ("GET", "POST")
        ),
    ),
    Rule(
        name="undocumented-pages",
        section="1",
        says="There are no pages beside the documented paths, such as / and /health.",
        steps=tuple(
            get(path, status=404, answer=NOT_FOUND) for path in ("/", "/health", "/health/")
        ),
        profiles=("documented",),
    ),
    Rule(
        name="unknown-token-status",
        section="1",
        says="A payment with an unknown token answers 401.",
        steps=(charge({"token": "tok_unknown"}, status=401),),
    ),
    Rule(
        name="unknown-token-detail",
        section="3",
        says='A payment with an unknown token answers {"detail": "Invalid or expired token"}.',
        steps=(charge({"token": "tok_unknown"}, answer=INVALID_TOKEN),),
    ),
    Rule(
        name="unknown-transaction",
        section="4",
        says='An unknown transaction answers 404 {"detail": "Transaction not found"}.',
        steps=tuple(
            transaction(name, status=404, answer=NO_TRANSACTION)
            for name in ("txn_20260127120000_00000000", "nothing", "%00")
        ),
    ),
    Rule(
        name="refund-of-an-unknown-transaction",
        section="5",
        says='A refund of an unknown transaction answers 404 {"detail": "Transaction not found"}.',
        steps=(refund("txn_20260127120000_00000000", status=404, answer=NO_TRANSACTION),),
    ),
    Rule(
        name="unknown-token-info",
        section="6",
        says='An unknown token answers 404 {"detail": "Token not found"}.',
        steps=(token_info("tok_" + "0" * 32, status=404, answer=NO_TOKEN),),
    ),
    Rule(
        name="internal-server-error",
        section="7",
        says='An internal error answers 500 {"detail": "Internal server error"}.',
        untold=NEEDS_A_FAULT,
    ),
)
