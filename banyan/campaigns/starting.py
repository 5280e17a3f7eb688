"""Starting over HTTP: people who press at the same time begin their quests in one transaction."""

import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import psycopg
import sqlalchemy.exc

from banyan.campaigns.page_state import must_be_open_on
from banyan.campaigns.quest_pages import fresh_quests, own_quest
from banyan.campaigns.quests import Begun, StartRequest, start_quests
from banyan.campaigns.quests_in_hand import ProgressUnreadable
from banyan.campaigns.views import OwnQuest
from banyan.kernel.batch import Batch
from banyan.kernel.errors import Refused
from banyan.kernel.settings import Settings
from banyan.kernel.work import Actor, unit_of_work

Group = tuple[UUID, datetime | None]
"""A workspace, and the simulated moment if there is one."""

DOWN = (psycopg.OperationalError, sqlalchemy.exc.OperationalError, sqlalchemy.exc.TimeoutError)


class StartAsked(NamedTuple):
    """What somebody who presses start asks, and on which surface."""

    request: StartRequest
    surface: str


def run_starts(group: Group, asked: list[StartAsked]) -> Sequence[OwnQuest | Refused]:
    """Begin quests of one workspace in one transaction; an outcome is the quest as its owner's.

    Refuses as values what `must_be_open_on` and `start_quests` refuse.
    """
    workspace_id, now = group
    with unit_of_work(workspace_id, Actor("person"), now) as work:
        outcomes: list[OwnQuest | Refused | None] = [None] * len(asked)
        open_here: list[int] = []
        for place, (request, surface) in enumerate(asked):
            try:
                must_be_open_on(work, request.campaign_id, surface)
            except Refused as refused:
                outcomes[place] = refused
            else:
                open_here.append(place)
        begun = start_quests(work, [asked[place].request for place in open_here])
        fresh = fresh_quests(
            work,
            [known.quest_id for known in begun if isinstance(known, Begun) and not known.is_repeat],
        )
        for place, start in zip(open_here, begun, strict=True):
            if isinstance(start, Refused):
                outcomes[place] = start
                continue
            known = fresh.get(start.quest_id)
            person_id = asked[place].request.person_id
            try:
                outcomes[place] = known or own_quest(work, start.quest_id, person_id)
            except ProgressUnreadable as unreadable:
                outcomes[place] = unreadable
    return [outcome for outcome in outcomes if outcome is not None]


_batch: list[Batch[Group, StartAsked, OwnQuest | Refused]] = []


@asynccontextmanager
async def running(_settings: Settings) -> AsyncGenerator[None]:
    """Keep this process's batch of starts; on the way out, answer who still waits.

    `BANYAN_START_BATCH` is the most in one transaction.
    """
    batch = Batch[Group, StartAsked, "OwnQuest | Refused"](
        run_starts, most=int(os.environ.get("BANYAN_START_BATCH") or 256), common=DOWN
    )
    _batch.append(batch)
    try:
        yield
    finally:
        _batch.remove(batch)
        await batch.close()


async def start(group: Group, asked: StartAsked) -> OwnQuest:
    """Begin a quest together with whoever else waits. Raises what refuses it."""
    outcome = await _batch[0].ask(group, asked)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome
