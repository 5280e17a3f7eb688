"""The batch: everybody gets their own outcome, nobody waits for more, nobody is forgotten."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from banyan.kernel.batch import Batch
from banyan.kernel.errors import Refused


def run(body: Callable[[], Any]) -> Any:
    return asyncio.run(asyncio.wait_for(body(), 20))


def test_each_gets_their_own_outcome_and_most_is_kept() -> None:
    sizes: list[int] = []

    def double(_: str, items: list[int]) -> Sequence[int]:
        sizes.append(len(items))
        return [item * 2 for item in items]

    async def body() -> list[int]:
        batch = Batch(double, most=10)
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


def test_one_bad_item_spoils_no_other() -> None:
    def picky(_: str, items: list[int]) -> Sequence[int]:
        if 3 in items:
            raise ValueError(3)
        return items

    async def body() -> list[int | BaseException]:
        batch = Batch(picky, most=100)
        answers = await asyncio.gather(
            *(batch.ask("g", i) for i in range(6)), return_exceptions=True
        )
        await batch.close()
        return answers

    answers = run(body)
    assert isinstance(answers[3], ValueError)
    assert [answer for i, answer in enumerate(answers) if i != 3] == [0, 1, 2, 4, 5]


def test_a_failure_of_all_is_told_to_all_at_once() -> None:
    runs: list[int] = []

    def down(_: str, items: list[int]) -> Sequence[int]:
        runs.append(len(items))
        raise ConnectionError

    async def body() -> list[int | BaseException]:
        batch = Batch(down, most=100, common=(ConnectionError,))
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
    started, go_on = threading.Event(), threading.Event()
    sizes: list[int] = []

    def slow(_: str, items: list[int]) -> Sequence[int]:
        sizes.append(len(items))
        if len(sizes) == 1:
            started.set()
            go_on.wait(10)
        return items

    async def body() -> None:
        batch = Batch(slow, most=100)
        first = asyncio.create_task(batch.ask("g", 0))
        await asyncio.to_thread(started.wait, 10)
        rest = [asyncio.create_task(batch.ask("g", i)) for i in range(1, 31)]
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(first, *rest)
        await batch.close()

    run(body)
    assert sizes == [1, 30]


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
