"""Shipping: telemetry from the journals of this machine into the store, each record once.

The store knows the last offset it holds of each journal, so whatever a crash interrupts is taken
up where the store stands. A segment that is closed and shipped moves to `telemetry/`, where it is
kept for the retention time: from there the store can be filled again.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from banyan.analytics.store import Store
from banyan.analytics.telemetry import TELEMETRY_COLUMNS, telemetry_block
from banyan.kernel.journal import close_abandoned
from banyan.kernel.segments import Records, Segment, read_segment, segments

RETENTION_DAYS = 400
PART_BYTES = 1 << 20
"""About 9,000 records; more than the longest record, so that a part always moves on."""
PARTS_MOST = 8
"""Parts of so many journals go into the store together: it counts inserts more than rows."""
CLOSE_EVERY_SECONDS = 10.0
SWEEP_EVERY_SECONDS = 3600.0


class Shipper:
    """Ships the journals below one folder. Used by one thread."""

    def __init__(
        self, journal: Path, kept: Path, store: Store, changed: Callable[[UUID, UUID], None]
    ) -> None:
        """Ship from `journal` to `store`, then move to `kept`; `changed(workspace, campaign)`."""
        self._journal = journal
        self._kept = kept
        self._store = store
        self._changed = changed
        self._shipped: dict[UUID, int] = {}
        self._sizes: dict[Path, int] = {}
        self._closed_at = 0.0
        self._swept_at = 0.0

    def step(self) -> int:
        """Ship what is there now. Return how many records were shipped. Raises StoreDown."""
        now = time.monotonic()
        if now - self._closed_at >= CLOSE_EVERY_SECONDS:
            self._closed_at = now
            close_abandoned(self._journal)
        if now - self._swept_at >= SWEEP_EVERY_SECONDS:
            self._swept_at = now
            self._sweep()
        parts: list[Records] = []
        unfinished: set[UUID] = set()
        for segment in segments(self._journal):
            if segment.journal in unfinished:
                continue  # offsets of one journal go into the store in their order
            # One part a turn, so that a flood of clicks never holds up the events.
            part = self._next(segment)
            if part is None:
                unfinished.add(segment.journal)
            elif part.last is not None:
                unfinished.add(segment.journal)
                parts.append(part)
                if len(parts) == PARTS_MOST:
                    break
            elif segment.is_closed:
                self._keep(segment)
        return self._ship(parts)

    def again(self) -> int:
        """Ship every kept segment into a store that was cleared. Return how many records."""
        self._shipped.clear()
        self._sizes.clear()
        shipped = 0
        for segment in segments(self._kept):
            while (part := self._next(segment)) is not None and part.last is not None:
                shipped += self._ship([part])
        return shipped

    def _next(self, segment: Segment) -> Records | None:
        """Return what comes next of a segment; None when it has got another name meanwhile."""
        try:
            size = segment.path.stat().st_size
        except FileNotFoundError:
            return None  # the next step meets it under its last name
        if self._sizes.get(segment.path) == size:
            return Records.none(segment)
        if segment.journal not in self._shipped:
            known = self._store.shipped([segment.journal])
            self._shipped[segment.journal] = known.get(segment.journal, -1)
        part = read_segment(segment, self._shipped[segment.journal], PART_BYTES)
        if part.last is None:
            self._sizes[segment.path] = size
        return part

    def _ship(self, parts: Sequence[Records]) -> int:
        """Put parts of different journals into the store; return how many rows they are."""
        blocks = [telemetry_block(part) for part in parts]
        rows = b"".join(block.rows for block in blocks)
        self._store.add_block("telemetry", TELEMETRY_COLUMNS, rows)
        for part in parts:
            if part.last is not None:
                self._shipped[part.journal] = part.last
        for workspace_id, campaign_id in {place for block in blocks for place in block.campaigns}:
            self._changed(workspace_id, campaign_id)
        return sum(block.number for block in blocks)

    def _keep(self, segment: Segment) -> None:
        self._kept.mkdir(parents=True, exist_ok=True)
        segment.path.rename(self._kept / segment.path.name)
        self._sizes.pop(segment.path, None)

    def _sweep(self) -> None:
        oldest = time.time() - RETENTION_DAYS * 86_400
        for segment in segments(self._kept):
            if segment.path.stat().st_mtime < oldest:
                segment.path.unlink()
