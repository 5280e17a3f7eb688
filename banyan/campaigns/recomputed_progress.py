"""Progress as it stands, against what the facts make of it: the same bytes, or an older shape of them.

A play that learns to remember something more adds it at the end. What was written before that lacks
the ends, and nothing else: what its play reads from it is what the facts make of it.
"""

from typing import Any, cast

import msgspec

__all__ = ["says_the_same"]


def says_the_same(play: Any, stands: str, recomputed: str) -> bool:
    """Whether `stands` is `recomputed`, or what an earlier version of the play wrote for it."""
    if stands == recomputed:
        return True
    try:
        told: object = msgspec.json.decode(stands)
        read = msgspec.json.encode(msgspec.json.decode(stands, type=play.Progress)).decode()
    except msgspec.MsgspecError:
        return False
    as_written = msgspec.json.encode(told).decode() == stands
    return as_written and read == recomputed and _begins(told, msgspec.json.decode(recomputed))


def _begins(older: object, newer: object) -> bool:
    """Whether `newer` is `older` with nothing but more at the ends of its lists."""
    if isinstance(older, list) and isinstance(newer, list):
        some, all_of_it = cast("list[object]", older), cast("list[object]", newer)
        return len(some) <= len(all_of_it) and all(map(_begins, some, all_of_it))
    return older == newer
