"""One request of the contract: find the endpoint, validate, ask the engine, answer.

``handle`` never raises for anything that a client sends, and changes nothing: what it returns says
what is to be entered in the journal. With an answer of 400 or more that is no effect, but for one:
the deployed service notices that a token has expired when somebody pays with it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from pytest_paymock._api import answers, bodies, card_leaks, redact
from pytest_paymock._api.endpoints import CREATE_PAYMENT, TOKENIZE, Endpoint
from pytest_paymock._api.http import JSON_TYPE, Request, Response
from pytest_paymock._api.profiles import DOCUMENTED, Profile
from pytest_paymock._api.schemas import DEFAULT_CURRENCY
from pytest_paymock._api.unknown_paths import RequestedPath
from pytest_paymock._card_numbers import masked_text
from pytest_paymock._engine.engine import CardData, Engine, Moment, PaymentOrder
from pytest_paymock._engine.journal import CardSighting, Effect
from pytest_paymock.errors import (
    InvalidTokenError,
    NotRefundableError,
    PaymentRefusedError,
    UnknownTokenError,
    UnknownTransactionError,
)

# What comes before the API has acted, where a fault lets part of an answer come: no record of the
# engine may stand in it.
_NOT_ACTED = Response(200, b'{"detail":"The request was not processed"}')

_STATUS_OF: dict[type[PaymentRefusedError], int] = {
    InvalidTokenError: 401,
    NotRefundableError: 400,
    UnknownTokenError: 404,
    UnknownTransactionError: 404,
}


@dataclass(slots=True)
class Route:
    """Where a request leads: the endpoint that is meant, and what else lies at its path.

    Args:
        endpoint: None for a path or a method that is not documented.
        by_method: the endpoints at the path.
        identifier: in the path, decoded; empty where it has none.
        path: as it stood on the wire.
        name: of the endpoint, None outside the documented ones.
    """

    endpoint: Endpoint | None
    by_method: Mapping[str, Endpoint]
    identifier: str
    path: str
    name: str | None


@dataclass(slots=True)
class Handled:
    """An answer, what may be recorded of the exchange, and what is to be entered in the journal.

    No card data is in it.

    Args:
        response: the answer.
        request: the body of the request as it may be recorded, None if there is none to record.
        effect: what the request made, if anything.
        outcomes: the new state of the outcome script, None if it stays as it is.
        cards: the card numbers in the request.
        endpoint: the route name, None outside the documented endpoints.
        path: as it may be recorded.
    """

    response: Response
    request: bytes | None = None
    effect: Effect | None = None
    outcomes: Any = None
    cards: Sequence[CardSighting] = ()
    endpoint: str | None = None
    path: str = ""


Act = Callable[[Profile, Engine, Moment, str, bytes], Handled]
"""What an endpoint does with a moment, the identifier in the path, and the body of a request."""


def _is_of_other_type(request: Request, route: Route) -> bool:
    """Return whether a request has a body that would be read if it were of a JSON type."""
    kind = request.content_type
    return (
        kind not in (None, JSON_TYPE)
        and bool(request.body)
        and route.endpoint in (TOKENIZE, CREATE_PAYMENT)
        and not bodies.is_json_type(kind)
    )


def find(request: Request, profile: Profile = DOCUMENTED) -> Route:
    """Return where a request leads."""
    by_method, identifier, path = profile.match(request.path)
    endpoint = by_method.get(request.method)
    name = None if endpoint is None else endpoint.name
    return Route(endpoint, by_method, identifier, path, name)


def handle(
    engine: Engine,
    request: Request,
    route: Route,
    moment: Moment,
    profile: Profile = DOCUMENTED,
    base_url: str = "",
) -> Handled:
    """Answer one request, and return what is to be recorded of it; nothing is changed.

    Args:
        engine: by whose state it answers; the caller holds the journal's lock.
        request: what came, below the base URL.
        route: where it leads, as :func:`find` says.
        moment: when it came.
        profile: which form of the API answers; the engine has its rules.
        base_url: that of the fake, where the request says no other.
    """
    route, cards = _without_cards(engine, request, route)
    if route.endpoint is None:
        place = RequestedPath(route.path, route.by_method, request.base_url or base_url)
        handled = _unread(engine, request.body)
        handled.response = profile.elsewhere(request, place, moment.now)
    elif _is_of_other_type(request, route):
        handled = Handled(profile.other_type(request.content_type or ""))
        handled.cards = card_leaks.in_body(engine.cards, request.body, None)
    else:
        act = _ACTIONS[route.endpoint.name]
        handled = act(profile, engine, moment, route.identifier, request.body)
    return _completed(handled, route, cards)


def read(engine: Engine, request: Request, route: Route, profile: Profile = DOCUMENTED) -> Handled:
    """Return what may be recorded of a request on which the API does not act.

    The answer in it is the one of which a part may come, where a fault lets it.
    """
    route, cards = _without_cards(engine, request, route)
    endpoint = route.endpoint
    if endpoint is not None and endpoint in (TOKENIZE, CREATE_PAYMENT):
        handled = _unacted(engine, request, endpoint, profile)
    else:
        handled = _unread(engine, request.body)
    status = 200 if endpoint is None else endpoint.success
    body = b"" if request.method == "HEAD" else _NOT_ACTED.body
    handled.response = Response(status, body)
    return _completed(handled, route, cards)


def _without_cards(
    engine: Engine, request: Request, route: Route
) -> tuple[Route, list[CardSighting]]:
    """Return a route as it may be recorded, and the card numbers in the request's head."""
    # Nearly every path is a constant, or has an id in it that the engine itself has made.
    known = route.by_method and (not route.identifier or engine.knows(route.identifier))
    if not known:
        path = redact.masked_path(route.path)
        if path != route.path:
            route = replace(route, path=path)
    if known and not request.query and not request.header_digits:
        return route, []
    return route, card_leaks.in_head(engine.cards, request)


