"""Credits of grabs: whoever took a share takes part, is granted what was in it, and is told of.

The shares of a packet are credited in the order in which they were taken. A grab by a friend's
link makes a participant of whoever grabbed, brought by that friend, and is told to the friend's
quest.
"""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import psycopg
import structlog

from banyan import people, rewards
from banyan.campaigns import refusals
from banyan.campaigns.events import ParticipantJoined
from banyan.campaigns.gates import read_gates
from banyan.campaigns.quests_in_hand import QuestInHand, lock_quests
from banyan.campaigns.reward_words import reward_words
from banyan.campaigns.running import Running, open_till
from banyan.campaigns.supports import INSERT_PARTICIPANTS
from banyan.kernel.errors import Refused
from banyan.kernel.events import Event, record
from banyan.kernel.work import Work
from banyan.plays import GRABBED, Qualified
from banyan.rewards import Grab, Packet

logger = structlog.get_logger()

AT_ONCE: Final = 1_000
"""Shares in one transaction."""

TAKING_PART: Final = """
select person_id, generation from participants
where workspace_id = %s and campaign_id = %s and person_id = any(%b)
"""


def credit_grabs(work: Work, campaign_id: UUID, most: int = AT_ONCE) -> int:
    """Credit the next shares, at most `most`, that were taken from a campaign's packet; return how many.

    May be repeated, and side by side with itself: each share is credited once. Raises
    `psycopg.errors.UniqueViolation` or `ledger.Overtaken` when another transaction was quicker:
    run it again.
    """
    due = rewards.lock_credits(work, campaign_id, most)
    if due is None or not due[1]:
        return 0
    packet, grabs = due
    asked = {grab.quest_id for grab in grabs if grab.quest_id is not None}
    quests = {
        quest.id: quest
        for quest in lock_quests(work, asked).values()
        if quest.campaign_id == campaign_id
    }
    events: list[Event] = [*_join(work, packet, grabs, quests), *rewards.granted(packet, grabs)]
    _tell(work, grabs, quests, events)
    words = reward_words(rewards.PACKET_RULE)
    rewards.credit(work, packet, grabs, words.zh, words.en)
    return len(grabs)


def credit_all(work: Work, campaign_id: UUID) -> None:
    """Credit every share that was taken from a campaign's packet, if it has one.

    Raises the refusal `shares_uncredited` when one cannot be, for a reason of its own or because
    somebody else credits it this very moment, and what the store raises when it is away.
    """
    count = rewards.uncredited(work).get(campaign_id, 0)
    try:
        while credit_grabs(work, campaign_id):
            pass
    except psycopg.OperationalError:
        raise
    except Exception as problem:
        told = {"campaign": str(campaign_id), "problem": type(problem).__name__}
        logger.warning("shares_uncredited", **told, shares=count, exc_info=problem)
        raise Refused(refusals.SHARES_UNCREDITED, count=count) from problem


def _tell(
    work: Work,
    grabs: Sequence[Grab],
    quests: Mapping[UUID, QuestInHand],
    events: list[Event],
) -> None:
    """Tell the friends' quests who took a share through them, and record everything."""
    if not quests:
        record(work, events)
        return
    running = Running(work, open_till(work, {}, ()))
    for grab in grabs:
        quest = quests.get(grab.quest_id) if grab.quest_id else None
        if quest is not None:
            fact = Qualified(grab.person_id, GRABBED, grab.id, amount=grab.amount_minor)
            running.tell(quest, fact, grab.id)
    running.close(events)


def _join(
    work: Work, packet: Packet, grabs: Sequence[Grab], quests: Mapping[UUID, QuestInHand]
) -> list[Event]:
    """Let everybody who took a share take part, brought by whose link they came."""
    campaign = packet.campaign_id
    everybody = [grab.person_id for grab in grabs]
    owners = [quest.owner_id for quest in quests.values()]
    rows = work.driver.execute(TAKING_PART, (work.workspace_id, campaign, everybody + owners))
    generations: dict[UUID, int] = dict(rows.fetchall())
    gate = read_gates(work, [campaign])[campaign]
    met_at = people.met_at(work, everybody)
    joined: list[tuple[object, ...]] = []
    events: list[Event] = []
    for grab in grabs:
        person = grab.person_id
        if person in generations:
            continue
        quest = quests.get(grab.quest_id) if grab.quest_id else None
        referrer = quest.owner_id if quest else None
        generation = generations[quest.owner_id] + 1 if quest else 0
        generations[person] = generation
        met = met_at.get(person)
        is_new = met is not None and gate.is_new(met)
        via = quest.id if quest else None
        joined.append((campaign, person, referrer, via, generation, grab.channel, is_new))
        events.append(
            ParticipantJoined(
                campaign_id=campaign,
                person_id=person,
                referrer_id=referrer,
                quest_id=via,
                generation=generation,
                channel=grab.channel,
                is_new_person=is_new,
            )
        )
    if joined:
        columns = map(list, zip(*sorted(joined, key=_person), strict=True))
        work.driver.execute(INSERT_PARTICIPANTS, (work.workspace_id, work.now, *columns))
    return events


def _person(row: tuple[object, ...]) -> str:
    return str(row[1])
