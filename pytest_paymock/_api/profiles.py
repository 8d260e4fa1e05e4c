"""The two forms of the API that can be faked, as values side by side: documented and deployed.

A :class:`Profile` says how a request is read, how it is refused, what the answers look like and by
which rules the engine acts. Nothing else asks which of the two it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from pytest_paymock._api import (
    answers,
    bodies,
    deployed_answers,
    deployed_bodies,
    deployed_schemas,
    endpoints,
    schemas,
    unknown_paths,
)
from pytest_paymock._api.http import Request, Response
from pytest_paymock._engine import rules
from pytest_paymock._engine.records import Payment, Refund, Token
from pytest_paymock._engine.rules import Rules


class ReadRequest(Protocol):
    """How the object of a body becomes a request that is known to be valid."""

    def __call__(self, sent: Any, /, *, context: datetime | None = None) -> dict[str, Any]:
        """Return those of the fields that the API documents which the request has.

        Args:
            sent: JSON, with ``Decimal`` for numbers with a fraction.
            context: the time of the engine's clock, for expiry dates.

        Raises:
            ValidationError: for what is no such request.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One form of the API.

    Args:
        rules: by which the engine acts.
        match: the endpoints of a path as it stood on the wire.
        parse: the JSON object in a body; raises ``BodyError`` where there is none.
        dump: JSON as it is recorded.
        unreadable: the answer to a body that ``parse`` refuses.
        other_type: the answer to a body whose content type is no JSON type.
        read_tokenize: the request in the body of ``tokenize``.
        read_payment: the request in the body of ``create_payment``.
        invalid: the answer to a body that these two refuse.
        tokenized: the body of the answer to ``tokenize``.
        token_info: the same to ``get_token``, and whether it is valid.
        paid: the same to ``create_payment``.
        refunded: the same to ``refund``.
        transaction: the same to ``get_transaction``.
        history: the same to ``list_customer_transactions``.
        elsewhere: the answer to a path or method that is none of the endpoints, at a time.
    """

    rules: Rules
    match: Callable[[str], endpoints.Match]
    parse: Callable[[bytes], dict[str, Any]]
    dump: Callable[[Any], bytes]
    unreadable: Callable[[bodies.BodyError], Response]
    other_type: Callable[[str], Response]
    read_tokenize: ReadRequest
    read_payment: ReadRequest
    invalid: Callable[[ValidationError], Response]
    tokenized: Callable[[Token], bytes]
    token_info: Callable[[Token, bool], bytes]
    paid: Callable[[Payment], bytes]
    refunded: Callable[[Refund], bytes]
    transaction: Callable[[Payment | Refund], bytes]
    history: Callable[[str, list[Payment | Refund]], bytes]
    elsewhere: Callable[[Request, unknown_paths.RequestedPath, datetime], Response]


def _reader_of(model: type[BaseModel]) -> ReadRequest:
    def read(sent: Any, /, *, context: datetime | None = None) -> dict[str, Any]:
        # By the model: that it is one is in the type and the words of FastAPI's faults.
        valid = model.model_validate(sent, context=context)
        return valid.model_dump(exclude_unset=True, warnings=False)  # an amount is no float now

    return read


DOCUMENTED = Profile(
    rules=rules.DOCUMENTED,
    match=endpoints.match,
    parse=bodies.parse,
    dump=bodies.dump,
    unreadable=answers.unreadable,
    other_type=answers.other_type,
    read_tokenize=schemas.reader_of(schemas.TokenizeRequest),
    read_payment=schemas.reader_of(schemas.PaymentRequest),
    invalid=answers.invalid,
    tokenized=answers.tokenized,
    token_info=answers.token_info,
    paid=answers.paid,
    refunded=answers.refunded,
    transaction=answers.transaction,
    history=answers.history,
    elsewhere=unknown_paths.documented,
)
"""What the documentation says (spec sections 1 to 7)."""

DEPLOYED = Profile(
    rules=rules.DEPLOYED,
    match=endpoints.match_decoded,
    parse=deployed_bodies.parse,
    dump=deployed_bodies.dump,
    unreadable=deployed_bodies.unreadable,
    other_type=deployed_bodies.other_type,
    read_tokenize=_reader_of(deployed_schemas.TokenizeRequest),
    read_payment=_reader_of(deployed_schemas.PaymentRequest),
    invalid=deployed_answers.invalid,
    tokenized=deployed_answers.tokenized,
    token_info=deployed_answers.token_info,
    paid=deployed_answers.paid,
    refunded=deployed_answers.refunded,
    transaction=deployed_answers.transaction,
    history=deployed_answers.history,
    elsewhere=unknown_paths.deployed,
)
"""What the service does that runs under that documentation (spec section 8)."""

PROFILES: dict[str, Profile] = {"documented": DOCUMENTED, "deployed": DEPLOYED}
"""By the values of the option ``profile``."""
