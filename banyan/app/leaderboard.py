"""The effect leaderboard: campaigns, templates and plays of one merchant by what came of them."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Stream

from banyan import analytics, campaigns, templates, workspaces
from banyan.app.sheets import CSV_TYPE, Cell, csv_pieces
from banyan.campaigns import Origin, Twin
from banyan.plays import PLAYS
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "campaigns.read"}
MOST = 500
"""Campaigns that are compared, the newest."""

By = Literal["campaign", "template", "play"]
Period = Literal["30", "90", "all"]
Sort = Literal["new_people", "k", "cost_per_new_person", "roi", "participants"]
Order = Literal["desc", "asc"]


class LeaderboardRow(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign, or the campaigns of one template or play taken together."""

    key: str
    """The campaign's id, the template's or the play's key; empty: made without a template."""
    name: Twin
    play: str
    """Empty where the campaigns have several."""
    state: str | None
    """The campaign's state; None for campaigns taken together."""
    campaigns: int
    effect: analytics.Effect


class Leaderboard(msgspec.Struct, frozen=True, kw_only=True):
    """Who is compared with whom, the best first."""

    items: list[LeaderboardRow]
    published: int
    """How many published campaigns there are, at most those that are compared."""
    is_whole: bool
    """False: there are older campaigns that are not compared."""


class _Group(NamedTuple):
    key: str
    name: Twin
    members: list[Origin]


@get("/api/admin/leaderboard", opt=READ, sync_to_thread=True)
def read_leaderboard(
    caller: NamedDependency[Caller],
    by: FromQuery[By] = "campaign",
    period: FromQuery[Period] = "90",
    sort: FromQuery[Sort] = "new_people",
    order: FromQuery[Order] = "desc",
) -> Leaderboard:
    """Return what came of each campaign, template or play within the last days of `period`.

    Rows that nobody joined within it are left out; what cannot be told stands last.
    """
    return _leaderboard(caller, by, period, sort, order)


@get("/api/admin/leaderboard/export", opt=READ, sync_to_thread=True)
def export_leaderboard(
    caller: NamedDependency[Caller],
    by: FromQuery[By] = "campaign",
    period: FromQuery[Period] = "90",
    sort: FromQuery[Sort] = "new_people",
    order: FromQuery[Order] = "desc",
) -> Stream:
    """Return the same rows in the same order as CSV."""
    found = _leaderboard(caller, by, period, sort, order)
    with caller.work() as work:
        workspaces.audit(work, "leaderboard.exported", by, {"period": period})
    is_english = caller.language == "en"
    return Stream(
        csv_pieces(
            HEADS_EN if is_english else HEADS_ZH, _lines(found.items, is_english=is_english)
        ),
        media_type=CSV_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="leaderboard-{by}-{period}.csv"',
            "Cache-Control": "no-store",
        },
    )


def _leaderboard(caller: Caller, by: By, period: Period, sort: Sort, order: Order) -> Leaderboard:
    with caller.work() as work:
        found = campaigns.origins(work, MOST + 1)
    compared = found[:MOST]
    groups = _groups(compared, by)
    days = 0 if period == "all" else int(period)
    asked = [[one.id for one in group.members] for group in groups]
    told = analytics.effects_of(caller.workspace_id, asked, days) if groups else []
    rows = [
        _row(group, effect, by)
        for group, effect in zip(groups, told, strict=True)
        if effect.participants
    ]
    return Leaderboard(
        items=_sorted(rows, sort, order),
        published=len(compared),
        is_whole=len(found) <= MOST,
    )


def _groups(found: Sequence[Origin], by: By) -> list[_Group]:
    if by == "campaign":
        return [_Group(str(one.id), Twin(one.name, one.name), [one]) for one in found]
    members: dict[str, list[Origin]] = {}
    for one in found:
        members.setdefault(one.play if by == "play" else one.template_key or "", []).append(one)
    names = _play_names() if by == "play" else _template_names()
    return [
        _Group(key, names.get(key, Twin(key, key)), together) for key, together in members.items()
    ]


def _play_names() -> dict[str, Twin]:
    return {key: Twin(play.name.zh, play.name.en) for key, play in PLAYS.items()}


def _template_names() -> dict[str, Twin]:
    known = {one.key: Twin(one.name.zh, one.name.en) for one in templates.templates().values()}
    return {"": Twin("没有用模板", "Without a template"), **known}


def _row(group: _Group, effect: analytics.Effect, by: By) -> LeaderboardRow:
    plays = {one.play for one in group.members}
    return LeaderboardRow(
        key=group.key,
        name=group.name,
        play=plays.pop() if len(plays) == 1 else "",
        state=group.members[0].state if by == "campaign" else None,
        campaigns=len(group.members),
        effect=effect,
    )


def _sorted(rows: list[LeaderboardRow], sort: Sort, order: Order) -> list[LeaderboardRow]:
    # What was brought more of stands first among equals, whichever way the column goes.
    rows = sorted(rows, key=lambda row: (-row.effect.new_people, -row.effect.participants, row.key))
    known = [row for row in rows if _value(row, sort) is not None]
    known.sort(key=lambda row: _value(row, sort) or 0, reverse=order == "desc")
    return known + [row for row in rows if _value(row, sort) is None]


def _value(row: LeaderboardRow, sort: Sort) -> float | None:
    effect = row.effect
    match sort:
        case "new_people":
            return effect.new_people
        case "participants":
            return effect.participants
        case "k":
            return effect.k.value
        case "cost_per_new_person":
            return effect.cost_per_new_person_minor
        case "roi":
            return effect.roi


HEADS_ZH = (
    *("名称", "活动数", "参与人数", "新客人数", "裂变系数 K", "K 下限(95%)", "K 上限(95%)"),
    *("单个新客成本(分)", "奖励成本(分)", "产出(分)", "ROI", "说明"),
)
HEADS_EN = (
    *("name", "campaigns", "participants", "new_people", "k", "k_low_95", "k_high_95"),
    *("cost_per_new_person_minor", "cost_minor", "output_minor", "roi", "note"),
)


def _lines(rows: Sequence[LeaderboardRow], *, is_english: bool) -> Iterator[Sequence[Cell]]:
    for row in rows:
        effect = row.effect
        note = ""
        if effect.too_few:
            note = "too few to compare" if is_english else "人太少，还不能比较"
        elif effect.k.value is None:
            note = "K: too early to tell" if is_english else "K 还早，不能判断"
        yield (
            row.name.en if is_english else row.name.zh,
            row.campaigns,
            effect.participants,
            effect.new_people,
            *(effect.k.value, effect.k.low, effect.k.high),
            effect.cost_per_new_person_minor,
            effect.cost_minor,
            effect.output_minor,
            effect.roi,
            note,
        )


routes = [read_leaderboard, export_leaderboard]
