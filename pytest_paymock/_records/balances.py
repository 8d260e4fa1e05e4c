"""What a customer was charged, in each currency: the sums that people ask a ledger for."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from pytest_paymock._engine.money import exact_sum
from pytest_paymock._records.records import PaymentRecord, RefundRecord


class Balance(NamedTuple):
    """The money of one customer in one currency, in exact amounts.

    ``charged`` and ``pending`` are the payments that succeeded and that are held, ``refunded`` what
    was paid back, and ``lost`` how much of the first two the client was never told of.
    """

    customer_id: str
    currency: str
    charged: Decimal
    refunded: Decimal
    pending: Decimal
    lost: Decimal

    @property
    def kept(self) -> Decimal:
        """What was charged and not paid back."""
        return exact_sum((self.charged, self.refunded.copy_negate()))


def balances(
    payments: Iterable[PaymentRecord], refunds: Iterable[RefundRecord]
) -> tuple[Balance, ...]:
    """Return the money of every customer and currency, in the order in which they first paid.

    Args:
        payments: whose amounts count by their status; a declined one counts for nothing.
        refunds: of these payments.
    """
    paid: dict[tuple[str, str], list[PaymentRecord]] = {}
    for payment in payments:
        paid.setdefault((payment.customer_key, payment.currency), []).append(payment)
    back: dict[tuple[str, str], list[Decimal]] = {}
    for refund in refunds:
        back.setdefault((refund.customer_key, refund.currency), []).append(refund.amount)
    return tuple(
        Balance(
            mine[0].customer_id,
            mine[0].currency,
            charged=exact_sum(one.amount for one in mine if one.status == "success"),
            refunded=exact_sum(back.get(whose, ())),
            pending=exact_sum(one.amount for one in mine if one.status == "pending"),
            lost=exact_sum(one.amount for one in mine if _is_lost(one)),
        )
        for whose, mine in paid.items()
    )


def _is_lost(payment: PaymentRecord) -> bool:
    return payment.status != "failed" and payment.call is not None and payment.call.lost
