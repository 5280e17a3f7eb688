"""A disk that fails under a journal, without replacing anything of the journal."""

import os
from pathlib import Path

from banyan.kernel.segments import segments


def break_disk(folder: Path) -> None:
    """Put a pipe where the open segment was: it takes what is written, and cannot be flushed."""
    (segment,) = (each for each in segments(folder) if not each.is_closed)
    files = Path("/proc/self/fd")
    _, pipe = os.pipe()
    for file in [int(each.name) for each in files.iterdir() if each.resolve() == segment.path]:
        os.dup2(pipe, file)
