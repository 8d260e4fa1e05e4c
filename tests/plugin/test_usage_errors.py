"""A wrong option says which one, what is valid, and nothing of our code."""

import pytest

from pytest_paymock._options import OPTIONS

from .conftest import Run
from .option_values import SWITCHES
from .reading import frames_of_ours

WRONG = {
    **{name: ("maybe", f"{name} must be true or false, not 'maybe'") for name in SWITCHES},
    "allow": ("nothing", "there is no guard 'nothing'; the guards are double_charge, "),
    "allow_hosts": ("https://x.example", "allow_hosts takes a list of host names without scheme "),
    "base_url": ("ftp://pay.example", "base_url must be an http or https URL such as https://"),
    "seed": ("seven", "seed must be a whole number, not 'seven'"),
    "success_rate": ("1.5", "success_rate must be a number from 0 to 1, not "),
    "clock": ("tomorrow", "clock: 'tomorrow' is no ISO time; write it as 2026-01-27T12:00:00"),
    "profile": ("real", "profile must be one of documented, deployed"),
    "network": ("some", "network must be one of loopback, none, any, not 'some'"),
    "streams": ("cards", "streams must be one of payments, customer, not 'cards'"),
    "world": ("first", "world must be the number of one explored world, from 1, not 'first'"),
    "guards": ("loud", "guards must be one of off, warn, error, not 'loud'"),
}

ALL_OPTIONS = f"the options are {', '.join(OPTIONS)}"

each_option = pytest.mark.parametrize("name", [name for name in OPTIONS if name in WRONG])

USES_IT = "def test_it(paymock): pass"


def flag(name: str, value: str) -> str:
    return f"--paymock-{name.replace('_', '-')}={value}"


def error_of(result: pytest.RunResult) -> str:
    """Return the one line of a run that did not begin."""
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "Traceback" not in result.stdout.str() + result.stderr.str()
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
    (line,) = [line for line in result.errlines if line]
    return line


def test_every_option_has_a_wrong_value_in_this_table():
    assert set(OPTIONS) == set(WRONG) & set(OPTIONS), "add a wrong value and its sentence"


@each_option
def test_a_wrong_value_on_the_command_line_ends_the_run(project, run: Run, name: str):
    value, sentence = WRONG[name]
    project.makepyfile(test_shop=USES_IT)
    shown = flag(name, "")[:-1]
    assert error_of(run(flag(name, value))).startswith(f"ERROR: {shown}: {sentence}")


@each_option
def test_a_wrong_value_in_an_ini_file_ends_the_run(project, run: Run, name: str):
    value, sentence = WRONG[name]
    project.makeini(f"[pytest]\npaymock_{name} = {value}")
    project.makepyfile(test_shop=USES_IT)
    assert error_of(run()).startswith(f"ERROR: paymock_{name}: {sentence}")


@pytest.mark.skipif(pytest.version_tuple < (9,), reason="typed configuration came with pytest 9")
@pytest.mark.parametrize("line", ['paymock_seed = "7"', "paymock_clock = 2026-01-27T12:00:00"])
def test_a_value_of_the_wrong_type_in_toml_ends_the_run(project, run: Run, line: str):
    (project.path / "pytest.toml").write_text(f"[pytest]\n{line}\n")
    project.makepyfile(test_shop=USES_IT)
    assert f"config option '{line.split(maxsplit=1)[0]}' expects a" in error_of(run())


@pytest.mark.parametrize("workers", [(), ("-p", "xdist", "-n", "1")])
def test_a_wrong_value_ends_the_run_before_any_worker_starts(project, run: Run, workers):
    project.makepyfile(test_shop="def test_plain(): pass")
    told = error_of(run(*workers, "--paymock-seed=seven"))
    assert told == "ERROR: --paymock-seed: seed must be a whole number, not 'seven'"


def test_an_unknown_flag_is_refused_by_pytest(project, run: Run):
    project.makepyfile(test_shop=USES_IT)
    result = run("--paymock-sed=7")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*unrecognized arguments: --paymock-sed=7"])


