"""A play's own numbers of one campaign, each with its name and what it counts.

They are read from the tables people's acts are kept in, at the moment somebody asks: nothing is
projected, so they are as fresh as the last commit.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from psycopg.rows import dict_row

from banyan.campaigns import refusals, versions
from banyan.campaigns.acts import local_day
from banyan.campaigns.models import Campaign
from banyan.campaigns.numbers_found import HERE, STATEMENTS
from banyan.campaigns.views import Twin
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.plays import PLAYS, Number, Numbered
from banyan.workspaces import Caller


class NumberView(msgspec.Struct, frozen=True, kw_only=True):
    """One number, and of what whole it is a part."""

    key: str
    unit: str
    """`count`, `minor` (money), `share` (parts per million), `hundredths` or `seconds`."""
    name: Twin
    means: Twin
    value: int | None
    """None: there is nothing yet to tell it from."""
    whole: int | None
    leads: bool


class PlayNumbers(msgspec.Struct, frozen=True, kw_only=True):
    """What a merchant reads of a campaign's play; where none leads, the growth factor does."""

    play: str
    as_of: datetime
    numbers: list[NumberView]


def play_numbers(work: Work, campaign_id: UUID) -> PlayNumbers:
    """Return the numbers a campaign's play has of its own. Raises `campaign_not_found`."""
    campaign = work.session.get(Campaign, (work.workspace_id, campaign_id))
    if campaign is None:
        raise Refused(refusals.NO_SUCH_CAMPAIGN)
    play = PLAYS[campaign.play_key]
    numbers = play.numbers if isinstance(play, Numbered) else ()
    found = _found(work, campaign) if numbers else {}
    return PlayNumbers(
        play=campaign.play_key,
        as_of=work.now,
        numbers=[_shown(one, found) for one in numbers],
    )


def _found(work: Work, campaign: Campaign) -> dict[str, int | None]:
    version = versions.current(work, campaign)
    today = local_day(work)
    named: dict[str, Any] = {
        "workspace": work.workspace_id,
        "campaign": campaign.id,
        "settings": msgspec.json.encode(version.settings).decode(),
        "offers": msgspec.json.encode(version.definition.get("offers", [])).decode(),
        "now": work.now,
        "today": today.isoformat(),
        "ordinal": today.toordinal(),
    }
    with work.driver.cursor(row_factory=dict_row) as cursor:
        statement: Any = HERE + STATEMENTS[campaign.play_key]
        row: dict[str, Any] = cursor.execute(statement, named).fetchone() or {}
    return {key: None if value is None else int(value) for key, value in row.items()}


def _shown(number: Number, found: dict[str, int | None]) -> NumberView:
    return NumberView(
        key=number.key,
        unit=number.unit,
        name=Twin(number.name.zh, number.name.en),
        means=Twin(number.means.zh, number.means.en),
        value=found.get(number.key),
        whole=found.get(f"{number.key}_of") if number.has_whole else None,
        leads=number.leads,
    )


@get(
    "/api/admin/campaigns/{campaign_id:uuid}/play-numbers",
    opt={"audience": "member", "permission": "campaigns.read"},
    sync_to_thread=True,
)
def read_play_numbers(caller: NamedDependency[Caller], campaign_id: FromPath[UUID]) -> PlayNumbers:
    """Return the numbers of a campaign's play, with their definitions."""
    with caller.work() as work:
        return play_numbers(work, campaign_id)


routes: list[Any] = [read_play_numbers]
