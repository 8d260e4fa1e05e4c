"""A biller: charges all subscriptions that are due, many at once, and reports what became of them.

Tokens of the API live for 24 hours only. So a charge that is refused because its token has expired
is no failure yet: the biller asks for the card again, where it can.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

import anyio
import httpx

MONTH = timedelta(days=30)
DAY = timedelta(days=1)

AskForCard = Callable[[str], Awaitable[Mapping[str, Any] | None]]
"""Given a customer id, returns the body of a tokenize request, or None if the customer is away."""


class Result(Enum):
    """What became of one subscription in one run."""

    PAID = "paid"
    IN_REVIEW = "in review"
    NO_FUNDS = "no funds, tried again tomorrow"
    DECLINED = "declined"
    CARD_NEEDED = "a new card is needed"
    UNKNOWN = "no answer, to be looked up by hand"


class NoAnswerError(Exception):
    """The API did not say what became of a charge."""


class TokenExpiredError(Exception):
    """The saved token cannot pay any more."""


@dataclass
class Subscription:
    """What a customer owes, and when next."""

    customer_id: str
    price: Decimal
    token: str
    due: date
    currency: str = "USD"


@dataclass
class Report:
    """The results of one run by customer id."""

    results: dict[str, Result] = field(default_factory=dict)

    def customers(self, result: Result) -> list[str]:
        """Return the customers with one result, sorted."""
        return sorted(name for name, found in self.results.items() if found is result)


async def nobody_is_asked(customer_id: str) -> None:
    """Have no card, for runs at night."""


class Biller:
    """Charges subscriptions; ``ask_for_card`` reaches a customer whose token has expired."""

    def __init__(
        self, base_url: str, *, ask_for_card: AskForCard = nobody_is_asked, at_once: int = 10
    ) -> None:
        self._base_url = base_url
        self._ask_for_card = ask_for_card
        self._at_once = at_once

    async def run(self, subscriptions: Sequence[Subscription], today: date) -> Report:
        """Charge everything that is due."""
        report = Report()
        limit = anyio.CapacityLimiter(self._at_once)

        async def bill(api: httpx.AsyncClient, subscription: Subscription) -> None:
            async with limit:
                result = await self._bill(api, subscription)
            report.results[subscription.customer_id] = result
            subscription.due += _POSTPONED.get(result, timedelta())

        async with (
            httpx.AsyncClient(base_url=self._base_url) as api,
            anyio.create_task_group() as group,
        ):
            for subscription in subscriptions:
                if subscription.due <= today:
                    group.start_soon(bill, api, subscription)
        return report

    async def _bill(self, api: httpx.AsyncClient, subscription: Subscription) -> Result:
        try:
            try:
                return await _charge(api, subscription)
            except TokenExpiredError:
                body = await self._ask_for_card(subscription.customer_id)
                if body is None:
                    return Result.CARD_NEEDED
                subscription.token = (await _post(api, "/api/v1/tokenize", body))["token"]
                return await _charge(api, subscription)
        except NoAnswerError:
            return Result.UNKNOWN


# A subscription that is not postponed stays due: somebody has to act first.
_POSTPONED = {Result.PAID: MONTH, Result.IN_REVIEW: MONTH, Result.NO_FUNDS: DAY}


async def _charge(api: httpx.AsyncClient, subscription: Subscription) -> Result:
    body = {
        "token": subscription.token,
        "amount": float(subscription.price),
        "currency": subscription.currency,
        "customer_id": subscription.customer_id,
        "description": f"Subscription, due {subscription.due}",
    }
    payment = await _post(api, "/api/v1/payments", body)
    if payment["status"] == "failed":
        no_funds = payment["message"] == "Insufficient funds"
        return Result.NO_FUNDS if no_funds else Result.DECLINED
    return Result.PAID if payment["status"] == "success" else Result.IN_REVIEW


async def _post(api: httpx.AsyncClient, path: str, body: Mapping[str, Any]) -> Any:
    try:
        response = await api.post(path, json=body)
    except httpx.TransportError as error:
        raise NoAnswerError(path) from error
    if response.status_code == httpx.codes.UNAUTHORIZED:
        raise TokenExpiredError
    return response.raise_for_status().json()
