"""Our patches among those of others, whatever the order in which those come and go."""

import asyncio
import functools
import inspect
import sys
from collections.abc import Callable
from types import FunctionType, ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from pytest_paymock import Paymock, PaymockWarning
from pytest_paymock._intercept.attribute_patch import AttributePatch
from pytest_paymock._intercept.code_patch import CodePatch
from pytest_paymock._intercept.interceptor import Interceptor
from pytest_paymock._intercept.mocks.hook import Hook
from pytest_paymock._intercept.wrappers import genuine_function

if TYPE_CHECKING:
    from pytest_paymock._intercept.mount import Mount

Function = Callable[[], str]


# -- attributes -------------------------------------------------------------------------------


def genuine() -> str:
    return "genuine"


def ours(below: Function) -> Function:
    return lambda: f"ours over {below()}"


@pytest.fixture
def place() -> Any:
    return SimpleNamespace(one=genuine)


@pytest.fixture
def patch(place: Any) -> AttributePatch:
    return AttributePatch(place, "one", ours)


def cover(place: Any) -> Function:
    """Put somebody else's patch on top, and return what it covers."""
    below: Function = place.one
    place.one = lambda: f"theirs over {below()}"
    return below


def test_an_attribute_gets_the_same_function_again(place: Any, patch: AttributePatch):
    patch.put()
    first = place.one
    patch.put()
    assert place.one is first
    assert first() == "ours over genuine"
    patch.take()
    patch.take()
    assert place.one is genuine
    patch.put()
    assert place.one is first


def test_a_patch_over_something_else_is_another_function(place: Any, patch: AttributePatch):
    patch.put()
    patch.take()
    cover(place)
    patch.put()
    assert place.one() == "ours over theirs over genuine"


def test_what_was_covered_goes_as_soon_as_it_is_on_top(place: Any, patch: AttributePatch):
    patch.put()
    saved = cover(place)
    patch.take()
    patch.tidy()
    assert place.one() == "theirs over ours over genuine"
    place.one = saved
    patch.tidy()
    assert place.one is genuine


def test_a_fake_between_is_covered_apart(place: Any, patch: AttributePatch):
    patch.put()
    first = cover(place)
    patch.take()
    patch.put()
    second = cover(place)
    patch.take()
    assert place.one() == "theirs over ours over theirs over ours over genuine"
    place.one = second
    patch.tidy()
    assert place.one() == "theirs over ours over genuine"
    place.one = first
    patch.tidy()
    assert place.one is genuine


def test_what_was_thrown_out_by_somebody_else_never_comes_back(place: Any, patch: AttributePatch):
    patch.put()
    mine = place.one
    cover(place)
    patch.take()
    place.one = genuine
    patch.tidy()
    place.one = mine
    patch.tidy()
    assert place.one is mine


def test_what_was_thrown_out_with_what_lay_below_it_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
):
    class Base:
        def one(self) -> str:
            return "genuine"

    class Inheriting(Base):
        pass

    patch = AttributePatch(Inheriting, "one", lambda below: lambda self: f"ours, {below(self)}")
    with monkeypatch.context() as other:
        other.setattr(Inheriting, "one", lambda _: "theirs")
        patch.put()
    patch.take()
    patch.tidy()
    assert "one" not in vars(Inheriting)
    patch.put()
    assert Inheriting().one() == "ours, genuine"
    patch.take()
    assert "one" not in vars(Inheriting)


def test_an_attribute_that_is_gone_altogether_is_no_error(place: Any, patch: AttributePatch):
    patch.put()
    cover(place)
    patch.take()
    del place.one
    patch.tidy()
    assert vars(place) == {}


# -- code -------------------------------------------------------------------------------------


class Library:
    """As much of a library as the tests below patch."""

    def send(self, body: str, *rest: int, times: int = 1, **more: str) -> str:
        return f"sent {body * times} {rest} {more}"

    def only_named(self, *, name: str = "none") -> str:
        return name

    async def send_later(self, body: str) -> str:
        await asyncio.sleep(0)
        return f"sent {body}"

    build = len
    """A function that is not written in Python."""


SEND = Library.send


@pytest.fixture
def sending() -> Any:
    def dispatch(*args: Any, **options: Any) -> str:
        return f"faked, or else {patch.original(*args, **options)}"

    patch = CodePatch(Library, "send", dispatch)
    yield patch
    patch.take()
    assert SEND.__code__ is inspect.unwrap(SEND).__code__
    assert Library().send("it") == "sent it () {}"


def test_a_function_stays_itself_and_does_what_we_say(sending: CodePatch):
    signature = inspect.signature(Library.send)
    sending.put()
    sending.put()
    assert Library.send is SEND
    assert inspect.signature(Library.send) == signature
    assert SEND.__code__.co_qualname == "Library.send"
    found = Library().send("it", 1, 2, times=2, key="value")
    assert found == "faked, or else sent itit (1, 2) {'key': 'value'}"
    sending.take()
    assert Library().send(body="it") == "sent it () {}"


def test_names_that_must_be_given_are_handed_on():
    patch = CodePatch(Library, "only_named", lambda _, **options: f"faked {options}")
    patch.put()
    assert Library().only_named() == "faked {'name': 'none'}"
    assert Library().only_named(name="two") == "faked {'name': 'two'}"
    patch.take()
    assert Library().only_named() == "none"


def test_a_coroutine_function_stays_one():
    async def dispatch(*args: Any) -> str:
        return f"faked, or else {await patch.original(*args)}"

    patch = CodePatch(Library, "send_later", dispatch)
    patch.put()
    assert inspect.iscoroutinefunction(Library.send_later)
    assert asyncio.run(Library().send_later("it")) == "faked, or else sent it"
    patch.take()
    assert asyncio.run(Library().send_later("it")) == "sent it"