# -- markers ----------------------------------------------------------------------------------

MARKED = """
import pytest

@pytest.mark.paymock({arguments})
def test_asks(paymock):
    pass

@pytest.mark.paymock({arguments})
def test_asks_in_its_body(request):
    request.getfixturevalue("paymock")
"""


def told_twice(project: pytest.Pytester, run: Run, arguments: str) -> str:
    """Return what both tests show for a wrong marker."""
    project.makepyfile(test_shop=MARKED.format(arguments=arguments))
    result = run()
    result.assert_outcomes(errors=1, failed=1)
    assert frames_of_ours(result) == []
    first, second = [line for line in result.outlines if line.startswith("paymock: usage error:")]
    assert first == second
    return first


@each_option
def test_a_wrong_value_in_a_marker_fails_the_test(project, run: Run, name: str):
    value, sentence = WRONG[name]
    told = told_twice(project, run, f"{name}={value!r}")
    assert told.startswith(f"paymock: usage error: {sentence}")


def test_an_unknown_option_in_a_marker_lists_the_options(project, run: Run):
    told = told_twice(project, run, "sed=7")
    assert told.removeprefix("paymock: usage error: ") == (
        f"there is no paymock option 'sed' (did you mean seed?); {ALL_OPTIONS}"
    )


def test_a_positional_argument_of_a_marker_lists_the_options(project, run: Run):
    told = told_twice(project, run, "7")
    assert told == (
        "paymock: usage error: @pytest.mark.paymock takes keywords only, such as seed=7; "
        + ALL_OPTIONS
    )


def test_a_wrong_marker_fails_its_own_test_only(project, run: Run):
    project.makepyfile(
        test_shop="""
        import pytest

        @pytest.mark.paymock(seed="seven")
        def test_wrong(paymock):
            pass

        def test_right(paymock):
            assert paymock.settings.seed == 0
        """
    )
    run().assert_outcomes(errors=1, passed=1)


# -- arguments --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ("sed=7", f"there is no paymock option 'sed' (did you mean seed?); {ALL_OPTIONS}"),
        ("seed='seven'", "seed must be a whole number, not 'seven'"),
    ],
    ids=["unknown option", "wrong value"],
)
@pytest.mark.parametrize("make", ["paymock_factory", "Paymock"])
def test_a_wrong_argument_fails_at_the_line_that_gives_it(
    project, run: Run, make: str, call: str, sentence: str
):
    project.makepyfile(
        test_shop=f"""
        from pytest_paymock import Paymock

        def test_it(paymock_factory):
            {make}({call})
        """
    )
    result = run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f">       {make}({call})", f"E *UsageError: {sentence}"])
    assert frames_of_ours(result) == []


@pytest.mark.parametrize("kind", ["TypeError", "UsageError"])
def test_a_positional_argument_of_the_factory_lists_the_options(project, run: Run, kind: str):
    project.makepyfile(
        test_shop=f"""
        import pytest
        from pytest_paymock import UsageError

        def test_caught(paymock_factory):
            with pytest.raises({kind}):
                paymock_factory("https://pay.example")

        def test_it(paymock_factory):
            paymock_factory("https://pay.example", seed=7)
        """
    )
    result = run()
    result.assert_outcomes(passed=1, failed=1)
    told = f"paymock_factory takes keywords only, such as seed=7; {ALL_OPTIONS}"
    result.stdout.fnmatch_lines(
        ['>       paymock_factory("https://pay.example", seed=7)', f"E *WrongTypeError: {told}"]
    )
    assert frames_of_ours(result) == []


def test_a_wrong_value_that_a_conftest_sets_later_ends_the_run(project, run: Run):
    project.makeconftest(
        """
        def pytest_collection_modifyitems(config):
            config.option.paymock_seed = "seven"
        """
    )
    project.makepyfile(test_shop=USES_IT)
    assert error_of(run()) == f"ERROR: --paymock-seed: {WRONG['seed'][1]}"
