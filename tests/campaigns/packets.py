"""A live red packet to grab from."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from banyan import campaigns, ledger
from banyan.campaigns import GrabRequest, GrabView
from banyan.kernel.errors import Refused
from banyan.kernel.postgres import Urls
from tests.stage import Stage, offer

CASH = offer(
    "cash",
    0,
    kind="cash",
    name={"zh": "开业红包", "en": "Opening packet"},
    terms={"zh": "", "en": ""},
)


def packet(stage: Stage, total: int = 20_000, shares: int = 100, **changes: Any) -> UUID:
    """Publish a red packet and return its campaign."""
    settings = {"offer": "cash", "total_minor": total, "shares": shares} | changes
    return stage.campaign({"key": "red_packet", "settings": settings}, offers=[CASH])


def grab(stage: Stage, campaign: UUID, *people: UUID, **more: Any) -> list[GrabView | Refused]:
    """Let people grab, all in one transaction, and credit what they took in another."""
    with stage.work() as work:
        answers = campaigns.grab(work, [GrabRequest(campaign, who, **more) for who in people])
    credit(stage, campaign)
    return answers


def credit(stage: Stage, *packets: UUID) -> None:
    """Bring everybody the money of the shares they took, as the work process does."""
    for campaign in packets:
        with stage.work() as work:
            campaigns.credit_grabs(work, campaign)


def taken(answers: list[GrabView | Refused]) -> list[int]:
    """Return the amounts that were taken."""
    return [
        answer.share.amount_minor
        for answer in answers
        if isinstance(answer, GrabView) and answer.counted and answer.share
    ]


def reasons(answers: list[GrabView | Refused]) -> list[str | None]:
    """Return why nothing was taken, answer by answer."""
    return [
        answer.refusal.code if isinstance(answer, Refused) else answer.reason for answer in answers
    ]


UNREADABLE = '{"have": "a lot"}'


class Packet:
    """A packet from which a friend of its first person took a share that is not credited yet."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.campaign = packet(stage, total=2_000, shares=8)
        self.owner, self.friend = stage.people(2)
        (self.quest,) = stage.quests(self.campaign, [self.owner])
        self.kept = stage.one("select progress::text from quests where id = %s", self.quest)
        with stage.work() as work:
            wish = GrabRequest(self.campaign, self.friend, self.quest)
            (self.amount,) = taken(campaigns.grab(work, [wish]))

    def keep(self, progress: str) -> None:
        """Let the quest's row say something else."""
        with self.stage.work() as work:
            statement = "update quests set progress = %s where id = %s"
            work.driver.execute(statement, (progress, self.quest))

    def cash(self) -> int:
        key = ledger.account_id(self.stage.workspace, f"person:{self.friend}:cash:CNY")
        with self.stage.work() as work:
            return ledger.balances(work, [key]).get(key, 0)

    def have(self) -> int:
        return self.stage.one("select have from quests where id = %s", self.quest)


@contextmanager
def refused_by_a_key(urls: Urls, campaign: UUID) -> Generator[None]:
    """Let the database say of one packet's credit that it is there already, whenever it is written."""
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute(
            "create function there_already() returns trigger language plpgsql as"
            " $$ begin raise unique_violation; end $$"
        )
        only = sql.SQL(
            "create trigger there_already before update on packet_credits for each row"
            " when (new.campaign_id = {}) execute function there_already()"
        )
        owner.execute(only.format(sql.Literal(campaign)))
        try:
            yield
        finally:
            owner.execute("drop function there_already cascade")