def _completed(handled: Handled, route: Route, cards: list[CardSighting]) -> Handled:
    handled.endpoint, handled.path = route.name, redact.cut(route.path, len(route.path))
    if cards:
        handled.cards = [*cards, *handled.cards]
    return handled


def _unread(engine: Engine, body: bytes) -> Handled:
    """Return what may be recorded of a body that the API does not look at, as far as it is JSON."""
    if not body:
        return Handled(_NOT_ACTED)
    try:
        sent = bodies.parse(body)
    except bodies.BodyError:
        return Handled(_NOT_ACTED, cards=card_leaks.in_body(engine.cards, body, None))
    cards = card_leaks.in_body(engine.cards, body, sent)
    return Handled(_NOT_ACTED, bodies.dump(redact.recorded(redact.NOTHING, sent)), cards=cards)


def _unacted(engine: Engine, request: Request, endpoint: Endpoint, profile: Profile) -> Handled:
    """Return what may be recorded of a request to tokenize or to pay on which nothing is done."""
    is_card = endpoint is TOKENIZE
    try:
        sent = profile.parse(request.body)
    except bodies.BodyError:
        cards = [] if is_card else card_leaks.in_body(engine.cards, request.body, None)
        return Handled(_NOT_ACTED, cards=cards)
    if is_card:
        cards = card_leaks.in_card(engine.cards, sent)
    else:
        cards = card_leaks.in_body(engine.cards, request.body, sent)
    known = redact.TOKENIZE if is_card else redact.PAYMENT
    return Handled(_NOT_ACTED, profile.dump(redact.recorded(known, sent)), cards=cards)


def _refused(refusal: PaymentRefusedError) -> Response:
    return Response(_STATUS_OF[type(refusal)], answers.error(str(refusal)))


def _tokenize(profile: Profile, engine: Engine, moment: Moment, _: str, body: bytes) -> Handled:
    # The request is read in a function of its own: what goes on here must have no card data among
    # its local variables, which pytest can show of every frame.
    read = _read_tokenize(profile, engine, moment, body)
    if isinstance(read, Handled):
        return read
    data, customer_id, mark, recorded = read
    token = engine.tokenize(data, customer_id, moment, mark)
    return Handled(Response(201, profile.tokenized(token)), recorded, token)


