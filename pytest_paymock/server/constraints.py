"""What JSON Schema can say of the rules that functions check in the schemas of ``api/``.

Each is no stricter than the rule: what breaks one of these is refused by the API. Not all rules can
be said so, such as the check digit of a card number or that a card has not expired.
"""

from typing import Any

from pytest_paymock._engine.cards import NUMBER_LENGTHS

# Spaces and dashes may stand anywhere; what a pattern cannot count is left to the API.
_AS_MANY = f"{{{NUMBER_LENGTHS[0]},{NUMBER_LENGTHS[-1]}}}"
_CARD_NUMBER = rf"^[ \-]*([0-9][ \-]*){_AS_MANY}$"

CONSTRAINTS: dict[str, dict[str, dict[str, Any]]] = {
    "CardFields": {
        "card_number": {"pattern": _CARD_NUMBER, "description": "The Luhn check digit must match."},
        "expiry_month": {"minimum": 1, "maximum": 12},
        "expiry_year": {"minimum": 1000, "maximum": 9999, "description": "Not in the past."},
        "cvv": {"pattern": "^[0-9]{3,4}$"},
    },
    "CustomerFields": {"email": {"pattern": r"^[^@\s]+@[^@\s]+$"}},
    "PaymentRequest": {
        "amount": {"type": "number", "exclusiveMinimum": 0},
        "currency": {"pattern": "^[A-Za-z]{3}$"},
    },
}
"""Keywords by schema and field."""

DEPLOYED: dict[str, dict[str, dict[str, Any]]] = {
    "CardFields": {
        "card_number": {"pattern": rf"^[\s\-]*([0-9][\s\-]*){_AS_MANY}$"},
        "cvv": {"pattern": "^[0-9]{3,4}$"},
    },
}
"""The same for the deployed service, whose other rules pydantic says itself."""


DESCRIPTIONS = {
    "TokenizeRequest": "A card, and whose it is.",
    "CardFields": "A card. Spaces and dashes in the number are dropped.",
    "CustomerFields": "Whose card it is; without a `customer_id` one is made.",
    "AddressFields": "Where the card's bills go.",
    "PaymentRequest": "What to charge, and whom.",
}
"""The description of a schema on the pages; its docstring is for the code."""


def constrain(schemas: dict[str, Any], constraints: dict[str, dict[str, dict[str, Any]]]) -> None:
    """Add the keywords and the descriptions to the schemas of a document."""
    for name, fields in constraints.items():
        for field, keywords in fields.items():
            schemas[name]["properties"][field].update(keywords)
    for name, description in DESCRIPTIONS.items():
        schemas[name]["description"] = description
