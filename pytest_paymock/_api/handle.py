"""One request of the contract: find the endpoint, validate, act on the engine, answer.

``handle`` never raises for anything that a client sends, and an answer of 400 or more has changed
nothing.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from pydantic import ValidationError

from pytest_paymock._api import answers, bodies, card_leaks, endpoints, redact
from pytest_paymock._api.http import Handled, Request, Response, new_response
from pytest_paymock._api.profiles import DOCUMENTED, Profile
from pytest_paymock._api.unknown_paths import RequestedPath
from pytest_paymock._engine.engine import CardData, Engine
from pytest_paymock._engine.script import PaymentOrder
from pytest_paymock.errors import (
    InvalidTokenError,
    NotRefundableError,
    PaymentRefusedError,
    UnknownTokenError,
    UnknownTransactionError,
)

_STATUS_OF: dict[type[PaymentRefusedError], int] = {
    InvalidTokenError: 401,
    NotRefundableError: 400,
    UnknownTokenError: 404,
    UnknownTransactionError: 404,
}


def handle(
    engine: Engine, request: Request, profile: Profile = DOCUMENTED, base_url: str = ""
) -> Handled:
    """Answer one request, and say what may be recorded of it.

    Args:
        engine: whose state it reads and changes; the caller holds its lock.
        request: what came, below the base URL.
        profile: which form of the API answers; the engine has its rules.
        base_url: that of the fake, where the request says no other.
    """
    by_method, identifier, path = _find(engine, request)
    endpoint, body = by_method.get(request.method), request.body
    if endpoint is None:
        place = RequestedPath(path, by_method, request.base_url or base_url)
        response = profile.elsewhere(request, place, engine.clock)
        return response, None, path, _unread(engine, body)
    name = endpoint.name
    reader = _READERS.get(name)
    if reader is not None:
        response, recorded = reader(profile, engine, body)
        return response, name, path, recorded
    try:
        answer = _ACTIONS[name](profile, engine, identifier)
        response = new_response((endpoint.success, answer, ()))
    except PaymentRefusedError as refusal:
        response = _refused(refusal)
    return response, name, path, _unread(engine, body) if body else None


def _find(engine: Engine, request: Request) -> tuple[Mapping[str, endpoints.Endpoint], str, str]:
    """Find the endpoints of a request, and note card numbers in its URL and header.

    Returns:
        the endpoints by method, the identifier in the path, and the path as it may be recorded.
    """
    # By place, as to ask for each by its name costs more than to find out that nothing is there.
    _, sent, _, _, query, _, header_digits = request
    by_method, identifier, path = endpoints.match(sent)
    # Nearly every path is a constant, or has an id in it that the engine itself has made. A look
    # at each of its digits would be half of what a question for a transaction costs.
    known = by_method and (not identifier or engine.knows(identifier))
    if not known:
        path = redact.masked_path(path)
        if by_method and path is not sent:
            identifier = endpoints.match(path)[1]
    if not known or query or header_digits:
        card_leaks.watch_head(engine, request)
    return by_method, identifier, path


class Read(NamedTuple):
    """A request as it may be recorded: no card data is in it."""

    endpoint: endpoints.Endpoint | None
    path: str
    body: bytes | None


def endpoint_of(request: Request) -> endpoints.Endpoint | None:
    """Return the documented endpoint that a request is for, if any."""
    return endpoints.match(request.path)[0].get(request.method)


def read(engine: Engine, request: Request, profile: Profile = DOCUMENTED) -> Read:
    """Return a request as it may be recorded, without acting on it."""
    by_method, _, path = _find(engine, request)
    endpoint = by_method.get(request.method)
    if endpoint is not endpoints.TOKENIZE:
        return Read(endpoint, path, _unread(engine, request.body))
    with suppress(bodies.BodyError):
        card_leaks.watch_card(engine, profile.parse(request.body))
    return Read(endpoint, path, _recorded(request.body))


def _unread(engine: Engine, body: bytes) -> bytes | None:
    """Record a body that the API does not look at, as far as it is JSON."""
    if not body:
        return None
    try:
        sent = bodies.parse(body)
    except bodies.BodyError:
        card_leaks.watch_body(engine, body, None)
        return None
    if redact.suspect(body):
        card_leaks.watch_body(engine, body, sent)
    return bodies.dump(redact.masked(sent))


def _recorded(body: bytes) -> bytes | None:
    try:
        return bodies.dump(redact.masked(bodies.parse(body)))
    except bodies.BodyError:
        return None


def _refused(refusal: PaymentRefusedError) -> Response:
    return Response(_STATUS_OF[type(refusal)], answers.error(str(refusal)))


def _tokenize(profile: Profile, engine: Engine, body: bytes) -> tuple[Response, bytes | None]:
    plain = profile.plain_card(body, engine.now())
    if plain is not None:
        token = engine.tokenize(plain.card, plain.customer_id)
        engine.cards.tokenized(token.card)
        return new_response((201, profile.tokenized(token), ())), plain.recorded
    try:
        sent = profile.parse(body)
    except bodies.BodyError as error:
        return profile.unreadable(error), None
    card_leaks.watch_card(engine, sent)
    recorded, checked = _without_secrets(profile, body, sent)
    try:
        valid = profile.read_tokenize(checked, context=engine.now())
    except ValidationError as error:
        return profile.invalid(error), recorded
    card = CardData(
        valid.card.card_number,
        valid.card.card_holder,
        valid.card.expiry_month,
        valid.card.expiry_year,
    )
    token = engine.tokenize(card, valid.customer.customer_id)
    return Response(201, profile.tokenized(token)), recorded


def _without_secrets(
    profile: Profile, body: bytes, sent: dict[str, Any]
) -> tuple[bytes, dict[str, Any]]:
    """Return a tokenize request as it may be recorded, and as the API may look at it.

    The API sees the card number and the CVV where they belong, and nowhere else.
    """
    recorded = redact.masked_secrets(body)
    if recorded is not None:
        return recorded, sent
    checked, card = redact.masked(sent, numbers=False), sent.get("card")
    if isinstance(card, dict):
        checked["card"].update({key: card[key] for key in ("card_number", "cvv") if key in card})
    return profile.dump(redact.masked(sent)), checked


def _create_payment(profile: Profile, engine: Engine, body: bytes) -> tuple[Response, bytes | None]:
    plain = profile.plain_order(body)
    if plain is not None:
        return _paid(profile, engine, plain), body
    try:
        sent = profile.parse(body)
    except bodies.BodyError as error:
        card_leaks.watch_body(engine, body, None)
        return profile.unreadable(error), None
    recorded = body
    if redact.suspect(body):
        card_leaks.watch_body(engine, body, sent)
        recorded = profile.dump(redact.masked(sent))
        sent = redact.masked(sent, numbers=False)
    try:
        valid = profile.read_payment(sent)
    except ValidationError as error:
        return profile.invalid(error), recorded
    order = PaymentOrder(
        valid.token, valid.amount, valid.currency, valid.customer_id, valid.description
    )
    return _paid(profile, engine, order), recorded


def _paid(profile: Profile, engine: Engine, order: PaymentOrder) -> Response:
    try:
        return new_response((201, profile.paid(engine.pay(order)), ()))
    except PaymentRefusedError as refusal:
        return _refused(refusal)


def _get_transaction(profile: Profile, engine: Engine, transaction_id: str) -> bytes:
    return profile.transaction(engine.transaction(transaction_id))


def _list_customer_transactions(profile: Profile, engine: Engine, customer_id: str) -> bytes:
    return profile.history(customer_id, engine.history(customer_id))


def _refund(profile: Profile, engine: Engine, transaction_id: str) -> bytes:
    return profile.refunded(engine.refund(transaction_id))


def _get_token(profile: Profile, engine: Engine, token: str) -> bytes:
    return profile.token_info(engine.token(token), engine.now())


_READERS: dict[str, Callable[[Profile, Engine, bytes], tuple[Response, bytes | None]]] = {
    endpoints.TOKENIZE.name: _tokenize,
    endpoints.CREATE_PAYMENT.name: _create_payment,
}

_ACTIONS: dict[str, Callable[[Profile, Engine, str], bytes]] = {
    endpoints.GET_TRANSACTION.name: _get_transaction,
    endpoints.LIST_CUSTOMER_TRANSACTIONS.name: _list_customer_transactions,
    endpoints.REFUND.name: _refund,
    endpoints.GET_TOKEN.name: _get_token,
}
