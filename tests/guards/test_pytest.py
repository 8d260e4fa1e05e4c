"""The guards under pytest: what they say, and how they are silenced."""

import pytest

from .calling import silence, told_in
from .conftest import Run

DEEDS = {
    "charge_twice": "double_charge",
    "use_a_foreign_token": "foreign_token",
    "send_a_card_astray": "card_data_leak",
    "print_a_card": "card_data_leak",
}


@pytest.fixture(params=DEEDS)
def deed(request: pytest.FixtureRequest) -> str:
    return request.param


def a_test(deed: str, marker: str = "") -> str:
    return f"{marker}\ndef test_till(paymock):\n    {deed}(paymock)\n"


def test_by_default_a_finding_is_a_warning_in_the_summary(run: Run, deed: str):
    result = run(a_test(deed))
    result.assert_outcomes(passed=1, warnings=1)
    (told,) = told_in(result)
    assert told.startswith(f"{DEEDS[deed]}: ")
    assert told.endswith(silence(DEEDS[deed]))


@pytest.mark.parametrize("args", [("--paymock-guards=error",), ("-W", "error")])
def test_a_finding_may_fail_the_test(run: Run, deed: str, args: tuple[str, ...]):
    result = run(a_test(deed), *args)
    result.assert_outcomes(failed=1)
    told = told_in(result)
    assert [words.partition(":")[0] for words in told] == [DEEDS[deed]]
    assert [line for line in result.outlines if line.startswith("reproduce: pytest ")]


@pytest.mark.parametrize("args", [(), ("-W", "error"), ("--paymock-guards=error",)])
def test_a_marker_silences_a_guard(run: Run, deed: str, args: tuple[str, ...]):
    result = run(a_test(deed, f"@pytest.mark.paymock(allow=['{DEEDS[deed]}'])"), *args)
    result.assert_outcomes(passed=1)
    assert told_in(result) == []


@pytest.mark.parametrize("args", [(), ("-W", "error")])
def test_the_policy_off_turns_them_off(run: Run, deed: str, args: tuple[str, ...]):
    result = run(a_test(deed), "--paymock-guards=off", *args)
    result.assert_outcomes(passed=1)
    assert told_in(result) == []


def test_a_marker_may_set_the_policy(run: Run, deed: str):
    result = run(a_test(deed, "@pytest.mark.paymock(guards='error')"))
    result.assert_outcomes(failed=1)


def test_the_command_line_may_silence_a_guard(run: Run, deed: str):
    result = run(a_test(deed), f"--paymock-allow={DEEDS[deed]}", "-W", "error")
    result.assert_outcomes(passed=1)


def test_a_test_that_fails_by_itself_fails_for_its_own_reason(run: Run, deed: str):
    result = run(a_test(deed) + "    assert not 'my own reason'\n", "--paymock-guards=error")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *my own reason*"])
    # What it printed, pytest shows below it anyway.
    told = [line.partition(":")[0] for line in result.outlines if line.startswith("guard ")]
    assert told == ([] if deed == "print_a_card" else [f"guard {DEEDS[deed]}"])
    result.stdout.no_fnmatch_line("* finding*")


@pytest.mark.parametrize("policy", ["off", "warn", "error"])
def test_a_swallowed_block_fails_the_test_whatever_the_policy(run: Run, policy: str):
    result = run(a_test("swallow_a_block"), f"--paymock-guards={policy}")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["paymock: a request was stopped and the code under test swallowed the error: *"]
    )


def test_a_swallowed_block_is_silenced_by_marker(run: Run):
    marker = "@pytest.mark.paymock(allow=['swallowed_block'])"
    run(a_test("swallow_a_block", marker)).assert_outcomes(passed=1)


# -- tests that are expected to fail ----------------------------------------------------------


def test_a_test_that_is_expected_to_fail_and_does_is_left_alone(run: Run, deed: str):
    source = a_test(deed, "@pytest.mark.xfail") + "    assert False\n"
    result = run(source, "--paymock-guards=error")
    result.assert_outcomes(xfailed=1)
    assert told_in(result) == []


def test_a_finding_in_a_test_that_is_expected_to_fail_is_its_failure(run: Run):
    result = run(a_test("charge_twice", "@pytest.mark.xfail"), "--paymock-guards=error")
    result.assert_outcomes(xfailed=1)


def test_a_test_that_passes_unexpectedly_is_told_of_its_findings(run: Run, deed: str):
    result = run(a_test(deed, "@pytest.mark.xfail(strict=False)"))
    result.assert_outcomes(xpassed=1, warnings=1)
    assert len(told_in(result)) == 1


# -- explored worlds --------------------------------------------------------------------------

EXPLORED = """
def test_till(paymock):
    for world in paymock.explore():
        with world:
            if pay(paymock).status_code >= 500:
                pay(paymock)
"""


def test_double_charges_of_explored_worlds_are_told_once(run: Run):
    result = run(
        EXPLORED.replace("explore()", "explore([faults.server_error, faults.unavailable])")
    )
    result.assert_outcomes(passed=1, warnings=1)
    (told,) = told_in(result)
    assert told.startswith(
        "double_charge: in world 3 of 5: call 1 create_payment, HTTP 500 after commit: cust_1 was "
        "charged 5 USD twice: "
    )
    assert "and neither was refunded; and 1 more (silence" in told


def test_under_error_the_first_such_world_fails_the_test(run: Run):
    result = run(
        EXPLORED.replace("explore()", "explore([faults.server_error, faults.unavailable])"),
        "--paymock-guards=error",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["reproduce: pytest *--paymock-world=3*"])
    (told,) = told_in(result)
    assert "in world 3 of 5: " in told
    assert "more" not in told
