"""The options as pytest sees them: ini values, command line flags, markers, and who wins.

The marker closest to the test wins, then the command line, then the ini file, then the default.
What a value may be is checked in ``settings.py``, which this module imports only when a test is
about to use the fixture: pytest reads this one in every run.
"""

from typing import Any

import pytest

DECLARED = (
    # name, type of the ini value, help
    ("base_url", "string", "what is intercepted (default: http://localhost:8000)"),
    ("seed", "int", "decides every seeded outcome and id (default: 0)"),
    ("success_rate", "float", "share of ordinary payments that succeed (default: 0.9)"),
    ("clock", "string", "ISO time that pins the clock (default: the real time)"),
    ("profile", "string", "which form of the API is faked (default: documented)"),
    ("network", "string", "requests outside the base URL: loopback, none, any (default: loopback)"),
    ("streams", "string", "count seeded draws by: payments, customer (default: payments)"),
)

_CONFIGURED = pytest.StashKey[dict[str, Any]]()


def declare(parser: pytest.Parser) -> None:
    """Declare every option as ``paymock_<name>`` in ini files and ``--paymock-<name>``."""
    group = parser.getgroup("paymock", "paymock: a payment API in memory")
    for name, kind, words in DECLARED:
        parser.addini(f"paymock_{name}", words, type=kind, default=None)  # type: ignore[arg-type]
        flag = f"--paymock-{name.replace('_', '-')}"
        shown = f"{words}; 'random' draws one" if name == "seed" else words
        group.addoption(flag, dest=f"paymock_{name}", default=None, help=shown)


def draw_seed(config: pytest.Config) -> None:
    """Replace ``--paymock-seed=random`` by a number, once, before ``pytest-xdist`` copies it."""
    if config.getoption("paymock_seed") == "random":
        import time

        config.option.paymock_seed = str(time.time_ns() % 1_000_000)


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
    from pytest_paymock.errors import UsageError
    from pytest_paymock.settings import checked

    values: dict[str, Any] = {}
    for name, _kind, _words in DECLARED:
        flag = config.getoption(f"paymock_{name}")
        source = f"--paymock-{name.replace('_', '-')}" if flag is not None else f"paymock_{name}"
        try:
            value = config.getini(f"paymock_{name}") if flag is None else flag
            if value is not None:
                values.update(checked({name: value}))
        except (TypeError, ValueError) as error:
            words = str(error) if isinstance(error, UsageError) else f"{name}: {error}"
            raise pytest.UsageError(f"{source}: {words}") from None
    return values


def effective(item: pytest.Item) -> dict[str, Any]:
    """Return the options of one test: its markers over what is configured.

    Raises:
        pytest_paymock.errors.UsageError: for a marker with a wrong argument.
    """
    from pytest_paymock.errors import UsageError
    from pytest_paymock.settings import checked

    values = dict(configured(item.config))
    for marker in reversed(list(item.iter_markers("paymock"))):
        if marker.args:
            raise UsageError("@pytest.mark.paymock takes keywords only, such as seed=7")
        values.update(checked(marker.kwargs))
    return values
