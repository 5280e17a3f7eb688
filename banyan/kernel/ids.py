"""Identifiers: time-ordered ids, ids derived from their cause, and short codes."""

import os
import time
from hashlib import blake2b
from uuid import UUID, SafeUUID

CODE_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32 in small letters: no i, l, o, u, so a code can be read aloud."""
_LETTER_OF_BYTE = bytes(ord(CODE_ALPHABET[byte % 32]) for byte in range(256))


_blank = UUID.__new__
_fill = object.__setattr__
# Looked up once: to reach an enumeration's member costs as much as the rest of an id.
_unknown = SafeUUID.unknown


def id_of(number: int) -> UUID:
    """Return the UUID of a number that is known to have 128 bits, for a third of `UUID(int=…)`."""
    made = _blank(UUID)
    _fill(made, "int", number)
    _fill(made, "is_safe", _unknown)
    return made


def new_id() -> UUID:
    """Return a new UUID version 7 (RFC 9562): time first, so that indexes grow at one end."""
    milliseconds = time.time_ns() // 1_000_000
    chance = int.from_bytes(os.urandom(10))
    return id_of(
        (milliseconds << 80) | 0x7000_8000_0000_0000_0000 | (chance & 0x0FFF_3FFF_FFFF_FFFF_FFFF)
    )


def new_ids(count: int) -> list[UUID]:
    """Return `count` new ids in ascending order, for much less than one by one.

    They lie 256 apart, so that each has room for its siblings.
    """
    return [id_of(number) for number in new_id_numbers(count)]


def new_id_numbers(count: int) -> list[int]:
    """Return the numbers of what `new_ids` returns, for ids that only go to the database."""
    first = new_id().int
    return list(range(first, first + 256 * count, 256))


def derived_id(*parts: object) -> UUID:
    """Return the id that belongs to `parts`, always the same: repeating a command repeats its id.

    Parts are joined by a byte that no textual part contains, so ("a", "bc") is not ("ab", "c").
    """
    digest = blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16).digest()
    # Version 8: a UUID of our own making (RFC 9562).
    return id_of((int.from_bytes(digest) & ~(0xF << 76) & ~(0x3 << 62)) | (0x8 << 76) | (0x2 << 62))


def sibling_id(of: UUID, nth: int) -> UUID:
    """Return the `nth` id (1 … 255) that belongs to `of`: repeatable, and its neighbour in indexes."""
    return id_of(of.int ^ nth)


def new_code(bits: int = 80) -> str:
    """Return a random code of at least `bits` bits, five to a letter."""
    # 256 is a multiple of 32, so every letter is as likely as any other.
    return os.urandom(-(-bits // 5)).translate(_LETTER_OF_BYTE).decode()
