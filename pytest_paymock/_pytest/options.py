"""The values of the options, from ini file, command line and markers.

The marker closest to the test wins, then the command line, then the ini file, then the default.
``plugin.py`` declares the options, and ``_options.py`` checks what a value may be. Nothing of this
is loaded in a run that neither sets an option nor uses the fake.
"""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from pytest_paymock._options import OPTIONS, checked
from pytest_paymock.errors import UsageError

_CONFIGURED = pytest.StashKey[dict[str, Any]]()


class _Seed:
    """Shows a seed that was asked for on the command line, a drawn one included.

    A drawn one is handed to the workers of ``pytest-xdist``, which parse the arguments again.
    """

    def __init__(self, seed: str) -> None:
        self.seed = seed

    def pytest_report_header(self) -> str:
        """Show it."""
        return f"paymock: seed {self.seed}"

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker before it starts."""
        node.workerinput["paymock_seed"] = self.seed


def settle(config: pytest.Config) -> None:
    """Replace ``--paymock-seed=random`` by a number, the same in every process of the run.

    Wrong values are errors here too, not only when a test uses them: a worker of
    ``pytest-xdist`` that stops for one takes its message with it.

    Raises:
        pytest.UsageError: as :func:`configured`.
    """
    seed = config.getoption("paymock_seed")
    if seed == "random":
        seed = getattr(config, "workerinput", {}).get("paymock_seed")
        if seed is None:
            seed = str(time.time_ns() % 1_000_000)
        config.option.paymock_seed = seed
    if seed is not None:
        config.pluginmanager.register(_Seed(seed))
    _read(config)


def configured(config: pytest.Config) -> dict[str, Any]:
    """Return what the command line and the ini file say, checked.

    Raises:
        pytest.UsageError: for a wrong value; the message names the option and the valid values.
    """
    known = config.stash.get(_CONFIGURED, None)
    if known is None:
        known = config.stash[_CONFIGURED] = _read(config)
    return known


def _read(config: pytest.Config) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in OPTIONS:
        value = config.getoption(f"paymock_{name}")
        source = f"paymock_{name}" if value is None else f"--paymock-{name.replace('_', '-')}"
        if value is None:
            value = _ini_value(config, source)
        if value is not None:
            values[name] = _checked(source, name, value)
    return values


def _ini_value(config: pytest.Config, name: str) -> Any:
    try:
        return config.getini(name)
    except (TypeError, ValueError, pytest.UsageError) as error:
        if name in str(error):
            raise pytest.UsageError(str(error)) from None
        # Python's words, such as "invalid literal for int() with base 10: 'x'". What they quote
        # is what the file says, and our own check has a better sentence for it.
        return str(error).partition("'")[2].removesuffix("'")


def _checked(source: str, name: str, value: Any) -> Any:
    try:
        return checked({name: value})[name]
    except UsageError as error:
        raise pytest.UsageError(f"{source}: {error}") from None


def on_command_line(
    config: pytest.Config, world: int | None, *, has_seed: bool
) -> list[tuple[str, Any]]:
    """Return the options of a command that repeats this run: given ones, seed and world.

    Args:
        config: the run's.
        world: the number of the explored world that failed, if one did.
        has_seed: whether the run's seed decides anything in the test.
    """
    # By name, and not what a test's marker says: that it says again.
    said = {name: config.getoption(f"paymock_{name}") for name in OPTIONS}
    if has_seed:
        said["seed"] = configured(config).get("seed", 0)
    said["world"] = world if world is not None else said["world"]
    return [(name, value) for name, value in said.items() if value is not None]


def effective(item: pytest.Item) -> dict[str, Any]:
    """Return the options of one test: its markers over what is configured.

    Raises:
        pytest_paymock.errors.UsageError: for a marker with a wrong argument.
    """
    values = dict(configured(item.config))
    for marker in _closest_last(item):
        if marker.args:
            raise UsageError(keywords_only("@pytest.mark.paymock"))
        values.update(checked(marker.kwargs))
    return values


def keywords_only(taker: str) -> str:
    """Return the error for an option that was given without its name."""
    return f"{taker} takes keywords only, such as seed=7; the options are {', '.join(OPTIONS)}"


def _closest_last(item: pytest.Item) -> Iterator[pytest.Mark]:
    """Yield the markers of a test from the outside in; a subclass comes after its bases."""
    by_node: dict[Any, list[pytest.Mark]] = {}
    for node, marker in item.iter_markers_with_node("paymock"):
        by_node.setdefault(node, []).append(marker)
    for node, markers in reversed(by_node.items()):
        # pytest lists decorators of a function from the inside out, but classes bases first.
        yield from markers if isinstance(node, pytest.Class) else reversed(markers)
