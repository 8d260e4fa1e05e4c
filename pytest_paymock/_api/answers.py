"""The bodies of the API's answers (spec sections 2 to 7), from the engine's records.

They are written as text around the few strings that need quoting: a payment's answer costs a
quarter of what building a dict and encoding it does, and an amount keeps its own digits. It goes
by ``str``, as its ``__format__`` costs three times as much.
"""

from pydantic import ValidationError

from pytest_paymock._api.bodies import BodyError, quote
from pytest_paymock._api.http import JSON_TYPE, Response
from pytest_paymock._api.schemas import faults_of
from pytest_paymock._card_numbers import masked_text
from pytest_paymock._engine.records import Payment, Refund, Token
from pytest_paymock._engine.times import iso_text


def error(detail: str) -> bytes:
    """Return the body of every refusal."""
    return f'{{"detail":{quote(detail)}}}'.encode()


def unreadable(problem: BodyError) -> Response:
    """Return the answer to a body that is no JSON object."""
    return Response(400, error(str(problem)))


def other_type(content_type: str) -> Response:
    """Return the answer to a body that is not read, since its type is no JSON type."""
    shown = masked_text(content_type[:_LONGEST_TYPE])
    return Response(400, error(f"the request body is of the type {shown}; send it as {JSON_TYPE}"))


_LONGEST_TYPE = 100


def invalid(problem: ValidationError) -> Response:
    """Return the answer to a request that is not valid: all its faults in one sentence."""
    return Response(400, error(faults_of(problem)))


def tokenized(token: Token) -> bytes:
    """Return the answer to ``tokenize``."""
    return (
        f'{{"token":"{token.token}","last_four_digits":"{token.card.last_four}",'
        f'"card_type":"{token.card.card_type}","expires_at":"{iso_text(token.expires_at)}",'
        f'"customer_id":{quote(token.customer_id)},"created_at":"{iso_text(token.created_at)}"}}'
    ).encode()


def token_info(token: Token, is_valid: bool) -> bytes:  # noqa: FBT001 - a field like others
    """Return the answer to ``get_token``."""
    return (
        f'{{"token":"{token.token}","last_four_digits":"{token.card.last_four}",'
        f'"card_type":"{token.card.card_type}","expires_at":"{iso_text(token.expires_at)}",'
        f'"created_at":"{iso_text(token.created_at)}",'
        f'"is_valid":{"true" if is_valid else "false"}}}'
    ).encode()


def paid(payment: Payment) -> bytes:
    """Return the answer to ``create_payment``."""
    outcome = payment.decision.outcome
    return (
        f'{{"transaction_id":"{payment.transaction_id}","status":"{outcome.status}",'
        f'"amount":{payment.amount!s},"currency":"{payment.currency}","token":"{payment.token}",'
        f'"customer_id":{quote(payment.customer_id)},"message":"{outcome.message}",'
        f'"processed_at":"{iso_text(payment.processed_at)}"}}'
    ).encode()


def refunded(refund: Refund) -> bytes:
    """Return the answer to ``refund``."""
    return (
        f'{{"refund_id":"{refund.refund_id}",'
        f'"original_transaction_id":"{refund.original_transaction_id}",'
        f'"amount":{refund.amount!s},"currency":"{refund.currency}",'
        f'"customer_id":{quote(refund.customer_id)},"status":"{refund.status}",'
        f'"message":"{refund.message}","processed_at":"{iso_text(refund.processed_at)}"}}'
    ).encode()


def transaction(record: Payment | Refund) -> bytes:
    """Return the answer to ``get_transaction``."""
    return _transaction_text(record).encode()


def history(customer_id: str, records: list[Payment | Refund]) -> bytes:
    """Return the answer to ``list_customer_transactions``."""
    listed = ",".join(map(_transaction_text, records))
    return (
        f'{{"customer_id":{quote(customer_id)},"transaction_count":{len(records)},'
        f'"transactions":[{listed}]}}'
    ).encode()


def _transaction_text(record: Payment | Refund) -> str:
    """One transaction in the documented shape, and behind it what the spec decided to add.

    A refund has the same shape as a payment, so that a client which reads a history with one
    model reads both, and adds the fields of its own answer.
    """
    if isinstance(record, Refund):
        description = "null"
        more = (
            f',"refund_id":"{record.refund_id}",'
            f'"original_transaction_id":"{record.original_transaction_id}",'
            f'"message":"{record.message}"'
        )
    else:
        description = "null" if record.description is None else quote(record.description)
        more = f',"refunded":true,"refund_id":"{record.refund_id}"' if record.refund_id else ""
    return (
        f'{{"transaction_id":"{record.transaction_id}","status":"{record.status}",'
        f'"amount":{record.amount!s},"currency":"{record.currency}",'
        f'"customer_id":{quote(record.customer_id)},"description":{description},'
        f'"processed_at":"{iso_text(record.processed_at)}",'
        f'"card_info":{{"last_four":"{record.card.last_four}",'
        f'"card_type":"{record.card.card_type}"}}{more}}}'
    )
