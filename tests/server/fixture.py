"""The fixture ``paymock_server``; it stands here until it stands in the plugin.

The tests that run small projects of their own copy this file into them.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from pytest_paymock.plugin import _FAKES, _begin, _Fakes, _options_of, _thawed_clock


def _import_server() -> str:
    """Import the live server, and return what is missing for it, if anything is."""
    from pytest_paymock.server import words

    try:
        with _thawed_clock():
            import pytest_paymock.server.running  # noqa: F401
    except ModuleNotFoundError as error:
        return words.extra_missing("paymock_server", error.name)
    return ""


@pytest.fixture(scope="session")
def _paymock_live_server() -> Iterator[Any]:
    """Run one server a session, and none in a session without a test that needs it."""
    missing = _import_server()
    if missing:
        pytest.fail(f"paymock: {missing}", pytrace=False)
    from pytest_paymock.server.running import LiveServer

    live = LiveServer()
    live.start()
    yield live
    live.stop()


@pytest.fixture
def paymock_server(request: pytest.FixtureRequest, _paymock_live_server: Any) -> Iterator[Any]:
    """Fake the Payment Mock API behind a real HTTP server, at ``paymock_server.url``.

    For what cannot be intercepted: subprocesses, browsers, other languages, other HTTP libraries.
    The server runs for the whole session; its state is new in each test.
    """
    from pytest_paymock.server.fake import ServerPaymock

    _begin(request.config)
    fakes = request.node.stash.setdefault(_FAKES, _Fakes())
    fake = ServerPaymock(_paymock_live_server, **_options_of(request.node))
    fake.start()
    fakes.append(fake)
    yield fake
    fake.stop()
    if not fakes.answered:
        fakes.verify()
