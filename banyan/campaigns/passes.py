"""Passes: the short code a participant shows, and whom a member of staff finds by it.

A pass is no share link: friends never see it, so nobody can be checked in by a friend's phone.
"""

from typing import Final
from uuid import UUID

from banyan.campaigns import refusals
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_code
from banyan.kernel.work import Work

PASS_BITS: Final = 50

MAKE = """
insert into quest_passes (workspace_id, quest_id, campaign_id, code, made_at)
select q.workspace_id, q.id, q.campaign_id, %s, %s from quests q
where q.workspace_id = %s and q.id = %s and q.owner_id = %s
on conflict (workspace_id, quest_id) do nothing
"""
FIND = """
select p.code from quest_passes p join quests q
  on q.workspace_id = p.workspace_id and q.id = p.quest_id
where p.workspace_id = %s and p.quest_id = %s and q.owner_id = %s
"""


def pass_of(work: Work, quest_id: UUID, person_id: UUID) -> str:
    """Return the pass of my quest, made when it is first asked for. Raises `quest_not_found`."""
    driver, mine = work.driver, (work.workspace_id, quest_id, person_id)
    driver.execute(MAKE, (clean_pass(new_code(PASS_BITS)), work.now, *mine))
    row = driver.execute(FIND, mine).fetchone()
    if row is None:
        raise Refused(refusals.NO_SUCH_QUEST)
    return str(row[0])


def quest_by_pass(work: Work, campaign_id: UUID, code: str) -> UUID:
    """Return the quest whose pass `code` is, however it was typed. Raises `pass_not_found`."""
    row = work.driver.execute(
        "select quest_id from quest_passes where workspace_id = %s and campaign_id = %s"
        " and code = %s",
        (work.workspace_id, campaign_id, clean_pass(code)),
    ).fetchone()
    if row is None:
        raise Refused(refusals.NO_SUCH_PASS)
    found: UUID = row[0]
    return found


def clean_pass(code: str) -> str:
    """Return a pass as it is kept: capitals and digits only."""
    return "".join(letter for letter in code.upper() if letter.isascii() and letter.isalnum())


__all__ = ["clean_pass", "pass_of", "quest_by_pass"]
