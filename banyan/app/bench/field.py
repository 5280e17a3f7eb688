"""The field: a merchant, campaigns in which every support rewards both sides, quests and people."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import count, islice
from typing import Any, NamedTuple
from uuid import UUID

from banyan import campaigns, people, workspaces
from banyan.campaigns import StartRequest
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_code, new_id
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.people import Participant, Registration, participant_token, visitor_token

BUDGET_MINOR = 10**13
REWARD_MINOR = 100
"""What each of a support's two grants costs the budget."""
PEOPLE_AT_ONCE = 20_000
_numbers = count()


class Quest(NamedTuple):
    """A quest that may be supported, by its share link."""

    campaign_id: UUID
    quest_id: UUID
    share_code: str


def make_workspace() -> UUID:
    """Make a merchant and return its id."""
    workspace_id = new_id()
    workspaces.create_workspace(workspace_id, slug=f"bench-{new_code(40)}", name="Bench")
    return workspace_id


def make_campaigns(workspace_id: UUID, count: int) -> list[UUID]:
    """Publish `count` referral campaigns, each with a budget that will not end."""
    made: list[UUID] = []
    for nth in range(count):
        campaign_id = new_id()
        with unit_of_work(workspace_id, SYSTEM) as work:
            definition = _definition(f"Bench {nth}", work.now + timedelta(days=30))
            campaigns.create_campaign(work, campaign_id, definition=definition)
            campaigns.publish_campaign(work, campaign_id)
        made.append(campaign_id)
    return made


def make_people(workspace_id: UUID, number: int) -> list[UUID]:
    """Let the merchant meet `number` people it has never met, and return them."""
    made: list[UUID] = []
    while len(made) < number:
        some = [
            Registration(f"+861{3 + nth % 7}{nth:09d}")
            for nth in islice(_numbers, min(PEOPLE_AT_ONCE, number - len(made)))
        ]
        with unit_of_work(workspace_id, SYSTEM) as work:
            made += [known.person_id for known in people.register_many(work, some)]
    return made


def start_quests(workspace_id: UUID, campaign_ids: Sequence[UUID], each: int) -> list[Quest]:
    """Let `each` people start a quest in each campaign."""
    made: list[Quest] = []
    for campaign_id in campaign_ids:
        owners = make_people(workspace_id, each)
        with unit_of_work(workspace_id, SYSTEM) as work:
            asked = [StartRequest(campaign_id, owner, "wechat_group") for owner in owners]
            for outcome in campaigns.start_quests(work, asked):
                if isinstance(outcome, Refused):
                    raise outcome
                made.append(Quest(campaign_id, outcome.quest_id, outcome.share_code))
    return made


def supports(
    workspace_id: UUID, quests: Sequence[Quest], person_ids: Iterable[UUID], host: str
) -> list[bytes]:
    """Return the raw requests with which `person_ids` support `quests` in turn, one each."""
    made: list[bytes] = []
    for nth, person_id in enumerate(person_ids):
        quest = quests[nth % len(quests)]
        token = participant_token(Participant(workspace_id, person_id))
        body = b'{"link_code":"%s"}' % quest.share_code.encode()
        head = (
            f"POST /api/public/quests/{quest.quest_id}/supports HTTP/1.1\r\nHost: {host}\r\n"
            f"Cookie: byp={token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


def clicks(quests: Sequence[Quest], count: int, host: str) -> list[bytes]:
    """Return raw requests that open share links: every other one comes from a known browser."""
    made: list[bytes] = []
    for nth in range(count):
        cookie = f"Cookie: byv={visitor_token(new_id())}\r\n" if nth % 2 else ""
        code = quests[nth % len(quests)].share_code
        made.append(f"GET /s/{code} HTTP/1.1\r\nHost: {host}\r\n{cookie}\r\n".encode())
    return made


def _definition(name: str, ends_at: Any) -> dict[str, Any]:
    def offer(key: str) -> dict[str, Any]:
        words = {"zh": "结账时出示", "en": "Show it when you pay"}
        return {
            "key": key,
            "kind": "coupon",
            "name": {"zh": "代金券", "en": "Voucher"},
            "value_minor": REWARD_MINOR,
            "points": 0,
            "cost_minor": REWARD_MINOR,
            "quantity": None,
            "valid_days": 30,
            "terms": words,
        }

    return {
        "name": name,
        "strategy": "Every friend counts",
        "goal": {"metric": "new_people", "target": 1000},
        "audience": {"people_target": 1000, "traits": "Everybody"},
        "period": {"starts_at": None, "ends_at": ends_at.isoformat()},
        "budget": {"total_minor": BUDGET_MINOR, "per_day_minor": None, "warn_at_bps": 8000},
        "channels": ["wechat_group"],
        "surfaces": ["own_web", "app", "in_store"],
        "attribution_days": 7,
        "order_value_minor": 6800,
        "host": {"name": "Bench", "contact": "400-000-0000"},
        "terms": {"zh": "每份奖品限本人使用。", "en": "Each reward is for yourself."},
        "play": {
            "key": "referral",
            "settings": {
                "tiers": [],
                "friend_offer": "friend",
                "reward_cap_per_person": 10_000,
                "new_people_only": True,
                "decrease": [{"after_people": 0, "offer": "host"}],
            },
        },
        "offers": [offer("host"), offer("friend")],
        "page": {
            "theme": "leaf",
            "title": {"zh": "邀请好友", "en": "Invite friends"},
            "subtitle": {"zh": "双方都有奖", "en": "Both sides are rewarded"},
            "blocks": [{"kind": "action"}, {"kind": "rules"}],
        },
    }