def test_whoever_wraps_the_function_sees_each_call(sending: CodePatch):
    seen: list[str] = []

    @functools.wraps(SEND)
    def traced(*args: Any, **options: Any) -> str:
        seen.append(args[1])
        return SEND(*args, **options)

    with pytest.MonkeyPatch.context() as other:
        other.setattr(Library, "send", traced)
        sending.put()
        assert Library.send is traced
        assert Library().send("it").startswith("faked")
    assert Library().send("more").startswith("faked")
    assert seen == ["it"]


def test_code_that_somebody_has_exchanged_since_is_left_and_ours_stays_below(sending: CodePatch):
    sending.put()
    mine = SEND.__code__

    def other(self: Any, body: str) -> str:
        return f"theirs {body}" if self else ""

    SEND.__code__ = other.__code__
    sending.take()
    assert Library().send("it") == "theirs it"
    sending.put()
    assert Library().send("it") == "theirs it"
    sending.take()
    SEND.__code__ = mine
    sending.tidy()
    assert Library().send("it") == "sent it () {}"


@pytest.mark.parametrize("when", ["early", "late"])
def test_a_function_that_somebody_has_replaced_is_found_and_the_replacement_keeps_the_rest(
    monkeypatch: pytest.MonkeyPatch, when: str
):
    def send(self: Any, body: str) -> str:
        return f"sent {body} by {self}"

    # Made here, since what was there before the tests is hidden from the garbage collector.
    send = FunctionType(send.__code__, {"Made": type("Made", (), {})})
    kind: Any = send.__globals__["Made"]
    send.__qualname__ = "Made.send"
    kind.send = send

    def make() -> CodePatch:
        return CodePatch(kind, "send", lambda *_: "faked", lambda _, body: body == "ours")

    early = make()
    monkeypatch.setattr(kind, "send", functools.partialmethod(lambda _, body: f"guarded {body}"))
    patch = make() if when == "late" else early
    patch.put()
    assert (kind().send("ours"), kind().send("other")) == ("faked", "guarded other")
    assert send(kind(), "other") == "faked"
    patch.take()
    assert kind().send("ours") == "guarded ours"
    assert send(1, "ours") == "sent ours by 1"


def test_a_function_that_is_not_written_in_python_is_replaced_as_an_attribute():
    patch = CodePatch(Library, "build", lambda one: f"faked, or else {patch.original(one)}")
    with pytest.warns(PaymockWarning, match=r"Library\.build could not be found"):
        patch.put()
    patch.put()
    assert Library.build("it") == "faked, or else 2"
    patch.take()
    patch.tidy()
    assert Library.build is len
    patch.put()
    patch.take()


@pytest.mark.parametrize("wrap", [lambda one: one, functools.partial, lambda one: [[one]]])
def test_the_function_is_found_through_whatever_holds_it(
    monkeypatch: pytest.MonkeyPatch, wrap: Callable[[Any], Any]
):
    class Wrapper:
        def __init__(self, held: Any) -> None:
            self.held = held

        def __call__(self, *args: Any) -> Any:
            return self.held(*args)

    @functools.wraps(SEND)
    def same_name(*_: Any) -> str:
        return "never"

    monkeypatch.setattr(Library, "send", Wrapper([same_name, wrap(SEND)]))
    assert genuine_function(Library, "send") is SEND


# -- other mocks ------------------------------------------------------------------------------


@pytest.fixture
def neighbour(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Another mock, as a module."""
    module: Any = ModuleType("neighbour")
    module.ask = FunctionType((lambda: "theirs").__code__, vars(module))
    module.ask.__qualname__ = "ask"
    monkeypatch.setitem(sys.modules, "neighbour", module)
    return module


def test_a_mock_that_is_not_in_use_is_not_looked_for():
    hook = Hook("neighbour", "", "ask", lambda: "ours")
    hook.put()
    hook.take()
    hook.tidy()


def test_a_mock_is_asked_by_us_while_a_fake_is_active(neighbour: Any):
    hook = Hook("neighbour", "", "ask", lambda: f"ours, or else {hook.original()}")
    hook.put()
    assert neighbour.ask() == "ours, or else theirs"
    hook.take()
    hook.tidy()
    assert neighbour.ask() == "theirs"


def test_a_hook_whose_making_was_interrupted_is_made_by_the_next_fake(
    neighbour: Any, monkeypatch: pytest.MonkeyPatch
):
    hook = Hook("neighbour", "", "ask", lambda: "ours")
    with monkeypatch.context() as signal:
        signal.setattr(Hook, "_patch_of", mock.Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            hook.put()
    hook.put()
    assert neighbour.ask() == "ours"
    hook.take()


def test_a_mock_that_works_in_another_way_is_left_alone_with_one_warning(neighbour: Any):
    hook = Hook("neighbour", "Mock", "ask", lambda: "ours")
    with pytest.warns(PaymockWarning, match=r"neighbour\.Mock\.ask is not there in this release"):
        hook.put()
    hook.put()
    assert neighbour.ask() == "theirs"


# -- two copies of the package ----------------------------------------------------------------


def test_a_second_copy_of_the_package_lets_the_first_one_answer():
    class Owner:
        pass

    first, second = Interceptor(Owner), Interceptor(Owner)
    mounts: list[Mount] = [Paymock(seed=seed)._parts.mount for seed in (1, 2)]
    first.admit(mounts[0])
    second.admit(mounts[1])
    assert (first.mounts, second.mounts) == (tuple(mounts), ())
    first.dismiss(mounts[0])
    assert first.mounts == (mounts[1],)
    assert second.active is first
    second.dismiss(mounts[1])
    second.dismiss(mounts[1])
    assert first.active is first
    assert first.mounts == ()
