"""Races: every order in which the calls of workers can reach the API."""

import asyncio
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any

import anyio
import httpx
import pytest
import trio

from pytest_paymock import ExpectationError, Paymock, ProcessCrash, RaceWorld, UsageError, faults
from pytest_paymock._explore import stage
from pytest_paymock._explore.schedule import Step
from pytest_paymock._text.races import lanes

from .tills import CLIENTS, a_fake, a_token, history, pay

BOTH_END = "worker 1 to its end, worker 2 to its end"

WATCHED = [
    "race world 1: worker 1 to its end, worker 2 to its end",
    "race world 2: worker 1 to call 2, worker 2 to its end, worker 1 to its end",
    f"race world 3: worker 1 to call 2, worker 2 to call 2, {BOTH_END}",
    f"race world 4: worker 1 to call 2, worker 2 to call 1, {BOTH_END}",
    "race world 5: worker 1 to call 1, worker 2 to its end, worker 1 to its end",
]


def looks(paymock: Paymock, token: str, **how: Any) -> str:
    """Look into the history, and charge if there is nothing: two may look at the same time."""
    if history(paymock, **how):
        return "was paid"
    return str(pay(paymock, token, **how)["status"])


async def looks_async(paymock: Paymock, token: str) -> str:
    async with httpx.AsyncClient(base_url=paymock.base_url) as client:
        answer = await client.get("/api/v1/customers/cust_1/transactions")
        if answer.json()["transactions"]:
            return "was paid"
        order = {"token": token, "amount": 5, "customer_id": "cust_1"}
        return str((await client.post("/api/v1/payments", json=order)).json()["status"])


def raced(work: Callable[[Paymock, str, RaceWorld], Any], **how: Any) -> list[tuple[str, Any, int]]:
    """Race, and return each world's name, what the workers returned, and how many charges came."""
    found = []
    with a_fake() as paymock:
        token = a_token(paymock)
        for world in paymock.race(**how):
            with world:
                told = work(paymock, token, world)
            found.append((str(world), told, len(paymock.payments)))
    return found


@pytest.mark.parametrize("client", CLIENTS)
def test_two_that_look_before_they_charge_charge_twice_in_some_orders(client: str):
    send = CLIENTS[client]

    def work(paymock: Paymock, token: str, world: RaceWorld) -> Any:
        both = lambda: looks(paymock, token, send=send)  # noqa: E731
        return world.run(both, both)

    found = raced(work)
    assert [name for name, *_ in found][:5] == WATCHED
    assert found[0][1:] == (["success", "was paid"], 1)
    assert found[1][1:] == (["success", "success"], 2)
    assert {told[0] for _, told, charges in found if charges == 1} == {"success", "was paid"}
    assert sum(charges == 2 for *_, charges in found) >= 2
    assert found == raced(work)  # the same worlds in the same order, every time


async def gathered(**how: Any) -> list[tuple[str, Any, int]]:
    found = []
    with a_fake() as paymock:
        token = a_token(paymock)
        for world in paymock.race(**how):
            with world:
                told = await world.gather(looks_async(paymock, token), looks_async(paymock, token))
            found.append((str(world), told, len(paymock.payments)))
    return found


def test_tasks_race_in_the_same_worlds_as_threads():
    on_asyncio, on_trio = asyncio.run(gathered()), trio.run(gathered)
    in_threads = raced(
        lambda paymock, token, world: world.run(*[lambda: looks(paymock, token)] * 2)
    )
    assert on_asyncio == on_trio == in_threads


def three_calls(paymock: Paymock, token: str) -> int:
    history(paymock)
    pay(paymock, token)
    return len(history(paymock))


def test_two_workers_of_three_calls_are_26_worlds_and_more_without_a_bound():
    def work(paymock: Paymock, token: str, world: RaceWorld) -> Any:
        return world.run(*[lambda: three_calls(paymock, token)] * 2)

    assert len(raced(work)) == 26
    assert len(raced(work, preemptions=0)) == 2
    assert len(raced(work, preemptions=None)) == 70


