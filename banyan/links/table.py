"""The table of every share link in the memory of a web process.

Links are never changed, so a table is right as soon as it holds them. It is filled from a file on
local disk, then from the database, which it follows by transaction id: everything below the
snapshot's `xmin` is finished, so asking for `xid >= that` loses no transaction that commits late.
A code it does not know yet is looked up at once. While the database is down, known links live.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple, NoReturn
from uuid import UUID

import msgspec
import psycopg
import structlog

from banyan.kernel.errors import Refused
from banyan.links.records import CHANNEL_NUMBERS, CHANNELS, NOBODY, pack_place
from banyan.links.refusals import LINKS_DOWN

log = structlog.get_logger(__name__)

CATCH_UP_SECONDS = 0.25
ANSWER_SECONDS = 2.0
DOWN_SECONDS = 1.0
UNKNOWN_SECONDS = 2.0
UNKNOWN_MOST = 20_000
WAITING_MOST = 2_000

IDENTITY = "select system_identifier::text || '/' || current_database() from pg_control_system()"
HORIZON = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
SELECT = """
select code, workspace_id, id, kind, campaign_id, quest_id, owner_person_id, channel from links
"""
NEWER = SELECT + " where xid >= %s::text::xid8"
BY_CODE = SELECT + " where code = any(%s)"


class KnownLink(NamedTuple):
    """What a web process remembers of a link, packed small and ready for the hot path."""

    code: str
    place: bytes
    """Ids of workspace, campaign, link and quest, as telemetry records hold them."""
    owner: bytes
    channel_number: int
    location: bytes
    """The header line that leads to the page it opens."""

    @property
    def workspace_id(self) -> UUID:
        """The workspace it belongs to."""
        return UUID(bytes=self.place[:16])

    @property
    def campaign_id(self) -> UUID:
        """The campaign it opens."""
        return UUID(bytes=self.place[16:32])

    @property
    def link_id(self) -> UUID:
        """The link itself."""
        return UUID(bytes=self.place[32:48])

    @property
    def is_of_quest(self) -> bool:
        """Whether a participant shares it; else it is a merchant's own."""
        return self.place[48:] != NOBODY

    @property
    def quest_id(self) -> UUID | None:
        """The quest it supports; None for a merchant's own link."""
        return UUID(bytes=self.place[48:]) if self.is_of_quest else None

    @property
    def owner_person_id(self) -> UUID | None:
        """The participant who shares it; None for a merchant's own link."""
        return None if self.owner == NOBODY else UUID(bytes=self.owner)

    @property
    def kind(self) -> str:
        """`campaign` (the merchant's own) or `quest` (a participant's)."""
        return "quest" if self.is_of_quest else "campaign"

    @property
    def channel(self) -> str:
        """The channel it was made for."""
        return CHANNELS[self.channel_number]


def known_link(row: Sequence[Any]) -> KnownLink:
    """Return what to remember of a database row (`SELECT`)."""
    code, workspace_id, link_id, _kind, campaign_id, quest_id, owner_id, channel = row
    return KnownLink(
        code,
        pack_place(
            workspace_id.bytes,
            campaign_id.bytes,
            link_id.bytes,
            quest_id.bytes if quest_id else NOBODY,
        ),
        owner_id.bytes if owner_id else NOBODY,
        CHANNEL_NUMBERS.get(channel, 0),
        _location(code),
    )


def _location(code: str) -> bytes:
    return f"location: /h5/l/{code}\r\n".encode("ascii")


