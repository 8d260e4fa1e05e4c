"""The table of endpoints (spec section 1): the one place that knows names, methods and paths.

The interceptors, the server's routes, ``calls.to(...)`` and ``faults.queue(on=...)`` all read it.
"""

from dataclasses import dataclass
from urllib.parse import unquote

from pytest_paymock._card_numbers import quoted
from pytest_paymock._suggestions import did_you_mean
from pytest_paymock.errors import UsageError, is_for_caller

__tracebackhide__ = is_for_caller


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of the table. ``path`` holds at most one ``{name}``, always the fifth piece."""

    name: str
    method: str
    path: str
    success: int
    summary: str

    @property
    def shape(self) -> str:
        """The path with its parameter's name left out: ``/api/v1/tokens/{}``."""
        start, brace, rest = self.path.partition("{")
        return start + brace + rest[rest.find("}") :] if brace else self.path


TOKENIZE = Endpoint("tokenize", "POST", "/api/v1/tokenize", 201, "Store a card, get a token")
CREATE_PAYMENT = Endpoint("create_payment", "POST", "/api/v1/payments", 201, "Charge a token")
GET_TRANSACTION = Endpoint(
    "get_transaction", "GET", "/api/v1/transactions/{transaction_id}", 200, "Look a payment up"
)
LIST_CUSTOMER_TRANSACTIONS = Endpoint(
    "list_customer_transactions",
    "GET",
    "/api/v1/customers/{customer_id}/transactions",
    200,
    "List a customer's payments and refunds",
)
REFUND = Endpoint(
    "refund", "POST", "/api/v1/transactions/{transaction_id}/refund", 200, "Pay a charge back"
)
GET_TOKEN = Endpoint("get_token", "GET", "/api/v1/tokens/{token}", 200, "Look a token up")

ENDPOINTS = (
    TOKENIZE,
    CREATE_PAYMENT,
    GET_TRANSACTION,
    LIST_CUSTOMER_TRANSACTIONS,
    REFUND,
    GET_TOKEN,
)

NAMES = tuple(endpoint.name for endpoint in ENDPOINTS)

_NONE: dict[str, Endpoint] = {}

Match = tuple[dict[str, Endpoint], str, str]
"""What lies at a path: the endpoints by method, the identifier in it, and the path itself."""

_STATIC: dict[str, Match] = {}
_WITH_ID: dict[str, dict[str, dict[str, Endpoint]]] = {}
for _endpoint in ENDPOINTS:
    _before, _brace, _rest = _endpoint.path.partition("{")
    if _brace:
        _after = _WITH_ID.setdefault(_before, {}).setdefault(_rest.partition("}")[2], {})
        _after[_endpoint.method] = _endpoint
    else:
        _STATIC.setdefault(_before, ({}, "", _before))[0][_endpoint.method] = _endpoint

_ROOT = len("/api/v1/")
"""Where in each path the name of what it is about begins."""


def match(path: str) -> Match:
    """Find the endpoints of a path as it stood on the wire, below the base URL.

    Returns:
        the endpoints by method, none for an unknown path; the identifier in the path, decoded once,
        and cut out before, so that ``cust%2F1`` is one identifier; and the path. Where there is no
        identifier, that is one text for all records, of which each request brings one.

    >>> by_method, identifier, _ = match("/api/v1/customers/cust%2F1/transactions")
    >>> by_method["GET"].name, identifier
    ('list_customer_transactions', 'cust/1')
    """
    static = _STATIC.get(path)
    if static is not None:
        return static
    by_method, identifier = _with_id(path)
    decoded = unquote(identifier) if "%" in identifier else identifier
    return by_method, decoded, path


def match_decoded(path: str) -> Match:
    """Find the endpoints of a path as the deployed service's router does (spec section 8).

    It decodes the whole path first, so that ``%2F`` ends an identifier; and its patterns end in
    ``$``, which matches before a line feed, too.

    >>> match_decoded("/api/v1/customers/cust%2F1/transactions")[0]
    {}
    >>> match_decoded("/api/v1/%74okenize%0A")[0]["POST"].name
    'tokenize'
    """
    if "%" not in path:
        return match(path)
    decoded = unquote(path)
    for candidate in (decoded, decoded.removesuffix("\n")):
        static = _STATIC.get(candidate)
        by_method, identifier = (static[0], "") if static else _with_id(candidate)
        if by_method:
            return by_method, identifier, path
    return _NONE, "", path


def _with_id(path: str) -> tuple[dict[str, Endpoint], str]:
    """Return the endpoints of a path with an identifier in it, and that as it stands there."""
    start = path.find("/", _ROOT) + 1
    by_rest = _WITH_ID.get(path[:start])
    if by_rest is None:
        return _NONE, ""
    identifier, slash, rest = path[start:].partition("/")
    return by_rest.get(slash + rest, _NONE) if identifier else _NONE, identifier


def checked_name(name: str) -> str:
    """Return an endpoint's name as it is.

    Raises:
        UsageError: for a name that no endpoint has; the message lists the valid ones.
    """
    if name not in NAMES:
        raise UsageError(
            f"there is no endpoint {quoted(name)}{did_you_mean(name, NAMES)}; "
            f"the endpoints are {', '.join(NAMES)}"
        )
    return name