def test_three_workers_race():
    names = [
        name
        for name, *_ in raced(
            lambda paymock, _, world: world.run(*[lambda: history(paymock)] * 3), preemptions=0
        )
    ]
    assert names[0] == "race world 1: worker 1 to its end, worker 2 to its end, worker 3 to its end"
    assert len(names) == 6


def test_it_starts_from_the_same_state_and_ends_in_that_of_the_first_world():
    with a_fake() as paymock:
        token = a_token(paymock)
        pay(paymock, token)
        paid: list[str] = []
        for world in paymock.race(reset=paid.clear):
            with world:
                assert len(paymock.calls) == 1
                assert paid == []
                world.run(
                    lambda: paid.append("x") or looks(paymock, token), lambda: pay(paymock, token)
                )
            assert world.calls_before == 1
            assert world.calls[:1] in (["create_payment"], ["list_customer_transactions"])
        assert [call.endpoint for call in paymock.calls] == [
            "create_payment",
            "list_customer_transactions",
            "create_payment",
        ]


def test_one_world_runs_alone():
    with a_fake(world=3) as paymock:
        token = a_token(paymock)
        race = paymock.race()
        for world in race:
            with world:
                world.run(*[lambda: looks(paymock, token)] * 2)
        assert str(world) == WATCHED[2]
        assert [one.outcome for one in race.worlds] == ["not run", "not run", "passed"]


def test_a_world_that_does_not_exist_is_told():
    def race(paymock: Paymock) -> None:
        for world in paymock.race():
            with world:
                world.run(*[lambda: history(paymock)] * 2)

    with a_fake(world=99) as paymock, pytest.raises(UsageError) as caught:
        race(paymock)
    assert str(caught.value) == "there is no world 99: this race has 6 (Paymock(world=99))"


# -- results ----------------------------------------------------------------------------------


def test_exceptions_are_values_in_their_order():
    def raises() -> None:
        raise LookupError("nothing here")

    def dies(paymock: Paymock) -> None:
        with paymock.process():
            paymock.faults.queue(faults.crash)
            history(paymock)
        raise ProcessCrash

    with a_fake() as paymock:
        for world in paymock.race(preemptions=0):
            with world:
                first, second, third = world.run(
                    raises, lambda: history(paymock), lambda: dies(paymock)
                )
            assert isinstance(first, LookupError)
            assert second == []
            assert isinstance(third, ProcessCrash)
    assert [step.error for step in world.steps if step.worker == 1] == ["LookupError"]


def claims() -> None:
    raise AssertionError("the test says so")


def test_what_a_worker_says_about_the_test_is_raised():
    def race(paymock: Paymock) -> None:
        for world in paymock.race():
            with world:
                world.run(claims, lambda: history(paymock))

    with pytest.raises(AssertionError, match="the test says so") as caught, a_fake() as paymock:
        race(paymock)
    assert caught.value.__notes__[0].startswith(
        "paymock: this is race world 1: worker 1 to its end, worker 2 to its end\n"
    )


def test_so_it_is_in_a_task():
    async def claims_async(paymock: Paymock) -> None:
        async with httpx.AsyncClient(base_url=paymock.base_url) as client:
            await client.get("/api/v1/tokens/x")
        claims()

    async def race() -> None:
        with a_fake() as paymock:
            for world in paymock.race():
                with world:
                    await world.gather(claims_async(paymock), claims_async(paymock))

    with pytest.raises(AssertionError, match="the test says so"):
        asyncio.run(race())


def test_what_ends_a_run_is_raised():
    def interrupted() -> None:
        raise KeyboardInterrupt

    def race(paymock: Paymock) -> None:
        for world in paymock.race():
            with world:
                world.run(interrupted, lambda: history(paymock))

    with pytest.raises(KeyboardInterrupt), a_fake() as paymock:
        race(paymock)