def _read_tokenize(
    profile: Profile, engine: Engine, moment: Moment, body: bytes
) -> Handled | tuple[CardData, str | None, str, bytes]:
    """Return the card, the customer's id and mark, and what is recorded; or a refusal."""
    try:
        sent = profile.parse(body)
    except bodies.BodyError as error:
        return Handled(profile.unreadable(error))
    try:
        valid = profile.read_tokenize(sent, context=moment.now)
    except ValidationError as error:
        recorded = profile.dump(redact.recorded(redact.TOKENIZE, sent))
        cards = card_leaks.in_card(engine.cards, sent)
        return Handled(profile.invalid(error), recorded, cards=cards)
    card, customer_id = valid["card"], valid["customer"].get("customer_id")
    holder, usual = card["card_holder"], redact.recorded_tokenization(sent, valid)
    mark = ""
    if usual is None:
        holder = masked_text(holder)
        if customer_id:
            customer_id, mark = engine.customer(customer_id)
    recorded = usual or profile.dump(redact.recorded(redact.TOKENIZE, sent))
    data = CardData(card["card_number"], holder, card["expiry_month"], card["expiry_year"])
    return data, customer_id, mark, recorded


def _create_payment(
    profile: Profile, engine: Engine, moment: Moment, _: str, body: bytes
) -> Handled:
    try:
        sent = profile.parse(body)
    except bodies.BodyError as error:
        cards = card_leaks.in_body(engine.cards, body, None)
        return Handled(profile.unreadable(error), cards=cards)
    try:
        valid = profile.read_payment(sent)
    except ValidationError as error:
        recorded = profile.dump(redact.recorded(redact.PAYMENT, sent))
        cards = card_leaks.in_body(engine.cards, body, sent)
        return Handled(profile.invalid(error), recorded, cards=cards)
    order = PaymentOrder(
        valid["token"],
        valid["amount"],
        valid.get("currency", DEFAULT_CURRENCY),
        valid["customer_id"],
        valid.get("description"),
    )
    if redact.is_plain(body) and valid == sent:
        # All of it is known, and nothing in it to be masked.
        return _paid(profile, engine, moment, order, bytes(body))
    recorded = profile.dump(redact.recorded(redact.PAYMENT, sent))
    handled = _paid(profile, engine, moment, _masked(engine, order), recorded)
    handled.cards = card_leaks.in_body(engine.cards, body, sent)
    return handled


def _masked(engine: Engine, order: PaymentOrder) -> PaymentOrder:
    description = order.description
    customer_id, mark = engine.customer(order.customer_id)
    return order._replace(
        currency=masked_text(order.currency),
        customer_id=customer_id,
        description=description and masked_text(description),
        customer_mark=mark,
    )


def _paid(
    profile: Profile, engine: Engine, moment: Moment, order: PaymentOrder, recorded: bytes
) -> Handled:
    try:
        payment, outcomes = engine.pay(order, moment)
    except PaymentRefusedError as refusal:
        return Handled(_refused(refusal), recorded, engine.expiry_found(order.token))
    return Handled(Response(201, profile.paid(payment)), recorded, payment, outcomes)


def _refund(
    profile: Profile, engine: Engine, moment: Moment, transaction_id: str, body: bytes
) -> Handled:
    handled = _unread(engine, body)
    try:
        handled.effect = refund = engine.refund(transaction_id, moment)
    except PaymentRefusedError as refusal:
        handled.response = _refused(refusal)
    else:
        handled.response = Response(200, profile.refunded(refund))
    return handled


def _answering(answer: Callable[[Profile, Engine, Moment, str], bytes]) -> Act:
    """Return the action of an endpoint that answers a question."""

    def act(
        profile: Profile, engine: Engine, moment: Moment, identifier: str, body: bytes
    ) -> Handled:
        handled = _unread(engine, body)
        try:
            handled.response = Response(200, answer(profile, engine, moment, identifier))
        except PaymentRefusedError as refusal:
            handled.response = _refused(refusal)
        return handled

    return act


def _transaction(profile: Profile, engine: Engine, _: Moment, transaction_id: str) -> bytes:
    return profile.transaction(engine.transaction(transaction_id))


def _history(profile: Profile, engine: Engine, _: Moment, identifier: str) -> bytes:
    customer_id, mark = engine.customer(identifier)
    return profile.history(customer_id, engine.history(customer_id + mark))


def _token_info(profile: Profile, engine: Engine, moment: Moment, token: str) -> bytes:
    found = engine.token(token)
    return profile.token_info(found, engine.is_told_valid(found, moment.now))


_ACTIONS: dict[str, Act] = {
    "tokenize": _tokenize,
    "create_payment": _create_payment,
    "get_transaction": _answering(_transaction),
    "list_customer_transactions": _answering(_history),
    "refund": _refund,
    "get_token": _answering(_token_info),
}
