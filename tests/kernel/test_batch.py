"""The batch: everybody gets their own outcome, nobody waits for more, nobody is forgotten."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util.concurrency import await_

from banyan.kernel.batch import Batch, Failed
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import (
    SYSTEM,
    Database,
    across_workspaces,
    current_database,
    unit_of_work,
    use_database,
)


def run(body: Callable[[], Any]) -> Any:
    return asyncio.run(asyncio.wait_for(body(), 20))


@pytest.mark.parametrize("in_loop", [False, True])
def test_each_gets_their_own_outcome_and_most_is_kept(*, in_loop: bool) -> None:
    sizes: list[int] = []

    def double(_: str, items: list[int]) -> Sequence[int]:
        sizes.append(len(items))
        return [item * 2 for item in items]

    async def body() -> list[int]:
        batch = Batch(double, most=10, in_loop=in_loop)
        answers = await asyncio.gather(*(batch.ask("g", i) for i in range(95)))
        await batch.close()
        return answers

    assert run(body) == [i * 2 for i in range(95)]
    assert max(sizes) <= 10
    assert len(sizes) == 10


def test_asking_again_in_the_step_an_answer_comes_is_not_forgotten() -> None:
    async def body() -> int:
        batch = Batch[str, int, int](lambda _, items: items, most=4)
        total = 0
        for i in range(200):
            total += await batch.ask("g", i)
        await batch.close()
        return total

    assert run(body) == sum(range(200))


@pytest.mark.parametrize("in_loop", [False, True])
def test_one_bad_item_spoils_no_other(*, in_loop: bool) -> None:
    def picky(_: str, items: list[int]) -> Sequence[int]:
        if 3 in items:
            raise ValueError(3)
        return items

    async def body() -> list[int | BaseException]:
        batch = Batch(picky, most=100, in_loop=in_loop)
        answers = await asyncio.gather(
            *(batch.ask("g", i) for i in range(6)), return_exceptions=True
        )
        await batch.close()
        return answers

    answers = run(body)
    assert isinstance(answers[3], ValueError)
    assert [answer for i, answer in enumerate(answers) if i != 3] == [0, 1, 2, 4, 5]


@pytest.mark.parametrize("in_loop", [False, True])
def test_a_failure_of_all_is_told_to_all_at_once(*, in_loop: bool) -> None:
    runs: list[int] = []

    def down(_: str, items: list[int]) -> Sequence[int]:
        runs.append(len(items))
        raise ConnectionError

    async def body() -> list[int | BaseException]:
        batch = Batch(down, most=100, common=(ConnectionError,), in_loop=in_loop)
        answers = await asyncio.gather(
            *(batch.ask("g", i) for i in range(50)), return_exceptions=True
        )
        await batch.close()
        return answers

    assert all(isinstance(answer, ConnectionError) for answer in run(body))
    assert runs == [50]


def test_groups_do_not_mix_and_take_turns() -> None:
    seen: list[tuple[str, int]] = []

    def note(group: str, items: list[str]) -> Sequence[str]:
        assert {item[0] for item in items} == {group}
        seen.append((group, len(items)))
        return items

    async def body() -> None:
        batch = Batch(note, most=5)
        crowd = [batch.ask("a", f"a{i}") for i in range(20)]
        await asyncio.gather(*crowd, batch.ask("b", "b0"))
        await batch.close()

    run(body)
    assert seen[1] == ("b", 1)


def test_who_comes_while_one_batch_is_carried_out_forms_the_next() -> None:
    sizes: list[int] = []

    async def body() -> None:
        started, go_on = asyncio.Event(), asyncio.Event()

        def slow(_: str, items: list[int]) -> Sequence[int]:
            sizes.append(len(items))
            if len(sizes) == 1:
                started.set()
                await_(go_on.wait())
            return items

        batch = Batch(slow, most=100, in_loop=True)
        first = asyncio.create_task(batch.ask("g", 0))
        await started.wait()
        rest = [asyncio.create_task(batch.ask("g", i)) for i in range(1, 31)]
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(first, *rest)
        await batch.close()

    run(body)
    assert sizes == [1, 30]


def test_somebody_who_cannot_be_told_keeps_nobody_else_waiting() -> None:
    async def body() -> list[int]:
        batch = Batch[str, int, int](lambda _, items: items, most=10)
        heard: list[int | Failed] = []

        def deaf(_: int | Failed) -> None:
            raise ValueError

        batch.put("g", 1, deaf)
        batch.put("g", 2, heard.append)
        assert await batch.ask("g", 3) == 3
        await batch.close()
        return [each for each in heard if isinstance(each, int)]

    assert run(body) == [2]


def of_one_workspace() -> None:
    with unit_of_work(new_id(), SYSTEM) as work:
        work.driver.ask("select pg_sleep(0.2)::text").rows()


def of_every_workspace() -> None:
    with across_workspaces() as connection:
        connection.execute(text("select pg_sleep(0.2)"))


@pytest.mark.parametrize("transaction", [of_one_workspace, of_every_workspace])
def test_the_loop_goes_on_while_the_database_works(
    database: object, transaction: Callable[[], None]
) -> None:
    """Two lanes, each in a transaction of its own, and a loop that turns while both wait.

    They are the first to connect, and neither may wait for the other in doing so.
    """
    given = current_database()
    fresh = Database(given.app_url, given.relay_url)
    use_database(fresh)
    together: list[int] = []
    waiting = 0

    def sleep(_: str, items: list[int]) -> Sequence[int]:
        nonlocal waiting
        waiting += 1
        together.append(waiting)
        transaction()
        waiting -= 1
        return items

    async def body() -> int:
        batch = Batch(sleep, most=1, lanes=2, in_loop=True)
        asked = asyncio.gather(batch.ask("a", 1), batch.ask("b", 2))
        turns = 0
        while not asked.done():
            await asyncio.sleep(0.001)
            turns += 1
        assert await asked == [1, 2]
        await batch.close()
        return turns

    try:
        assert run(body) > 10
    finally:
        use_database(given)
        fresh.close()
    assert max(together) == 2


def test_a_batch_that_is_given_up_leaves_no_connection_half_asked(database: object) -> None:
    def slow(_: str, items: list[str]) -> Sequence[str]:
        with unit_of_work(new_id(), SYSTEM) as work:
            for item in items:
                work.driver.ask("select pg_sleep(%s::text::float8)::text", (item,)).rows()
        return items

    async def body() -> str:
        batch = Batch(slow, most=1, in_loop=True)
        given_up = asyncio.create_task(batch.ask("g", "30"))
        await asyncio.sleep(0.2)
        (lane,) = batch._running
        lane.cancel()
        with pytest.raises((asyncio.CancelledError, DBAPIError)):
            await given_up
        return await batch.ask("g", "0")

    assert run(body) == "0"


def test_too_many_waiting_are_refused() -> None:
    async def body() -> list[Any]:
        batch = Batch[str, int, int](lambda _, items: items, most=1, most_waiting=3)
        answers = await asyncio.gather(
            *(batch.ask("g", i) for i in range(5)), return_exceptions=True
        )
        await batch.close()
        return answers

    answers = run(body)
    assert answers[:3] == [0, 1, 2]
    assert all(isinstance(answer, Refused) for answer in answers[3:])


def test_a_wrong_number_of_outcomes_is_an_error() -> None:
    async def body() -> int:
        batch = Batch[str, int, int](lambda _, items: [], most=1)
        return await batch.ask("g", 1)

    with pytest.raises(RuntimeError):
        run(body)
