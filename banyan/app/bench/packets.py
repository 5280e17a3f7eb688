"""A red packet as the benches need it: published, with people who each want one share."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from banyan import campaigns, links
from banyan.app.bench import field
from banyan.kernel.ids import new_id
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.people import Participant, participant_token

SHARES = 10_000
TOTAL_MINOR = 2_000_000
AT_ONCE = 500


def publish(workspace_id: UUID, shares: int = SHARES) -> tuple[UUID, str]:
    """Publish a lucky packet of `shares`; return its campaign and the code of its link."""
    campaign_id = new_id()
    with unit_of_work(workspace_id, SYSTEM) as work:
        ends_at = (work.now + timedelta(days=30)).isoformat()
        campaigns.create_campaign(work, campaign_id, definition=_definition(ends_at, shares))
        campaigns.publish_campaign(work, campaign_id)
        (link,) = links.links_of_campaign(work, campaign_id)
    return campaign_id, link.code


def emptied(workspace_id: UUID) -> tuple[str, list[UUID]]:
    """Publish a packet and have all of it taken; return its link's code and who has a share."""
    campaign_id, code = publish(workspace_id)
    people = field.make_people(workspace_id, SHARES)
    for at in range(0, SHARES, AT_ONCE):
        asked = [
            campaigns.GrabRequest(campaign_id, who, request_key="first")
            for who in people[at : at + AT_ONCE]
        ]
        with unit_of_work(workspace_id, SYSTEM) as work:
            campaigns.grab(work, asked)
    return code, people


def grabs(workspace_id: UUID, code: str, person_ids: Iterable[UUID], key: str = "") -> list[bytes]:
    """Return the raw requests with which `person_ids` want a share, one each."""
    made: list[bytes] = []
    extra = f"Idempotency-Key: {key}\r\n" if key else ""
    for person_id in person_ids:
        token = participant_token(Participant(workspace_id, person_id))
        made.append(
            (
                f"POST /api/public/campaigns/{code}/grabs HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                f"Cookie: byp={token}\r\n{extra}Content-Length: 0\r\n\r\n"
            ).encode()
        )
    return made


def _definition(ends_at: str, shares: int) -> dict[str, Any]:
    total = TOTAL_MINOR * shares // SHARES
    return {
        "name": "Bench packet",
        "goal": {"metric": "participants", "target": 1000},
        "period": {"starts_at": None, "ends_at": ends_at},
        "budget": {"total_minor": total, "per_day_minor": None, "warn_at_bps": 8000},
        "channels": ["wechat_group"],
        "surfaces": ["own_web", "app", "in_store"],
        "host": {"name": "Bench", "contact": "400-000-0000"},
        "play": {
            "key": "red_packet",
            "settings": {"offer": "cash", "total_minor": total, "shares": shares},
        },
        "offers": [{"key": "cash", "kind": "cash", "name": {"zh": "红包", "en": "Packet"}}],
        "attestations": [{"question": "tax_withheld"}, {"question": "own_account"}],
        "page": {
            "theme": "leaf",
            "title": {"zh": "抢红包", "en": "Red packet"},
            "subtitle": {"zh": "先到先得", "en": "First come, first served"},
            "blocks": [{"kind": "action"}, {"kind": "rules"}],
        },
    }