def test_a_worker_that_is_cancelled_has_its_cancellation_for_a_value():
    async def cancelled() -> None:
        raise asyncio.CancelledError

    async def race() -> list[Any]:
        with a_fake() as paymock:
            token = a_token(paymock)
            for world in paymock.race(preemptions=0):
                with world, pytest.raises(asyncio.CancelledError):
                    await world.gather(looks_async(paymock, token), cancelled())
            return [world.number]

    assert asyncio.run(race()) == [2]


# -- workers that wait for something else -----------------------------------------------------


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is blocked count as blocked at once, for the speed of the tests."""
    monkeypatch.setattr(stage, "_DEADLOCK", 0.3)


@pytest.mark.usefixtures("_quick")
def test_a_worker_that_waits_for_a_lock_counts_as_blocked():
    def work(paymock: Paymock, token: str, world: RaceWorld) -> Any:
        lock = threading.Lock()

        def locked() -> str:
            with lock:
                return looks(paymock, token)

        return world.run(locked, locked)

    found = raced(work, preemptions=1)
    assert all(charges == 1 for *_, charges in found)
    assert (
        "race world 2: worker 1 to call 2, worker 2 until it waits for something else, worker 1 to "
        "its end, worker 2 to its end"
    ) in [name for name, *_ in found]


@pytest.mark.usefixtures("_quick")
def test_so_it_is_with_a_lock_of_asyncio():
    async def race() -> list[int]:
        charges = []
        with a_fake() as paymock:
            token = a_token(paymock)
            for world in paymock.race(preemptions=1):
                lock = asyncio.Lock()

                async def locked(lock: asyncio.Lock = lock) -> None:
                    async with lock:
                        await looks_async(paymock, token)

                with world:
                    await world.gather(locked(), locked())
                charges.append(len(paymock.payments))
        return charges

    assert set(asyncio.run(race())) == {1}


def in_opposite_order(paymock: Paymock, first: threading.Lock, second: threading.Lock) -> None:
    with first:
        history(paymock)
        if second.acquire(timeout=30):
            second.release()


@pytest.mark.usefixtures("_quick")
def test_workers_that_wait_for_each_other_fail_with_their_stacks():
    locks: list[threading.Lock] = []

    def race(paymock: Paymock) -> None:
        for world in paymock.race():
            locks[:] = [threading.Lock(), threading.Lock()]
            with world:
                world.run(
                    partial(in_opposite_order, paymock, *locks),
                    partial(in_opposite_order, paymock, *reversed(locks)),
                )

    with a_fake() as paymock:
        with pytest.raises(ExpectationError) as caught:
            race(paymock)
        for lock in locks:  # let the two threads end
            lock.release()
    told = str(caught.value)
    assert told.startswith("deadlock: every worker that has not ended waits for something else")
    assert told.count("if second.acquire(timeout=30):") == 2
    assert "worker 1 stands at\n" in told
    assert "worker 2 stands at\n" in told
    assert "race world 2: worker 1 to call 1, worker 2 until it waits" in caught.value.__notes__[0]


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_so_do_tasks(backend: str):
    async def waits(paymock: Paymock) -> None:
        async with httpx.AsyncClient(base_url=paymock.base_url) as client:
            await client.get("/api/v1/tokens/x")
        await anyio.sleep(60)

    async def race() -> None:
        with a_fake() as paymock:
            for world in paymock.race():
                with world:
                    await world.gather(waits(paymock), waits(paymock))

    with pytest.raises(ExpectationError) as caught:
        anyio.run(race, backend=backend)
    assert str(caught.value).startswith("deadlock: ")
    assert str(caught.value).count("await anyio.sleep(60)") == 2


@pytest.mark.usefixtures("_quick")
def test_code_that_does_not_do_the_same_again_is_told():
    paid: list[str] = []

    def once(paymock: Paymock) -> None:
        if not paid:
            history(paymock)
            history(paymock)
        paid.append("x")

    def race(paymock: Paymock) -> None:
        for world in paymock.race():
            with world:
                world.run(lambda: once(paymock), lambda: history(paymock))

    with a_fake() as paymock, pytest.raises(ExpectationError) as caught:
        race(paymock)
    assert str(caught.value) == (
        "the race could not be repeated as far as it was the same as an earlier one: worker 1 was "
        "to go on, and it has ended already. Put back what your code keeps outside the API, such "
        "as a database or a cache, at the start of each world, by race(reset=...)"
    )


def test_a_worker_at_the_gate_ends_with_a_race_that_fails():
    with a_fake() as paymock:
        state = paymock.race()._world_state
        paymock.checks.explorations.clear()
        world = RaceWorld(state, 1, (1, 2, 2))
        with pytest.raises(ExpectationError, match="worker 2 was to go on, and it has ended"):
            world.run(lambda: history(paymock), lambda: None)
        for thread in threading.enumerate():
            if thread.name.startswith("paymock worker"):
                thread.join()
        assert len(paymock.calls) == 0


# -- calls from elsewhere ---------------------------------------------------------------------


def test_calls_of_a_pool_of_the_worker_go_on_freely():
    """A thread that a worker starts has no worker, and what it calls belongs to that step."""

    def work(paymock: Paymock, _: str, world: RaceWorld) -> Any:
        def pooled() -> Any:
            with ThreadPoolExecutor(1) as pool:
                return pool.submit(history, paymock).result()

        return world.run(pooled, lambda: history(paymock))

    found = raced(work, preemptions=0)
    assert [name for name, *_ in found] == [
        "race world 1: worker 1 to its end, worker 2 to its end",
        "race world 2: worker 2 to its end, worker 1 to its end",
    ]


def test_a_call_in_a_thread_of_a_task_waits_at_the_gate():
    async def threaded(paymock: Paymock, token: str) -> str:
        return await asyncio.to_thread(looks, paymock, token)

    async def race() -> list[str]:
        with a_fake() as paymock:
            token = a_token(paymock)
            names = []
            for world in paymock.race():
                with world:
                    await world.gather(threaded(paymock, token), threaded(paymock, token))
                names.append(str(world))
        return names

    assert asyncio.run(race())[:5] == WATCHED


def test_a_call_without_await_in_a_task_stops_the_whole_loop_as_it_does():
    async def blocking(paymock: Paymock, token: str) -> str:
        return looks(paymock, token)

    async def race() -> list[int]:
        charges = []
        with a_fake() as paymock:
            token = a_token(paymock)
            for world in paymock.race():
                with world:
                    await world.gather(blocking(paymock, token), blocking(paymock, token))
                charges.append(len(paymock.payments))
        return charges

    assert asyncio.run(race()) == [1, 1]


def test_async_code_in_a_thread_waits_at_the_gate():
    found = raced(
        lambda paymock, token, world: world.run(
            *[lambda: asyncio.run(looks_async(paymock, token))] * 2
        )
    )
    assert [name for name, *_ in found][:5] == WATCHED


def test_a_call_that_is_given_up_at_the_gate_waits_no_longer():
    """Its task is cancelled while another worker goes on, and it calls again."""

    async def hasty(paymock: Paymock, token: str) -> str:
        try:
            async with asyncio.timeout(0.01):
                return await looks_async(paymock, token)
        except TimeoutError:
            return await looks_async(paymock, token)

    async def slow(paymock: Paymock, token: str) -> str:
        await asyncio.sleep(0.05)
        return await looks_async(paymock, token)

    async def race() -> list[str]:
        with a_fake() as paymock:
            token = a_token(paymock)
            state = paymock.race()._world_state
            paymock.checks.explorations.clear()
            world = RaceWorld(state, 1, (1, 2))
            with world:
                found = await world.gather(hasty(paymock, token), slow(paymock, token))
        return sorted(found)

    assert asyncio.run(race()) == ["success", "was paid"]


def test_a_task_that_is_no_worker_calls_freely():
    async def race() -> int:
        with a_fake() as paymock:
            token = a_token(paymock)
            goes = asyncio.Event()

            async def other() -> str:
                await goes.wait()
                return await looks_async(paymock, token)

            async def starts_it() -> str:
                goes.set()
                await background
                return await looks_async(paymock, token)

            race = iter(paymock.race(preemptions=0))
            world = next(race)
            background = asyncio.create_task(other())
            with world:
                await world.gather(starts_it(), looks_async(paymock, token))
            paymock.checks.explorations.clear()
            return len(paymock.calls)

    assert asyncio.run(race()) == 4


def test_what_outlives_the_race_calls_freely():
    late: list[threading.Thread] = []

    def leaves_a_thread(paymock: Paymock) -> None:
        context = copy_context()
        gone_on = threading.Event()
        thread = threading.Thread(
            target=context.run, args=(lambda: gone_on.wait(30) and history(paymock),)
        )
        thread.gone_on = gone_on  # type: ignore[attr-defined]
        thread.start()
        late.append(thread)
        history(paymock)

    with a_fake() as paymock:
        for world in paymock.race(preemptions=0):
            with world:
                world.run(lambda: leaves_a_thread(paymock), lambda: history(paymock))
        before = len(paymock.calls)
        for thread in late:
            thread.gone_on.set()  # type: ignore[attr-defined]
            thread.join()
        assert len(paymock.calls) == before + len(late)


# -- wrong use --------------------------------------------------------------------------------


def test_a_race_without_calls_is_told_with_what_the_workers_raised():
    def race(paymock: Paymock) -> None:
        for world in paymock.race():
            with world:
                world.run(lambda: int("4532 0151 1283 0366 x"), lambda: None)

    with a_fake() as paymock, pytest.raises(ExpectationError) as caught:
        race(paymock)
    assert str(caught.value).startswith(
        "race() has nothing to try: no worker made a call to the API in the first world; worker 1 "
        "raised ValueError: invalid literal for int() with base 10: "
    )
    assert "1128" not in str(caught.value)


def test_a_world_in_which_nobody_raced_is_told():
    def race(paymock: Paymock) -> None:
        for world in paymock.race():
            with world:
                history(paymock)

    with a_fake() as paymock, pytest.raises(UsageError, match=r"^nobody raced in this world: call"):
        race(paymock)


def first_world(paymock: Paymock) -> RaceWorld:
    return next(iter(paymock.race()))


async def coroutine() -> None:
    """Do nothing, later."""


@pytest.mark.parametrize(
    ("work", "told"),
    [
        ((history,), "a race takes two workers or more, not 1"),
        ((history, 7), "world.run takes functions without arguments, such as lambda: pay(order), "),
        ((history, coroutine), "world.run takes functions without arguments, such as lambda: pay("),
    ],
)
def test_what_cannot_run_is_refused(work: tuple[Any, ...], told: str):
    paymock = a_fake()
    paymock.start()
    with pytest.raises(UsageError) as caught:
        first_world(paymock).run(*work)
    paymock.stop()
    assert str(caught.value).startswith(told)


def test_what_cannot_be_gathered_is_refused():
    async def gather(*work: Any) -> str:
        with pytest.raises(UsageError) as caught:
            await first_world(paymock).gather(*work)
        return str(caught.value)

    paymock = a_fake()
    told = asyncio.run(gather(coroutine(), coroutine))
    assert told.startswith("world.gather takes coroutines, such as pay(order) of an async function")
    assert asyncio.run(gather(coroutine())) == "a race takes two workers or more, not 1"


def test_a_second_race_in_a_world_is_refused():
    def race(paymock: Paymock) -> None:
        for world in paymock.race():
            with world:
                world.run(*[lambda: history(paymock)] * 2)
                world.run(*[lambda: history(paymock)] * 2)

    with a_fake() as paymock, pytest.raises(UsageError, match=r"^there was a race in this world"):
        race(paymock)


@pytest.mark.parametrize("preemptions", [-1, True, "2", 1.5])
def test_a_number_of_preemptions_that_is_none_is_refused(preemptions: Any):
    with pytest.raises(UsageError, match=r"^preemptions is how often a world stops a worker that"):
        a_fake().race(preemptions=preemptions)


@pytest.mark.parametrize(("leave_in", "told"), [(1, "1 world,"), (3, "3 worlds,"), (6, "")])
def test_a_loop_that_is_left_early_is_told(leave_in: int, told: str):
    def race(paymock: Paymock) -> None:
        for world in paymock.race():
            with world:
                world.run(*[lambda: history(paymock)] * 2)
            if world.number == leave_in:
                return

    def test() -> None:
        with a_fake() as paymock:
            race(paymock)

    if not told:
        test()
        return
    with pytest.raises(ExpectationError) as caught:
        test()
    assert str(caught.value).startswith(f"the loop over race() was left after {told} so other ")


# -- under pytest -----------------------------------------------------------------------------

GUILTY = """
    import httpx

    def test_charged_once(paymock, subtests):
        order = {"token": paymock.add_token("visa", customer_id="cust_1").token, "amount": 5,
                 "customer_id": "cust_1"}

        def worker():
            history = f"{paymock.base_url}/api/v1/customers/cust_1/transactions"
            if not httpx.get(history).json()["transactions"]:
                httpx.post(f"{paymock.base_url}/api/v1/payments", json=order)

        for world in paymock.race(%s):
            with world:
                world.run(worker, worker)
                assert len(paymock.payments) <= 1
