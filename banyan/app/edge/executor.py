"""The threads in which synchronous handlers run: few, and nobody waits for one for long."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from banyan.app.edge.problems import OVERLOADED
from banyan.kernel.errors import Refused

P = ParamSpec("P")
T = TypeVar("T")

MOST_WAIT_SECONDS = 3.0


class BoundedExecutor(ThreadPoolExecutor):
    """Refuses what waited too long for a thread, instead of doing what nobody waits for anymore."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `fn` in a thread. The future raises `overloaded` when none came free in time."""
        asked = time.monotonic()

        def run(*args: Any, **kwargs: Any) -> T:
            if time.monotonic() - asked > MOST_WAIT_SECONDS:
                raise Refused(OVERLOADED)
            return fn(*args, **kwargs)

        return super().submit(run, *args, **kwargs)
