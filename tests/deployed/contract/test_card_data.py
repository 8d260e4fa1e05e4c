"""What ``tests/contract/test_card_data.py`` says of records and answers, under the profile."""

from tests.contract.test_card_data import (  # noqa: F401 - tests and what they need
    after,
    pytestmark,
    test_no_answer_repeats_it,
    test_no_failed_assertion_shows_it,
    test_no_pickle_holds_it,
    test_no_record_of_a_disturbed_call_shows_it,
    test_no_record_shows_it,
    test_no_report_shows_it,
    test_nothing_that_the_fake_still_holds_contains_it,
)
