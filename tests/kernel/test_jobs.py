"""Jobs: there exactly if what asked for them is, done by the work process, held when hopeless."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from banyan.kernel import jobs
from banyan.kernel.jobs import Job, enqueue, job
from banyan.kernel.work import SYSTEM, Work, current_database, unit_of_work

done: list[tuple[UUID, str]] = []


@job("test.note")
def note(work: Work, *, word: str) -> None:
    done.append((work.workspace_id, word))


@job("test.fail")
def fail(work: Work) -> None:
    raise ZeroDivisionError(work.workspace_id)


def test_jobs_are_done_for_their_workspace(workspace: UUID) -> None:
    done.clear()
    with unit_of_work(workspace, SYSTEM) as work:
        enqueue(work, [Job("test.note", {"word": word}) for word in ("a", "b")])
        assert done == []
    jobs.drain()
    assert done == [(workspace, "a"), (workspace, "b")]


def test_a_job_of_a_rolled_back_transaction_never_was(workspace: UUID) -> None:
    done.clear()
    with pytest.raises(ZeroDivisionError):
        _enqueue_and_break(workspace)
    jobs.drain()
    assert done == []


def test_one_key_waits_once_and_a_later_job_waits(workspace: UUID) -> None:
    done.clear()
    with unit_of_work(workspace, SYSTEM) as work:
        enqueue(work, [Job("test.note", {"word": "k"}, key="same")])
        enqueue(work, [Job("test.note", {"word": "k"}, key="same")])
        enqueue(work, [Job("test.note", {"word": "later"}, after=timedelta(hours=1))])
    jobs.drain()
    assert done == [(workspace, "k")]


def test_a_failed_job_stays(workspace: UUID) -> None:
    with unit_of_work(workspace, SYSTEM) as work:
        enqueue(work, [Job("test.fail", {})])
    with pytest.raises(ZeroDivisionError):
        jobs.drain()
    with current_database().app.begin() as connection:
        gone = connection.execute(text("delete from pgqueuer where entrypoint = 'test.fail'"))
        assert gone.rowcount == 1


def test_the_worker_does_jobs_and_stops_when_told(workspace: UUID) -> None:
    done.clear()
    with unit_of_work(workspace, SYSTEM) as work:
        enqueue(work, [Job("test.note", {"word": str(n)}) for n in range(20)])
        enqueue(work, [Job("test.fail", {})])

    async def run() -> None:
        stopping = asyncio.Event()
        service = asyncio.ensure_future(jobs.worker()(stopping))
        async with asyncio.timeout(120):
            await _until(lambda: len(done) == 20)
            # One that comes while it runs is heard of at once.
            await asyncio.to_thread(_enqueue_one, workspace, "late")
            await _until(lambda: (workspace, "late") in done)
            # The database drops its connection: it comes back by itself.
            await asyncio.to_thread(_cut_off)
            await asyncio.to_thread(_enqueue_one, workspace, "later")
            await _until(lambda: (workspace, "later") in done)
            await _until(lambda: _attempts() > 0)
            stopping.set()
            await service

    asyncio.run(run())
    # At least once: one whose end was not yet written down when the connection broke comes again.
    assert set(done) == {(workspace, word) for word in [*map(str, range(20)), "late", "later"]}
    with current_database().app.begin() as connection:
        kept = connection.execute(
            text("delete from pgqueuer where entrypoint = 'test.fail' returning attempts")
        ).scalar_one()
    assert kept >= 1


def _attempts() -> int:
    """Return how often the job that always fails was tried."""
    with current_database().app.begin() as connection:
        asked = "select coalesce(max(attempts), 0) from pgqueuer where entrypoint = 'test.fail'"
        return connection.execute(text(asked)).scalar_one()


async def _until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - what it waits for happens in other threads
        await asyncio.sleep(0.05)


def _cut_off() -> None:
    with current_database().app.begin() as connection:
        cut = connection.execute(
            text(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                " where application_name = 'banyan jobs' and datname = current_database()"
            )
        )
        assert cut.scalar_one() == 1


def _enqueue_and_break(workspace: UUID) -> None:
    with unit_of_work(workspace, SYSTEM) as work:
        enqueue(work, [Job("test.note", {"word": "ghost"})])
        raise ZeroDivisionError


def _enqueue_one(workspace: UUID, word: str) -> None:
    with unit_of_work(workspace, SYSTEM) as work:
        enqueue(work, [Job("test.note", {"word": word})])
