"""What the pages say about the API: a paragraph an operation, and how each is refused."""

ABOUT = """\
The Payment Mock API, faked by [pytest-paymock](https://pypi.org/project/pytest-paymock/): no money
moves. The seed of the fake decides what becomes of a payment, unless its amount does: `0.01` fails
for insufficient funds, `0.02` is declined, `0.03` is pending, `10000` and above wait for a review.
The examples work as they stand: tokenize the documented card first, then pay with its token.
"""

API = "Payment Mock API"
CONTROL = "control"

TAGS = {
    API: "What the service does.",
    CONTROL: (
        "How other programs of this machine drive the fake. No part of the service; answered only "
        "where it was asked for, with `--control`."
    ),
}

OPERATIONS = {
    "tokenize": (
        "Checks a card and stores it for 24 hours. Test cards: Visa `4532015112830366`, "
        "Mastercard `5425233430109903`, American Express `374245455400126`, "
        "Discover `6011111111111117`, with any expiry date in the future and any CVV."
    ),
    "create_payment": (
        "Charges the card of a token. A payment that is declined or pending is an answer like one "
        "that succeeds: 201, with its `status`."
    ),
    "get_transaction": "Answers a payment, or a refund by its own id.",
    "list_customer_transactions": (
        "Lists payments and refunds, oldest first. A customer never heard of has none."
    ),
    "refund": "Pays back the whole amount of a successful payment, once. No body is needed.",
    "get_token": "Answers what is known of a token, and whether it can still pay.",
}

_INTERNAL = {500: "Internal server error"}

REFUSALS: dict[str, dict[int, str]] = {
    "tokenize": {
        400: "card.expiry_month: must be between 1 and 12; card.cvv: must be 3 or 4 digits"
    }
    | _INTERNAL,
    "create_payment": {400: "amount: must be greater than 0", 401: "Invalid or expired token"}
    | _INTERNAL,
    "get_transaction": {404: "Transaction not found"} | _INTERNAL,
    "list_customer_transactions": _INTERNAL,
    "refund": {400: "Transaction has already been refunded", 404: "Transaction not found"}
    | _INTERNAL,
    "get_token": {404: "Token not found"} | _INTERNAL,
}
"""An example of each refusal, by endpoint and status."""

DEPLOYED_ABOUT = f"""{ABOUT}
This is the profile `deployed`: the API as the service answers it, which is not in all things as it
is documented.
"""

DEPLOYED_OPERATIONS = OPERATIONS | {
    "tokenize": (
        "Stores a card for 24 hours. Its check digit is not looked at, and of its expiry date only "
        "that the year is 2024 or later."
    ),
    "refund": (
        "Pays back the whole amount of a successful transaction, a refund among them, each time it "
        "is asked to. No body is needed."
    ),
}

_UNPARSED = {400: "There was an error parsing the body"}

DEPLOYED_REFUSALS: dict[str, dict[int, str]] = {
    "tokenize": _UNPARSED | _INTERNAL,
    "create_payment": _UNPARSED | {401: "Invalid or expired token"} | _INTERNAL,
    "get_transaction": REFUSALS["get_transaction"],
    "list_customer_transactions": REFUSALS["list_customer_transactions"],
    "refund": {
        400: "Only successful transactions can be refunded",
        404: "Transaction not found",
    }
    | _INTERNAL,
    "get_token": REFUSALS["get_token"],
}
"""The same of the deployed service, but for what a body lacks: that is a list of faults."""

MEANINGS = {
    400: "The request is not valid, or cannot be carried out",
    401: "The token does not exist, or has expired",
    403: "Not from a program of this machine",
    404: "Not found",
    422: "The request is not valid",
    500: "Only where a fault was asked for",
}
"""What a status means, on any endpoint."""
