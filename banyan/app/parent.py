"""A child process: it does not outlive the process that started it, and may give way to others."""

import contextlib
import ctypes
import os
import signal
import sys
import threading
import time
from pathlib import Path

SUPERVISED = "BANYAN_SUPERVISED"
GIVES_WAY = 3
"""The niceness of what may wait a moment: half the weight of what answers people.

Less would starve the live numbers while a spike wants every core.
"""


def stop_with_parent() -> None:
    """Ask for SIGTERM when the parent dies, even by `kill -9`; harmless when it runs alone."""
    parent = os.getppid()
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None, use_errno=True).prctl(set_parent_death_signal, int(signal.SIGTERM))
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="parent").start()


def give_way() -> None:
    """Let this process, and threads it starts from now on, run behind those that answer people.

    It costs nothing while a core is free. Linux weighs sessions before it weighs the processes in
    them, so where it does, the session is told too.
    """
    os.nice(max(0, GIVES_WAY - os.nice(0)))
    if os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(GIVES_WAY))


def is_supervised() -> bool:
    """Whether `banyan serve` started this process."""
    return os.environ.get(SUPERVISED) == "1"
