"""A server that deviates from one rule is found by that rule, and by no other."""

import pytest

from pytest_paymock._verify.probe import Finding, Verdict
from pytest_paymock._verify.steps import NEEDS_A_FAULT, PROFILES

from .asking import Exchanges, ask, deviating, differing, in_memory
from .deviations import BY_NAME, Deviation


def touched(asked: list[tuple[Finding, Exchanges]], deviation: Deviation) -> list[Finding]:
    """Return the findings of rules of which a deviation changes any answer."""
    return [
        finding
        for finding, exchanges in asked
        if any(deviating(deviation, sent, reply) != reply for sent, reply in exchanges)
    ]


@pytest.mark.parametrize("profile", PROFILES)
def test_each_deviation_is_found_by_its_rule_and_by_no_other(profile: str) -> None:
    straight = ask(profile, in_memory(profile))
    assert differing([finding for finding, _ in straight]) == []
    wrong = {}
    for name, deviation in BY_NAME.items():
        if profile in deviation.profiles:
            # The answers to all other rules are those of the straight fake.
            rules = [finding.rule for finding in touched(straight, deviation)]
            again = [finding for finding, _ in ask(profile, rules, deviation)]
            found = [(each.rule.name, each.reason) for each in again if is_told(each)]
            if [name for name, _ in found] != [deviation.rule]:
                wrong[name] = found
    assert wrong == {}


def is_told(finding: Finding) -> bool:
    return finding.verdict is not Verdict.HOLDS and finding.reason != NEEDS_A_FAULT


@pytest.mark.parametrize("profile", PROFILES)
def test_there_are_deviations_enough(profile: str) -> None:
    rules = {each.rule for each in BY_NAME.values() if profile in each.profiles}
    assert rules <= {rule.name for rule in in_memory(profile)}
    assert len(rules) > 60