class LinkTable:
    """Code → link, for one web process and its event loop."""

    def __init__(self, relay_url: str, file: Path) -> None:
        """Read what is kept in `file` and its neighbours. Nothing is asked of the database yet."""
        self.rows: dict[str, KnownLink] = {}
        self._relay_url = relay_url
        self._memory = _Memory(file)
        self._memory.read(self.rows)
        self._unknown: dict[str, float] = {}
        self._waiting: dict[str, asyncio.Future[KnownLink | None]] = {}
        self._asking: asyncio.Task[None] | None = None
        self._down_until = 0.0
        self._asking_connection: psycopg.Connection[Any] | None = None
        self._stopping = Event()
        self._caught_up = Event()
        self._thread = Thread(target=self._follow, name="links", daemon=True)

    def start(self, *, patience_seconds: float = 3.0) -> None:
        """Begin to follow the database; wait for the first catch-up only if nothing is known."""
        self._thread.start()
        if not self.rows:
            self._caught_up.wait(patience_seconds)

    def stop(self) -> None:
        """Stop following and close the file."""
        self._stopping.set()
        self._thread.join()
        self._memory.close()
        if self._asking_connection is not None:
            self._asking_connection.close()

    def known(self, code: str) -> KnownLink | None:
        """Return the link if it is remembered; `find` asks the database too."""
        return self.rows.get(code)

    async def find(self, code: str) -> KnownLink | None:
        """Return the link of `code`, asking the database when it is not known yet; None: unknown.

        Refuses (`links_down`, 503) when nobody can say within two seconds.
        """
        found = self.rows.get(code)
        if found is not None:
            return found
        if not (4 <= len(code) <= 64 and code.isascii() and code.isalnum()):  # noqa: PLR2004
            return None
        now = time.monotonic()
        if self._unknown.get(code, 0) > now:
            return None
        if self._down_until > now or len(self._waiting) >= WAITING_MOST:
            raise Refused(LINKS_DOWN)
        waiting = self._waiting.get(code)
        if waiting is None:
            waiting = self._waiting[code] = asyncio.get_running_loop().create_future()
            # Whoever waits meanwhile shares the next look-up: a flood of unknown codes is one
            # query at a time.
            if self._asking is None:
                self._asking = asyncio.create_task(self._ask())
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await asyncio.shield(waiting)
        except TimeoutError:
            # The database hangs rather than fails; others are told at once for a while.
            self._down_until = time.monotonic() + DOWN_SECONDS
            raise Refused(LINKS_DOWN) from None

    async def _ask(self) -> None:
        try:
            while self._waiting:
                waiting, self._waiting = self._waiting, {}
                try:
                    found = await asyncio.to_thread(self._look_up, list(waiting))
                except (psycopg.Error, OSError):
                    self._down_until = time.monotonic() + DOWN_SECONDS
                    for future in waiting.values():
                        future.set_exception(Refused(LINKS_DOWN))
                        future.exception()
                    continue
                until = time.monotonic() + UNKNOWN_SECONDS
                for code, future in waiting.items():
                    link = found.get(code)
                    if link is None:
                        if len(self._unknown) >= UNKNOWN_MOST:
                            self._unknown.clear()
                        self._unknown[code] = until
                    else:
                        self.rows[code] = link
                    future.set_result(link)
        finally:
            self._asking = None

    def _look_up(self, codes: list[str]) -> dict[str, KnownLink]:
        for _ in range(2):
            if self._asking_connection is None:
                self._asking_connection = _connect(self._relay_url)
            try:
                rows = self._asking_connection.execute(BY_CODE, (codes,)).fetchall()
                return {row[0]: known_link(row) for row in rows}
            except psycopg.OperationalError:
                # The server may have restarted since: once more on a new connection.
                with suppress(psycopg.Error):
                    self._asking_connection.close()
                self._asking_connection = None
        raise psycopg.OperationalError

    def _follow(self) -> None:
        connection: psycopg.Connection[Any] | None = None
        while not self._stopping.is_set():
            try:
                if connection is None:
                    connection = _connect(self._relay_url)
                    (identity,) = connection.execute(IDENTITY).fetchone() or _nothing()
                    self._memory.belongs_to(identity, self.rows)
                self._catch_up(connection)
                self._caught_up.set()
            except (psycopg.Error, OSError) as problem:
                log.warning("links_not_fresh", problem=type(problem).__name__)
                if connection is not None:
                    with suppress(psycopg.Error):
                        connection.close()
                connection = None
            self._stopping.wait(CATCH_UP_SECONDS if connection else DOWN_SECONDS)
        if connection is not None:
            connection.close()

    def _catch_up(self, connection: psycopg.Connection[Any]) -> None:
        (horizon,) = connection.execute(HORIZON).fetchone() or _nothing()
        if self._memory.horizon > horizon:
            # The database is older than what is remembered: it came back from a backup.
            self._memory.horizon = 0
        rows = connection.cursor().stream(NEWER, (str(self._memory.horizon),))
        fresh = [known_link(row) for row in rows if not self._memory.holds(row[0])]
        # Readers meet either the old or the new table of one code: assignments are atomic.
        for link in fresh:
            self.rows[link.code] = link
        for link in fresh:
            self._unknown.pop(link.code, None)
        self._memory.keep(fresh, horizon)


