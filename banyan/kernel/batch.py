"""A batch: requests that arrive together are carried out together, and each gets its own outcome.

It never waits for more before it begins: while one batch is carried out, the next one forms of
whatever arrives. So an idle house answers at once, and a stampede costs one transaction for all who
wait. Where a transaction costs much and one more item in it little, it may pause between two
batches of a stampede (`gathering`).
"""

import asyncio
import contextlib
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

import structlog
from sqlalchemy.util.concurrency import greenlet_spawn

from banyan.kernel.errors import Refused, refusal

logger = structlog.get_logger()

K = TypeVar("K", bound=Hashable)
I = TypeVar("I")  # noqa: E741 - an item
O = TypeVar("O")  # noqa: E741 - an outcome

TOO_MANY_WAITING = refusal(
    "too_many_waiting",
    503,
    zh="现在人太多了，请稍后再试一次",
    en="Very many people are here right now; please try once more in a moment",
)


class Failed:
    """What the run of an item raised."""

    __slots__ = ("error",)

    def __init__(self, error: BaseException) -> None:
        """Hold it."""
        self.error = error


CROWD = 32
"""A batch of so many is one of a stampede: more are on their way."""

Told = Callable[[O | Failed], None]
"""Takes the outcome of an item."""


class Batch(Generic[K, I, O]):
    """Gathers items of one group at a time and runs them together: in a thread, or in the loop's.

    `run(group, items)` returns one outcome an item. When it raises, the items are run one by one,
    so that one bad item spoils no other; an error named in `common` says that every item would
    fail alike, so each is given it at once.

    A run that waits for nothing but our database may go `in_loop`, in the event loop's own thread:
    while it waits there, the loop goes on (`kernel.connection`), and its Python would not run
    beside the loop's anyway. What waits for anybody else must not: it would hold everybody up.
    """

    def __init__(
        self,
        run: Callable[[K, list[I]], Sequence[O]],
        *,
        most: int,
        lanes: int = 1,
        most_waiting: int = 20_000,
        common: tuple[type[Exception], ...] = (),
        in_loop: bool = False,
        gathering: float = 0.0,
    ) -> None:
        """Run at most `most` items at once, in at most `lanes` batches side by side.

        After a batch of a stampede, leave the next one `gathering` times as long to form as that
        one took: who was just answered comes again, or others come, and fewer and larger batches
        wait less in all.
        """
        self._run = run
        self._most = most
        self._lanes = lanes
        self._most_waiting = most_waiting
        self._common = common
        self._gathering = gathering
        self._waiting: OrderedDict[K, deque[tuple[I, Told[O]]]] = OrderedDict()
        self._waiting_count = 0
        self._running: set[asyncio.Task[None]] = set()
        self._busy_lanes = 0
        self._threads = None if in_loop else ThreadPoolExecutor(lanes, thread_name_prefix="batch")

    async def ask(self, group: K, item: I) -> O:
        """Return the outcome of `item`, carried out with others of its `group`.

        Raises what the run raised for it, and the refusal `too_many_waiting`.
        """
        future: asyncio.Future[O] = asyncio.get_running_loop().create_future()

        def told(outcome: O | Failed) -> None:
            if future.done():
                return
            if isinstance(outcome, Failed):
                future.set_exception(outcome.error)
            else:
                future.set_result(outcome)

        self.put(group, item, told)
        return await future

    def put(self, group: K, item: I, told: Told[O]) -> None:
        """Carry out `item` with others of its `group`, then call `told`.

        For paths that can afford neither a task nor a future. Raises `too_many_waiting`.
        """
        if self._waiting_count >= self._most_waiting:
            raise Refused(TOO_MANY_WAITING)
        queue = self._waiting.get(group)
        if queue is None:
            queue = self._waiting[group] = deque()
        queue.append((item, told))
        self._waiting_count += 1
        if self._busy_lanes < self._lanes:
            self._busy_lanes += 1
            task = asyncio.get_running_loop().create_task(self._lane())
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def close(self) -> None:
        """Finish what is waiting, then let the threads go."""
        while self._running:
            await asyncio.wait(self._running)
        if self._threads is not None:
            self._threads.shutdown()

    async def _lane(self) -> None:
        try:
            # One turn of the loop lets the other requests that came with this one join it.
            await asyncio.sleep(0)
            loop = asyncio.get_running_loop()
            while self._waiting:
                began = loop.time()
                count = await self._carry_out()
                if self._gathering and count >= CROWD:
                    await asyncio.sleep(self._gathering * (loop.time() - began))
        finally:
            # In the same step in which nobody was found waiting: whoever asks from now on starts
            # a lane, whoever asked before was seen.
            self._busy_lanes -= 1

    async def _carry_out(self) -> int:
        """Carry out one batch; return of how many."""
        group, queue = self._waiting.popitem(last=False)
        taken = [queue.popleft() for _ in range(min(self._most, len(queue)))]
        if queue:
            # Behind the other groups: a crowd at one merchant's does not hold up the next.
            self._waiting[group] = queue
        self._waiting_count -= len(taken)
        items = [item for item, _ in taken]
        try:
            if self._threads is None:
                outcomes = await greenlet_spawn(self._outcomes, group, items)
            else:
                loop = asyncio.get_running_loop()
                outcomes = await loop.run_in_executor(self._threads, self._outcomes, group, items)
        except BaseException as error:
            # The house is closing: whoever waits is told, rather than left waiting.
            for _, told in taken:
                _tell(told, Failed(error))
            raise
        for (_, told), outcome in zip(taken, outcomes, strict=True):
            _tell(told, outcome)
        return len(taken)

    def _outcomes(self, group: K, items: list[I]) -> Sequence[O | Failed]:
        try:
            outcomes = self._run(group, items)
            if len(outcomes) != len(items):
                msg = f"{len(outcomes)} outcomes for {len(items)} items"
                raise RuntimeError(msg)  # noqa: TRY301 - the same way out as any failure
        except self._common as error:
            return [Failed(error)] * len(items)
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to the item that asked
            if len(items) == 1:
                return [Failed(error)]
            return [outcome for item in items for outcome in self._outcomes(group, [item])]
        return outcomes


def _tell(told: Told[O], outcome: O | Failed) -> None:
    try:
        told(outcome)
    except Exception as error:
        # Carried out all the same; and the others wait for their word.
        logger.exception("outcome_not_told")
        with contextlib.suppress(Exception):
            told(Failed(error))
