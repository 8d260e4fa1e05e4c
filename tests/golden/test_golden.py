import json
from pathlib import Path

import pytest

from tests.golden.sequences import LENGTH, SEEDS, sequences_of

PINNED = json.loads((Path(__file__).parent / "sequences.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("seed", SEEDS, ids=["0", "1", "7", "negative", "huge"])
def test_the_sequences_of_a_seed_are_what_they_always_were(seed):
    assert sequences_of(seed) == PINNED[f"seed {seed}"]


def test_every_pinned_seed_is_compared():
    assert list(PINNED) == [f"seed {seed}" for seed in SEEDS]


def test_the_first_payment_of_the_default_seed_is_a_success():
    assert PINNED["seed 0"]["payments"][0] == "success"


def test_the_pinned_outcomes_are_whole_and_differ_between_seeds():
    pinned = [PINNED[name]["payments"] for name in PINNED]

    assert {len(outcomes) for outcomes in pinned} == {LENGTH}
    assert len({tuple(outcomes) for outcomes in pinned}) == len(SEEDS)


def test_a_customers_sequence_is_another_one_than_that_of_all_payments():
    assert PINNED["seed 0"]["customer cust_123"] != PINNED["seed 0"]["payments"]
