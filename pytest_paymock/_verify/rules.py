"""The one table of the contract's rules, in the order in which they are tried."""

from collections.abc import Sequence

from pytest_paymock._verify.contract import (
    amounts,
    bodies,
    deployed,
    paths,
    payments,
    refunds,
    refusals,
    token_info,
    tokens,
    transactions,
)
from pytest_paymock._verify.steps import Rule

RULES: tuple[Rule, ...] = (
    *paths.RULES,
    *refusals.RULES,
    *tokens.RULES,
    *token_info.RULES,
    *payments.RULES,
    *amounts.RULES,
    *transactions.RULES,
    *refunds.RULES,
    *bodies.RULES,
    *deployed.RULES,
)


def rules_of(profile: str, only: Sequence[str] = ()) -> list[Rule]:
    """Return the rules of a profile.

    Args:
        profile: ``documented`` or ``deployed``.
        only: names of those that are wanted; empty for all.
    """
    return [rule for rule in RULES if profile in rule.profiles and (not only or rule.name in only)]
