"""What analytics keeps of an event and of a telemetry record: one row each, no personal data."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from banyan.analytics.store import NOBODY
from banyan.kernel.relay import Recorded
from banyan.links import TelemetryRecord

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
REVERSED = "rewards.reversed"


class _Body(msgspec.Struct):
    """The fields of any event that analytics knows; others pass by."""

    person_id: UUID | None = None
    supporter_person_id: UUID | None = None
    beneficiary_person_id: UUID | None = None
    referrer_id: UUID | None = None
    owner_person_id: UUID | None = None
    quest_id: UUID | None = None
    generation: int = 0
    channel: str = ""
    counted: bool = False
    is_new_person: bool = False
    reason: str | None = None
    cost_minor: int = 0
    output_minor: int = 0


EventRow = tuple[Any, ...]
"""Values in the order of `store.COLUMNS`; the campaign stands second, the quest eleventh."""
TelemetryRow = tuple[Any, ...]

_decode = msgspec.json.Decoder(_Body).decode


def event_row(event: Recorded) -> EventRow:
    """Return the row of an event. Raises `msgspec.ValidationError` for a body of other types."""
    body = _decode(event.body)
    cost = -body.cost_minor if event.name == REVERSED else body.cost_minor
    return (
        event.workspace_id,
        event.campaign_id or NOBODY,
        event.name,
        event.occurred_at,
        event.recorded_at,
        event.xid,
        event.position,
        event.id,
        body.person_id or body.supporter_person_id or body.beneficiary_person_id or NOBODY,
        body.referrer_id or body.owner_person_id or NOBODY,
        body.quest_id or NOBODY,
        body.generation,
        body.channel,
        body.counted,
        body.is_new_person,
        # Words a person typed (why a campaign was paused) stay in the database.
        (body.reason or "") if event.name in REASONED else "",
        cost,
        body.output_minor,
    )


REASONED = frozenset({"campaigns.supported", "campaigns.quest_lost", "rewards.refused"})


def telemetry_row(journal: UUID, offset: int, record: TelemetryRecord) -> TelemetryRow:
    """Return the row of a telemetry record."""
    return (
        record.workspace_id,
        record.campaign_id,
        record.kind,
        EPOCH + timedelta(microseconds=record.at_us),
        journal,
        offset,
        record.visitor_id,
        record.address_hash,
        record.link_id,
        record.quest_id or NOBODY,
        record.channel,
        record.browser,
        record.flags,
        record.first_code,
    )
