"""A slower disk: a preloaded library that adds a fixed time to every fsync and fdatasync.

A virtual disk often answers fsync in microseconds, which hides what sharing a flush is worth. A
flush that the system carries out beside its caller (`io_submit`) is held back by a thread, so that
it comes as much later and its caller goes on, as with a slower disk.
"""

import shutil
import subprocess
from pathlib import Path

SOURCE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/aio_abi.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
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
static long (*call)(long, ...);
struct held { long context; struct iocb *flush; };
static void *submit_later(void *given) {
    struct held held = *(struct held *)given;
    free(given);
    later();
    if (call(SYS_io_submit, held.context, 1L, &held.flush) != 1) abort();
    return 0;
}
long syscall(long number, ...) {
    long given[6];
    va_list rest;
    va_start(rest, number);
    for (int nth = 0; nth < 6; nth++) given[nth] = va_arg(rest, long);
    va_end(rest);
    if (!call) call = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    if (number == SYS_io_submit && given[1] == 1) {
        struct iocb *flush = ((struct iocb **)given[2])[0];
        if (flush->aio_lio_opcode == IOCB_CMD_FSYNC || flush->aio_lio_opcode == IOCB_CMD_FDSYNC) {
            struct held *held = malloc(sizeof *held);
            pthread_t thread;
            held->context = given[0];
            held->flush = flush;
            if (pthread_create(&thread, 0, submit_later, held)) abort();
            pthread_detach(thread);
            return 1;
        }
    }
    return call(number, given[0], given[1], given[2], given[3], given[4], given[5]);
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
        ["cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl", "-lpthread"],  # noqa: S607
        check=True,
    )
    return library
