"""The process of the application dies at a call, and starts again."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import anyio
import httpx
import pytest
import trio

from pytest_paymock import ExpectationError, Paymock, ProcessCrash, UsageError, faults

from .tills import CLIENTS, a_fake, a_token, history, pay, quietly

AFTER = faults.crash(after_commit=True)
OUTSIDE = (
    "faults.crash ended the process at call 1 create_payment, and the test is no process: put one "
    "life of your application into `with paymock.process():`; after that block it starts again"
)


def crashing(fault: Any = faults.crash, **options: Any) -> Paymock:
    paymock = a_fake(**options)
    paymock.faults.queue(fault)
    return paymock


async def pay_async(paymock: Paymock) -> Any:
    order = {"token": "tok_unknown", "amount": 5, "customer_id": "cust_1"}
    async with httpx.AsyncClient() as client:
        return await client.post(f"{paymock.base_url}/api/v1/payments", json=order)


# -- what it is -------------------------------------------------------------------------------


def test_it_is_a_fault_with_two_phases_and_no_part_of_all():
    assert (str(faults.crash), repr(faults.crash)) == ("crash", "faults.crash")
    assert (str(AFTER), repr(AFTER)) == ("crash after commit", "faults.crash(after_commit=True)")
    assert faults.crash not in faults.ALL
    assert not issubclass(ProcessCrash, Exception)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("fault", [faults.crash, AFTER], ids=str)
def test_it_ends_the_block_and_not_the_test(client: str, fault: Any):
    with crashing(fault) as paymock:
        token = a_token(paymock)
        went_on = False
        with paymock.process() as process:
            pay(paymock, token, send=CLIENTS[client])
            went_on = True
        assert process.crashed
        assert not went_on
        (call,) = paymock.calls
        assert (call.fault, call.status_code, call.acted) == (fault, None, fault.after_commit)
        assert call.lost is fault.after_commit
        assert len(paymock.payments) == int(fault.after_commit)
        # The application starts again.
        with paymock.process() as again:
            pay(paymock, token, send=CLIENTS[client])
        assert not again.crashed
        assert len(paymock.calls) == 2


def test_code_under_test_does_not_catch_it():
    with crashing() as paymock, paymock.process() as process:
        try:
            pay(paymock, "tok_unknown")
        except Exception:  # noqa: BLE001 - that is the point
            pytest.fail("a process that dies runs no except clause")
    assert process.crashed


def test_from_the_crash_on_every_call_crashes_and_is_no_call():
    with crashing() as paymock:
        with paymock.process() as process:
            with pytest.raises(ProcessCrash) as first:
                pay(paymock, "tok_unknown")
            with pytest.raises(ProcessCrash) as second:
                history(paymock)
        assert str(first.value) == "the process crashed at call 1 create_payment"
        assert str(second.value) == ("the process has crashed, so none of it makes a call any more")
        assert process.crashed
        assert len(paymock.calls) == 1
        assert history(paymock) == []


def test_what_a_crash_brings_about_in_finally_ends_with_it():
    def work(paymock: Paymock) -> None:
        try:
            pay(paymock, "tok_unknown")
        finally:
            raise LookupError("the connection to the database has gone")

    with crashing() as paymock, paymock.process() as process:
        work(paymock)
    assert process.crashed


@pytest.mark.parametrize("error", [ValueError("a bug"), AssertionError("a claim")])
def test_what_is_no_crash_comes_out(error: Exception):
    with a_fake() as paymock:
        with pytest.raises(type(error)), paymock.process() as process:
            raise error
        assert not process.crashed


def claim_after_a_crash(paymock: Paymock) -> None:
    try:
        pay(paymock, "tok_unknown")
    except ProcessCrash:
        raise AssertionError("the test says so")  # noqa: B904 - its context is the crash


def test_a_claim_of_the_test_always_comes_out():
    told = pytest.raises(AssertionError, match="the test says so")
    with crashing() as paymock, told, paymock.process():
        claim_after_a_crash(paymock)


def test_a_process_lives_once():
    with a_fake() as paymock:
        process = paymock.process()
        assert repr(process) == "<process: not running>"
        with process:
            assert repr(process) == "<process: running>"
        with pytest.raises(UsageError) as caught, process:
            pass
    assert str(caught.value) == "a process lives once: ask for the next by paymock.process()"


def test_the_inner_process_dies_alone():
    with crashing() as paymock:
        with paymock.process() as outer:
            with paymock.process() as inner:
                pay(paymock, "tok_unknown")
            assert history(paymock) == []
        assert (inner.crashed, outer.crashed) == (True, False)
        assert repr(inner) == "<process: crashed>"


def test_one_process_calls_two_fakes():
    with crashing() as paymock, a_fake(base_url="https://other.example") as other:
        with paymock.process():
            with pytest.raises(ProcessCrash):
                pay(paymock, "tok_unknown")
            with pytest.raises(ProcessCrash):
                history(other)
        assert len(other.calls) == 0


# -- threads ----------------------------------------------------------------------------------


def test_a_thread_dies_with_its_process(monkeypatch: pytest.MonkeyPatch):
    told: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", told.append)
    hook = threading.excepthook
    with crashing() as paymock, paymock.process() as process:
        thread = threading.Thread(target=pay, args=(paymock, "tok_unknown"))
        thread.start()
        thread.join()
        broken = threading.Thread(target=int, args=("no number",))
        broken.start()
        broken.join()
        with pytest.raises(ProcessCrash):
            history(paymock)
    assert process.crashed
    assert [args.exc_type for args in told] == [ValueError]
    assert threading.excepthook is hook


def test_a_hook_that_somebody_else_has_set_meanwhile_stays(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    theirs = lambda args: None  # noqa: E731, ARG005
    with a_fake() as paymock, paymock.process():
        threading.excepthook = theirs
    assert threading.excepthook is theirs


def test_a_pool_hands_the_crash_on():
    with crashing() as paymock, paymock.process() as process, ThreadPoolExecutor(1) as pool:
        pool.submit(pay, paymock, "tok_unknown").result()
    assert process.crashed


# -- tasks ------------------------------------------------------------------------------------


async def in_gather(paymock: Paymock) -> None:
    await asyncio.gather(pay_async(paymock), asyncio.sleep(0))


async def in_gather_with_values(paymock: Paymock) -> None:
    found = await asyncio.gather(pay_async(paymock), return_exceptions=True)
    assert isinstance(found[0], ProcessCrash)
    await pay_async(paymock)


async def in_task_group(paymock: Paymock) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(pay_async(paymock))
        group.create_task(asyncio.sleep(60))


async def in_wait_for(paymock: Paymock) -> None:
    await asyncio.wait_for(pay_async(paymock), 60)


@pytest.mark.parametrize("way", [in_gather, in_gather_with_values, in_task_group, in_wait_for])
def test_a_crash_in_a_task_ends_the_block(way: Callable[[Paymock], Awaitable[None]]):
    async def test() -> tuple[bool, int]:
        with crashing() as paymock:
            with paymock.process() as process:
                await way(paymock)
            await pay_async(paymock)
            return process.crashed, len(paymock.calls)

    assert asyncio.run(test()) == (True, 2)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_crash_in_a_task_group_of_anyio_ends_the_block(backend: str):
    async def test() -> tuple[bool, int]:
        with crashing() as paymock:
            with paymock.process() as process:
                async with anyio.create_task_group() as group:
                    group.start_soon(pay_async, paymock)
                    await anyio.sleep(60)
            await pay_async(paymock)
            return process.crashed, len(paymock.calls)

    assert anyio.run(test, backend=backend) == (True, 2)


def test_a_crash_in_a_nursery_of_trio_ends_the_block():
    async def test() -> bool:
        with crashing() as paymock:
            with paymock.process() as process:
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(pay_async, paymock)
                    nursery.start_soon(trio.sleep, 60)
            return process.crashed

    assert trio.run(test)


def test_a_task_that_outlives_its_dead_process_calls_nothing():
    async def late(paymock: Paymock) -> Any:
        await asyncio.sleep(0)
        return await pay_async(paymock)

    async def test() -> int:
        with crashing() as paymock:
            with paymock.process():
                left_behind = asyncio.create_task(late(paymock))
                await pay_async(paymock)
            with paymock.process() as again:
                with pytest.raises(ProcessCrash):
                    await left_behind
                await pay_async(paymock)
            assert not again.crashed
            return len(paymock.calls)

    assert asyncio.run(test()) == 2


# -- outside of a process ---------------------------------------------------------------------


def test_outside_it_says_what_to_write():
    with crashing() as paymock:
        with pytest.raises(ExpectationError) as caught:
            pay(paymock, "tok_unknown")
        assert str(caught.value) == OUTSIDE
        with pytest.raises(ExpectationError) as at_the_end:
            paymock.verify()
        assert str(at_the_end.value) == OUTSIDE


def swallowing(paymock: Paymock) -> None:
    with suppress(BaseException):  # the worst of code
        pay(paymock, "tok_unknown")


def test_outside_it_fails_the_test_even_if_it_was_swallowed():
    with pytest.raises(ExpectationError) as caught, crashing() as paymock:
        swallowing(paymock)
    assert str(caught.value) == OUTSIDE


@pytest.mark.parametrize("work", [lambda paymock: quietly(pay, paymock, ""), swallowing])
def test_outside_it_fails_the_world(work: Callable[[Paymock], Any]):
    def explore() -> None:
        with paymock:
            for world in exploration:
                with world:
                    work(paymock)

    paymock = a_fake()
    exploration = paymock.explore([], crash=True)
    with pytest.raises(ExpectationError) as caught:
        explore()
    assert str(caught.value) == OUTSIDE
    assert caught.value.__notes__[0].startswith(
        "paymock: this is world 2 of 3: call 1 create_payment, crash\n"
    )
    assert [world.outcome for world in exploration.worlds] == ["passed", "failed", "not run"]


def test_a_world_that_only_prepares_another_may_crash():
    with a_fake(world=4) as paymock:
        ran = []
        for world in paymock.explore([faults.crash], depth=2):
            with world:
                swallowing(paymock)
                swallowing(paymock)
                paymock.checks.take_stray_crash()
                ran.append(world.number)
    assert ran[-1] == 4


# -- explored ---------------------------------------------------------------------------------


def worker(paymock: Paymock, token: str, paid: list[str], *, looks: bool) -> None:
    """Charge what is not in the books; a careful one looks into the history before."""
    if paid:
        return
    known = history(paymock) if looks else []
    if not known:
        pay(paymock, token)
    paid.append("order 7")


def charges(*, looks: bool) -> list[str]:
    """Explore two lives of a worker, and return the worlds in which a customer paid twice."""
    found, paid = [], list[str]()
    with a_fake() as paymock:
        token = a_token(paymock)
        for world in paymock.explore([], crash=True, reset=paid.clear):
            with world:
                for _ in range(3):
                    with paymock.process():
                        worker(paymock, token, paid, looks=looks)
                if len(paymock.payments) != 1:
                    found.append(str(world))
    return found


def test_exploring_crashes_finds_the_worker_that_does_not_look():
    assert charges(looks=False) == ["world 3 of 3: call 1 create_payment, crash after commit"]
    assert charges(looks=True) == []


def test_a_crash_that_is_given_is_placed_once():
    with a_fake() as paymock:
        for world in paymock.explore([faults.crash], crash=True):
            with world, paymock.process():
                pay(paymock, "tok_unknown") if world.number > 1 else history(paymock)
    assert str(world) == "world 2 of 2: call 1 list_customer_transactions, crash"


# -- under pytest, and on the live server -----------------------------------------------------


def test_a_crash_outside_is_a_failure_and_the_run_goes_on(pytester: pytest.Pytester):
    pytester.makepyfile(
        """
        import unittest

        import httpx
        import pytest
        from pytest_paymock import faults

        @pytest.fixture
        def crashing(paymock):
            paymock.faults.queue(faults.crash)
            return paymock

        def test_sync(crashing):
            httpx.get(f"{crashing.base_url}/api/v1/tokens/x")

        @pytest.mark.anyio
        async def test_async(crashing):
            async with httpx.AsyncClient() as client:
                await client.get(f"{crashing.base_url}/api/v1/tokens/x")

        def test_with_subtests(paymock, subtests):
            for world in paymock.explore([], crash=True, subtests=subtests):
                with world:
                    httpx.get(f"{paymock.base_url}/api/v1/tokens/x")

        def test_after_it(paymock):
            httpx.get(f"{paymock.base_url}/api/v1/tokens/x")
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:randomly", "-p", "anyio")
    told = "faults.crash ended the process at call 1 get_token, and the test is no process: *"
    result.stdout.fnmatch_lines(
        [
            f"E *pytest_paymock.ExpectationError: {told}",
            "*run only this world: --paymock-world=2",
        ]
    )
    assert result.parseoutcomes()["passed"] >= 1
    assert "INTERNALERROR" not in result.stdout.str()
    result.stdout.fnmatch_lines(["SUBFAILED*world 2 of 2: call 1 get_token, crash*"])


def test_the_live_server_refuses_it_with_the_reason(paymock_server: Any):
    ways = (
        lambda: paymock_server.faults.queue(faults.crash),
        lambda: paymock_server.explore(crash=True),
        lambda: paymock_server.explore([faults.crash]),
        paymock_server.process,
    )
    for way in ways:
        with pytest.raises(UsageError, match=r"^a crash ends the process that makes the call, and"):
            way()
    paymock_server.control = True
    answer = httpx.post(
        f"{paymock_server.url}/_paymock/faults", json={"queue": [{"name": "crash"}]}
    )
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("a crash ends the process that makes the call")