class _Mark(msgspec.Struct, array_like=True, tag="m"):
    horizon: int
    identity: str


class _Kept(msgspec.Struct, array_like=True, tag="l"):
    code: str
    place: bytes
    owner: bytes
    channel: int


class _Memory:
    """The file a web process keeps its links in: it only grows, and a torn end is cut off."""

    def __init__(self, file: Path) -> None:
        self.horizon = 0
        self._identity = ""
        self._path = file
        self._codes: set[str] = set()
        self._decode = msgspec.msgpack.Decoder(_Mark | _Kept).decode
        self._encode = msgspec.msgpack.Encoder().encode
        file.parent.mkdir(parents=True, exist_ok=True)
        self._is_new = not file.exists()
        self._file = file.open("ab")

    def read(self, rows: dict[str, KnownLink]) -> None:
        """Add the links of this process's file; of all files while it has none of its own."""
        others = sorted(self._path.parent.glob("*.links"))
        for file in others if self._is_new else [self._path]:
            end = self._read(file, rows)
            if file == self._path:
                self._file.truncate(end)
        if self._is_new:
            # Neighbours' links are good to answer with; this file is filled from the database.
            self.horizon = 0
            self._identity = ""
            self._codes.clear()

    def holds(self, code: str) -> bool:
        """Whether the file has this link."""
        return code in self._codes

    def belongs_to(self, identity: str, rows: dict[str, KnownLink]) -> None:
        """Forget everything when the database is another one than the file was filled from."""
        if self._identity != identity:
            if self._identity:
                rows.clear()
            self._codes.clear()
            self.horizon = 0
            self._identity = identity
            self._file.truncate(0)

    def keep(self, links: Sequence[KnownLink], horizon: int) -> None:
        """Add `links`, and the point up to which the file is complete."""
        if not links and horizon < self.horizon + 10_000:
            self.horizon = max(self.horizon, horizon)
            return
        for link in links:
            self._codes.add(link.code)
            self._write(_Kept(link.code, link.place, link.owner, link.channel_number))
        self.horizon = horizon
        self._write(_Mark(horizon, self._identity))
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._write(_Mark(self.horizon, self._identity))
        self._file.close()

    def _write(self, item: _Mark | _Kept) -> None:
        data = self._encode(item)
        self._file.write(len(data).to_bytes(2) + data)

    def _read(self, file: Path, rows: dict[str, KnownLink]) -> int:
        data = memoryview(file.read_bytes())
        at = end = 0
        found: list[_Kept] = []
        while at + 2 <= len(data):
            length = int.from_bytes(data[at : at + 2])
            item = data[at + 2 : at + 2 + length]
            if len(item) < length:
                break
            try:
                decoded = self._decode(item)
            except msgspec.DecodeError:
                break
            at += 2 + length
            if isinstance(decoded, _Kept):
                found.append(decoded)
                continue
            # A mark vouches for everything before it; what stands after the last one is asked for
            # again.
            self.horizon, self._identity = decoded.horizon, decoded.identity
            end = at
            for kept in found:
                location = _location(kept.code)
                link = KnownLink(kept.code, kept.place, kept.owner, kept.channel, location)
                rows[kept.code] = link
                self._codes.add(kept.code)
            found.clear()
        return end


def _connect(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True, connect_timeout=5, application_name="banyan links")


def _nothing() -> NoReturn:
    msg = "the database answered nothing"
    raise psycopg.OperationalError(msg)
