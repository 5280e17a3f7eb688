"""A child process that does not outlive the process that started it."""

import ctypes
import os
import signal
import sys
import threading
import time

SUPERVISED = "BANYAN_SUPERVISED"


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


def is_supervised() -> bool:
    """Whether `banyan serve` started this process."""
    return os.environ.get(SUPERVISED) == "1"
