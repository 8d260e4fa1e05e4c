"""What the fixtures of ``plugin.py`` do, in a run that uses them."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from pytest_paymock._pytest import imports

with imports.thawed_clock():  # see ``plugin.py``
    from pytest_paymock._pytest import options
    from pytest_paymock._pytest.hooks import begin, fakes_of, import_server, place_of, verify
    from pytest_paymock._pytest.progress import watch
    from pytest_paymock.errors import UsageError, WrongTypeError, is_for_caller
    from pytest_paymock.paymock import Paymock

if TYPE_CHECKING:
    from pytest_paymock.server.fake import ServerPaymock
    from pytest_paymock.server.running import LiveServer

__tracebackhide__ = is_for_caller

_LIVE_SERVER = pytest.StashKey["LiveServer"]()


def single(request: pytest.FixtureRequest) -> Iterator[Paymock]:
    """Yield the fake of a test, for the fixture ``paymock``."""
    # Not by way of ``paymock_factory``: to set up a second fixture costs as much as the fake.
    begin(request.config)
    fake = Paymock(**_options_of(request))
    _start(request.node, fake)
    yield fake
    _end(request.node, [fake])
    fake.checks.warn_of_threads()


def factory(request: pytest.FixtureRequest) -> Iterator[Callable[..., Paymock]]:
    """Yield what makes the fakes of a test, for the fixture ``paymock_factory``."""
    begin(request.config)
    defaults = _options_of(request)
    fakes: list[Paymock] = []

    def make(*unnamed: object, **given: Any) -> Paymock:
        if unnamed:
            raise WrongTypeError(options.keywords_only("paymock_factory"))
        fake = Paymock(**{**defaults, **given})
        _start(request.node, fake)
        fakes.append(fake)
        return fake

    yield make
    _end(request.node, fakes)
    for fake in fakes:
        fake.checks.warn_of_threads()


def _live_server(session: pytest.Session) -> "LiveServer":
    """Run one server a session, and none in a session without a test that needs it."""
    live = session.stash.get(_LIVE_SERVER, None)
    if live is None:
        missing = import_server()
        if missing:
            pytest.fail(f"paymock: {missing}", pytrace=False)
        from pytest_paymock.server.running import LiveServer

        # FastAPI and uvicorn import some of pydantic only when they start.
        with imports.thawed_clock():
            live = LiveServer()
            live.start()
        session.stash[_LIVE_SERVER] = live
        session.addfinalizer(live.stop)
    return live


def served(request: pytest.FixtureRequest) -> Iterator["ServerPaymock"]:
    """Yield the fake of a test behind a live server, for the fixture ``paymock_server``."""
    live = _live_server(request.session)
    from pytest_paymock.server.fake import ServerPaymock

    begin(request.config)
    fake = ServerPaymock(live, **_options_of(request))
    _start(request.node, fake)
    yield fake
    _end(request.node, [fake])


def _options_of(request: pytest.FixtureRequest) -> dict[str, Any]:
    wrong = (
        f"the fixture {request.fixturename} takes no parameters; give each set of parameters its "
        "options by a mark, such as pytest.param(..., marks=pytest.mark.paymock(seed=7))"
    )
    if not hasattr(request, "param"):
        try:
            return options.effective(request.node)
        except UsageError as error:
            wrong = str(error)
    pytest.fail(f"paymock: usage error: {wrong}", pytrace=False)


def _start(item: pytest.Item, fake: Paymock) -> None:
    others = fakes_of(item)
    if any(other.is_active and other.base_url == fake.base_url for other in others):
        raise UsageError(
            f"this test has a fake at {fake.base_url} already, which would be called no longer; "
            "give each its own, such as paymock_factory(base_url='https://pay.example')"
        )
    fake.checks.belongs_at = place_of(item)
    fake.watch = watch(item.config)
    fake.start()
    others.append(fake)
    if item.config.option.paymock_verify:
        from pytest_paymock._pytest import shadow

        shadow.follow(item, fake)


def _end(item: pytest.Item, fakes: Sequence[Paymock]) -> None:
    for fake in reversed(fakes):
        fake.stop()
    if not fakes_of(item).answered:
        verify(fakes)
