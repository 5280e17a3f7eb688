"""Exports of a campaign: streamed, masked, and written down in the audit before the first byte."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, NamedTuple, cast
from uuid import UUID

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from banyan import analytics, campaigns, people, rewards, workspaces
from banyan.app.sheets import CSV_TYPE, XLSX_TYPE, Cell, csv_pieces, xlsx_pieces
from banyan.kernel.work import Work
from banyan.workspaces import Caller

EXPORT = {"audience": "member", "permission": "people.export"}
_PIECE = 1000

What = Literal["participants", "grants", "supports", "numbers"]
Format = Literal["csv", "xlsx"]
Rows = Iterator[Sequence[Cell]]


class Sheet(NamedTuple):
    """What one export holds: its heads in both languages and where its rows come from."""

    zh: tuple[str, ...]
    en: tuple[str, ...]
    rows: Callable[[Work, UUID], Rows]


@get("/api/admin/campaigns/{campaign_id:uuid}/export", opt=EXPORT, sync_to_thread=True)
def export(
    caller: NamedDependency[Caller],
    campaign_id: FromPath[UUID],
    what: FromQuery[What] = "participants",
    format: FromQuery[Format] = "csv",  # noqa: A002 - the contract's word
) -> Stream:
    """Stream one sheet of a campaign as CSV or XLSX; numbers of phones and names stay masked."""
    with caller.work() as work:
        campaigns.must_exist(work, campaign_id)
        workspaces.audit(
            work, "campaign.exported", str(campaign_id), {"what": what, "format": format}
        )
    sheet = SHEETS[what]
    heads = sheet.en if caller.language == "en" else sheet.zh
    write = csv_pieces if format == "csv" else xlsx_pieces

    def pieces() -> Iterator[bytes]:
        # The rows are read in a unit of work of their own, which lives as long as the stream.
        with caller.work() as work:
            yield from write(heads, sheet.rows(work, campaign_id))

    name = f"{what}-{campaign_id}.{format}"
    return Stream(
        pieces(),
        media_type=CSV_TYPE if format == "csv" else XLSX_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _participants(work: Work, campaign_id: UUID) -> Rows:
    after: int | None = 0
    while after is not None:
        rows, after = campaigns.participants_after(work, campaign_id, after, _PIECE)
        for row in rows:
            yield (
                str(row.person_id),
                row.name_masked,
                row.phone_masked,
                row.generation,
                row.brought,
                row.state,
                row.channel,
                row.joined_at,
            )


def _grants(work: Work, campaign_id: UUID) -> Rows:
    after: UUID | None = None
    while True:
        given = rewards.grants_page(work, campaign_id, after, _PIECE)
        known = people.names_masked(work, {grant.beneficiary_person_id for grant in given})
        for grant in given:
            yield (
                str(grant.id),
                known[grant.beneficiary_person_id],
                grant.name_zh,
                grant.kind,
                grant.value_minor / 100,
                grant.points,
                grant.cost_minor / 100,
                grant.reason_zh,
                grant.state,
                grant.granted_at,
            )
        if len(given) < _PIECE:
            return
        after = given[-1].id


def _supports(work: Work, campaign_id: UUID) -> Rows:
    for piece in campaigns.supports_of(work, campaign_id):
        ids = {row.owner_id for row in piece} | {row.supporter_id for row in piece}
        known = people.names_masked(work, ids)
        for row in piece:
            yield (
                row.at,
                str(row.quest_id),
                known[row.owner_id],
                known[row.supporter_id],
                "是" if row.counted else "否",
                row.reason or "",
                "是" if row.is_new_person else "否",
            )


def _numbers(work: Work, campaign_id: UUID) -> Rows:
    told: dict[str, Any] = msgspec.to_builtins(analytics.numbers_of(work.workspace_id, campaign_id))
    yield from _flat("", told)


def _flat(path: str, value: Any) -> Iterator[tuple[str, Cell]]:
    """Yield every figure by its path."""
    if isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            yield from _flat(f"{path}.{key}" if path else key, inner)
    elif isinstance(value, list):
        for place, inner in enumerate(cast("list[Any]", value)):
            yield from _flat(f"{path}.{place}", inner)
    else:
        yield path, int(value) if isinstance(value, bool) else value


SHEETS: dict[What, Sheet] = {
    "participants": Sheet(
        ("编号", "姓名", "手机", "代际", "带来人数", "状态", "渠道", "参与时间(UTC)"),
        ("id", "name", "phone", "generation", "brought", "state", "channel", "joined_at"),
        _participants,
    ),
    "grants": Sheet(
        ("编号", "姓名", "奖品", "种类", "面值", "积分", "成本", "原因", "状态", "发放时间(UTC)"),
        ("id", "name", "offer", "kind", "value", "points", "cost", "reason", "state", "granted_at"),
        _grants,
    ),
    "supports": Sheet(
        ("时间(UTC)", "任务", "发起人", "助力者", "计入", "未计入原因", "新朋友"),
        ("at", "quest", "owner", "supporter", "counted", "reason", "is_new_person"),
        _supports,
    ),
    "numbers": Sheet(("指标", "数值"), ("measure", "value"), _numbers),
}

routes = [export]
