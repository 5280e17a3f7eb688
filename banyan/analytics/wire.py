"""How web processes ask the process that owns the store: framed msgpack over a unix socket."""

import contextlib
import os
import socket
from collections.abc import Generator
from pathlib import Path
from uuid import UUID

import msgspec

FRAME_MOST_BYTES = 64 << 20
ASK_MOST_BYTES = 1 << 20
SECONDS_MOST = 8.0
NAME_MOST = 100
"""Addresses of unix sockets are short; a longer path is reached through its folder."""


class Ask(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One question. Its workspace comes from a session, never from a request's own words."""

    what: str
    workspace_id: UUID
    campaign_ids: list[UUID] = []
    link_ids: list[UUID] = []
    unit: str = "hour"
    timezone: str = "UTC"
    most: int = 10_000
    groups: list[list[UUID]] = []
    days: int = 0
    """Only what happened within so many days; 0: everything."""


class Told(msgspec.Struct, frozen=True):
    """One answer: `value` is JSON, `problem` says why there is none."""

    value: bytes = b""
    problem: str = ""


encode = msgspec.msgpack.Encoder().encode
decode_ask = msgspec.msgpack.Decoder(Ask).decode
decode_told = msgspec.msgpack.Decoder(Told).decode


@contextlib.contextmanager
def address_of(path: Path) -> Generator[str]:
    """Yield an address of the socket at `path` that is short enough."""
    if len(os.fsencode(path)) <= NAME_MOST:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def ask(path: Path, question: Ask, seconds: float = SECONDS_MOST) -> Told:
    """Ask and return the answer. Raises OSError when nobody answers within `seconds`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(seconds)
        with address_of(path) as address:
            line.connect(address)
        data = encode(question)
        line.sendall(len(data).to_bytes(4) + data)
        size = int.from_bytes(_exactly(line, 4))
        if size > FRAME_MOST_BYTES:
            msg = "the answer is too large"
            raise OSError(msg)
        return decode_told(_exactly(line, size))


def _exactly(line: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = line.recv(min(size - len(data), 1 << 20))
        if not part:
            msg = "the answer broke off"
            raise ConnectionError(msg)
        data += part
    return bytes(data)