"""


def test_a_failing_race_shows_who_did_what_in_which_order(pytester: pytest.Pytester):
    pytester.makepyfile(test_race=GUILTY % "")
    result = pytester.runpytest_inprocess("--paymock-report=it.json", "--paymock-report=it.html")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            f"*paymock: this is {WATCHED[1]}",
            "*run only this world: --paymock-world=2",
            "who did what, in order:",
            "  worker 1                        worker 2",
            "  starts",
            "  1  list_customer_transactions  200",
            "                                  starts",
            "                                  2  list_customer_transactions  200",
            "                                  3  create_payment  201",
            "                                  ends",
            "  4  create_payment  201",
            "  ends",
            "reproduce: pytest test_race.py::test_charged_once --paymock-seed=0 --paymock-world=2",
        ]
    )
    report = json.loads((pytester.path / "it.json").read_text("utf-8"))
    (_, world) = report["tests"][0]["fakes"][0]["explorations"][0]
    assert world["steps"][-1] == {"worker": 1, "calls": [4], "until": 0, "error": ""}
    assert "Orders of workers, in 2 worlds: 1 passed, 1 failed." in (
        pytester.path / "it.html"
    ).read_text("utf-8")


def test_the_columns_show_who_waits_and_what_ends_a_worker():
    with a_fake() as paymock:
        history(paymock)
        steps = [Step(2, (1,), None), Step(1, (), 0, "LookupError"), Step(2, (), 0)]
        assert lanes(steps, paymock.calls) == [
            "who did what, in order:",
            "  worker 1                        worker 2",
            "                                  starts",
            "                                  1  list_customer_transactions  200",
            "                                  waits for something else",
            "  starts",
            "  ends by LookupError",
            "                                  ends",
        ]


def test_with_subtests_every_failing_order_is_reported(pytester: pytest.Pytester):
    pytester.makepyfile(test_race=GUILTY % "subtests=subtests")
    result = pytester.runpytest_inprocess("--paymock-report=it.html", "-p", "no:randomly")
    result.stdout.fnmatch_lines([f"SUBFAILED*{WATCHED[1]}*", f"SUBFAILED*{WATCHED[2][:40]}*"])
    page = (pytester.path / "it.html").read_text("utf-8")
    assert "Who did what, in order" in page


def test_before_it_has_raced_a_world_has_no_order():
    paymock = a_fake()
    assert str(first_world(paymock)) == "race world 1"
