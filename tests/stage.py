"""A stage: a merchant with a live campaign, people and quests, all made through the front doors."""

import secrets
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from banyan import campaigns, people, workspaces
from banyan.campaigns import StartRequest, SupportRequest, SupportView
from banyan.campaigns.attesting import with_answer
from banyan.compliance import QUESTIONS
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import SYSTEM, Actor, Work, unit_of_work
from banyan.people import Registration


def offer(key: str, cost_minor: int, **changes: Any) -> dict[str, Any]:
    """Return a coupon of a definition."""
    return {
        "key": key,
        "kind": "coupon",
        "name": {"zh": f"{key} 券", "en": f"{key} coupon"},
        "value_minor": cost_minor,
        "cost_minor": cost_minor,
        "quantity": None,
        "valid_days": 30,
        "terms": {"zh": "每次消费限用一张，不可兑换现金。", "en": "One per visit, no cash."},
    } | changes


def answered(definition: dict[str, Any]) -> dict[str, Any]:
    """Return the definition as a merchant leaves it who answers for whatever the judge asks."""
    data = {"attestations": [], **definition}
    for question in QUESTIONS:
        assert with_answer(data, question)
    return data


REFERRAL = {
    "key": "referral",
    "settings": {
        "tiers": [{"people": 1, "offer": "latte"}],
        "friend_offer": "half",
        "reward_cap_per_person": 3,
        "new_people_only": True,
    },
}
ASSIST = {
    "key": "assist",
    "settings": {
        "helpers_needed": 3,
        "offer": "latte",
        "helper_offer": "half",
        "hours_to_finish": 24,
        "new_people_only": False,
        "helps_per_person": 3,
        "quests_per_person": 1,
    },
}


class Stage:
    """One merchant. `now` stands still until it is moved."""

    def __init__(self, workspace: UUID | None = None) -> None:
        """Make a merchant, or stand on one that is there."""
        self.workspace = workspace or new_id()
        self.now = datetime.now(UTC)
        if workspace is None:
            workspaces.create_workspace(
                self.workspace, slug=f"s-{self.workspace.hex}", name="山茶咖啡", is_sandbox=True
            )

    def work(self) -> AbstractContextManager[Work]:
        """Open a unit of work at the stage's moment."""
        return unit_of_work(self.workspace, SYSTEM, self.now)

    def campaign(self, play: dict[str, Any] = REFERRAL, **changes: Any) -> UUID:
        """Publish a campaign and return its id; it is live at once."""
        definition = {
            "name": "请朋友喝拿铁",
            "period": {"ends_at": (self.now + timedelta(days=30)).isoformat()},
            "budget": {"total_minor": 10_000_000, "per_day_minor": None, "warn_at_bps": 8000},
            "play": play,
            "offers": [offer("latte", 500), offer("half", 300)],
            "surfaces": ["own_web"],
            "channels": ["web"],
            "page": {
                "title": {"zh": "请朋友喝拿铁", "en": "A latte for a friend"},
                "blocks": [{"kind": "hero"}, {"kind": "action"}, {"kind": "rules"}],
            },
            "host": {"name": "山茶咖啡", "contact": "021-6000 0000"},
        } | changes
        campaign_id = new_id()
        with self.work() as work:
            campaigns.create_campaign(work, campaign_id, definition=answered(definition))
        self.publish(campaign_id)
        return campaign_id

    def publish(self, campaign_id: UUID) -> None:
        """Publish a draft; what the rules want reviewed is signed for by a member."""
        with self.work() as work:
            wants = campaigns.campaign_view(work, campaign_id).sign_off.is_needed
        if wants:
            said = campaigns.Signing("按法务意见上线", 90, is_alone=True)
            with unit_of_work(self.workspace, self.member(), self.now) as work:
                campaigns.sign_review(work, campaign_id, said)
        with self.work() as work:
            campaigns.publish_campaign(work, campaign_id)

    def member(self, role: str = "owner", name: str = "林静") -> Actor:
        """Let somebody join the merchant's staff."""
        member_id = new_id()
        with self.work() as work:
            workspaces.add_member(
                work,
                email=f"{member_id.hex}@example.com",
                name=name,
                role=role,
                password_hash="x",
                member_id=member_id,
            )
        return Actor("member", member_id)

    def people(self, count: int) -> list[UUID]:
        """Register people whom the merchant meets now."""
        numbers = [f"+8613{secrets.randbelow(10**9):09d}" for _ in range(count)]
        with self.work() as work:
            known = people.register_many(work, [Registration(number) for number in numbers])
        return [each.person_id for each in known]

    def quests(self, campaign: UUID, owners: Sequence[UUID], via: UUID | None = None) -> list[UUID]:
        """Begin a quest for each owner."""
        with self.work() as work:
            begun = campaigns.start_quests(
                work, [StartRequest(campaign, owner, "web", via) for owner in owners]
            )
        for each in begun:
            if isinstance(each, Refused):
                raise each
        return [each.quest_id for each in begun if not isinstance(each, Refused)]

    def support(self, *pairs: tuple[UUID, UUID]) -> list[SupportView | Refused]:
        """Let each (quest, supporter) help, all in one transaction."""
        with self.work() as work:
            return campaigns.support(work, [SupportRequest(*pair) for pair in pairs])

    def one(self, sql: str, *params: object) -> Any:
        """Return the first column of the first row."""
        with self.work() as work:
            row = work.driver.execute(sql, params).fetchone()
        return row[0] if row else None


def reason_of(answer: SupportView | Refused) -> str | None:
    """Return why a help did not count, or the code of the problem it met."""
    return answer.refusal.code if isinstance(answer, Refused) else answer.reason
