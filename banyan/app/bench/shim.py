"""A slower disk: a preloaded library that adds a fixed time to every fsync and fdatasync.

A virtual disk often answers fsync in microseconds, which hides what sharing a flush is worth.
"""

import shutil
import subprocess
from pathlib import Path

SOURCE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static void later(void) {
    struct timespec pause = {0, ADDED_NS};
    nanosleep(&pause, 0);
}
int fsync(int fd) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    later();
    return real(fd);
}
int fdatasync(int fd) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    later();
    return real(fd);
}
"""


def is_possible() -> bool:
    """Whether a C compiler is here to build it."""
    return shutil.which("cc") is not None


def build(folder: Path, *, added_ms: float) -> Path:
    """Compile the library into `folder` and return its path, for `LD_PRELOAD`."""
    source, library = folder / "slow_fsync.c", folder / "slow_fsync.so"
    source.write_text(SOURCE.replace("ADDED_NS", str(int(added_ms * 1e6))))
    subprocess.run(  # noqa: S603 - a fixed program with arguments of our own
        ["cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"],  # noqa: S607
        check=True,
    )
    return library
