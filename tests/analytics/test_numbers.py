"""Numbers from real events and real journals, in a real store owned by another process."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from banyan import analytics
from banyan.analytics import asking, effects, queries
from banyan.app.crowd.population import joinings
from banyan.campaigns.events import ParticipantJoined, QuestStarted, Supported
from banyan.kernel import settings
from banyan.kernel.errors import Refused
from banyan.kernel.events import Event, record
from banyan.kernel.ids import new_id
from banyan.kernel.journal import Journal
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.links import records
from banyan.rewards.events import Granted, Reversed
from banyan.rewards.events import Refused as RewardRefused

from .conftest import Owner, until

pytestmark = pytest.mark.usefixtures("database")
NOW = datetime.now(UTC).replace(microsecond=0)


def happen(workspace: UUID, events: list[Event], at: datetime = NOW) -> None:
    with unit_of_work(workspace, SYSTEM, at) as work:
        record(work, events)


def seen(workspace: UUID, campaign: UUID) -> analytics.Numbers:
    return analytics.numbers_of(workspace, campaign)


def joined(campaign: UUID, person: UUID, by: UUID | None = None, generation: int = -1) -> Event:
    return ParticipantJoined(
        campaign_id=campaign,
        person_id=person,
        referrer_id=by,
        quest_id=None,
        generation=int(by is not None) if generation < 0 else generation,
        channel="moments",
        is_new_person=True,
    )


def supported(campaign: UUID, person: UUID, owner: UUID, quest: UUID, reason: str | None) -> Event:
    return Supported(
        campaign_id=campaign,
        quest_id=quest,
        supporter_person_id=person,
        owner_person_id=owner,
        counted=reason is None,
        reason=reason,
        is_new_person=True,
        channel="moments",
    )


def granted(campaign: UUID, person: UUID, cost_minor: int) -> Event:
    return Granted(
        campaign_id=campaign,
        grant_id=new_id(),
        beneficiary_person_id=person,
        offer_id=new_id(),
        offer_key="latte",
        kind="coupon",
        value_minor=1500,
        points=0,
        cost_minor=cost_minor,
        rule="tier:1",
        cause=new_id(),
    )


def telemetry(
    home: Path,
    workspace: UUID,
    campaign: UUID,
    acts: Sequence[tuple[str, UUID, UUID | None, int]],
    segment_bytes: int = 32 << 20,
) -> None:
    """Journal (kind, visitor, quest, flags) as a web process does."""

    async def write() -> None:
        folder = home / "journal" / f"web-{new_id().hex[-8:]}"
        journal = Journal(folder, segment_bytes=segment_bytes)
        kept = journal.append(b"of no known form")
        for number, (kind, visitor, quest, flags) in enumerate(acts):
            head = records.pack_head(
                records.VERSION,
                records.KIND_NUMBERS[kind],
                flags,
                1,
                int(NOW.timestamp() * 1e6),
                visitor.bytes,
                bytes(8),
            )
            place = records.pack_place(
                workspace.bytes,
                campaign.bytes,
                campaign.bytes,
                quest.bytes if quest else records.NOBODY,
            )
            kept = journal.append(records.pack(head, place, 2, ""))
            if number % 500 == 0:
                await kept
        await kept
        await journal.close()

    asyncio.run(write())


def test_every_number_of_a_small_story(owner: Owner, workspace: UUID) -> None:
    campaign, quest = new_id(), new_id()
    host, friend, late = new_id(), new_id(), new_id()
    happen(
        workspace,
        [
            joined(campaign, host),
            QuestStarted(campaign_id=campaign, quest_id=quest, person_id=host, channel="moments"),
            joined(campaign, friend, host),
            supported(campaign, friend, host, quest, None),
            supported(campaign, late, host, quest, "out_of_time"),
            supported(campaign, host, host, quest, "own_quest"),
            granted(campaign, host, 300),
            granted(campaign, friend, 200),
            Reversed(
                campaign_id=campaign,
                grant_id=new_id(),
                beneficiary_person_id=friend,
                cost_minor=100,
                reason="refunded",
            ),
            RewardRefused(
                campaign_id=campaign,
                beneficiary_person_id=friend,
                offer_key="latte",
                rule="each",
                reason="cap_reached",
            ),
        ],
    )
    one, two, robot = new_id(), new_id(), new_id()
    telemetry(
        owner.home,
        workspace,
        campaign,
        [
            ("click", one, None, 0),
            ("view", one, None, 0),
            ("view", one, None, 0),
            ("press", one, None, 0),
            ("share_opened", one, quest, 0),
            ("click", two, quest, 0),
            ("click", robot, quest, records.IS_BOT),
            ("view", two, quest, 0),
        ],
    )
    until(lambda: seen(workspace, campaign).funnel[4].count == 1, owner)
    until(lambda: seen(workspace, campaign).participants == 2, owner)
    numbers = seen(workspace, campaign)
    assert numbers.converters == 1
    assert numbers.new_people == 1
    assert numbers.sharers == 1
    assert numbers.share_rate == 0.5
    assert numbers.conversion_rate == 1.0
    assert numbers.cost_minor == 400
    assert numbers.cost_per_new_person_minor == 400
    assert numbers.roi is None
    assert numbers.k.value is None
    assert (
        numbers.k.method == "no basis yet: at least 20 participants and 8 people brought are needed"
    )
    assert numbers.generations == [1, 1]
    assert [(step.key, step.count) for step in numbers.funnel] == [
        ("seen", 2),
        ("clicked", 1),
        ("started", 1),
        ("shared", 1),
        ("friend_clicked", 1),
        ("converted", 1),
    ]
    assert {(row.reason, row.count) for row in numbers.refusals} == {
        ("out_of_time", 1),
        ("own_quest", 1),
        ("cap_reached", 1),
    }
    (channel,) = numbers.channels
    assert (channel.channel, channel.clicks, channel.participants) == ("moments", 2, 2)
    assert (channel.direct, channel.new_people) == (1, 1)
    assert channel.cost_per_new_person_minor == 400
    assert numbers.fresh_ms < 5000
    (hour,) = analytics.series_of(workspace, campaign, "hour", "Asia/Shanghai")
    assert (hour.participants, hour.clicks, hour.new_people) == (2, 2, 1)
    assert analytics.clicks_of(workspace, [campaign]) == {campaign: 2}
    assert analytics.growth_of(workspace, [campaign]) == {campaign: None}


def test_another_workspace_sees_nothing(owner: Owner, workspace: UUID) -> None:
    campaign, stranger = new_id(), new_id()
    happen(workspace, [joined(campaign, new_id())])
    until(lambda: seen(workspace, campaign).participants == 1, owner)
    assert seen(stranger, campaign).participants == 0
    assert analytics.tree_of(stranger, campaign, 10).nodes == []
    assert analytics.series_of(stranger, campaign, "hour", "UTC") == []


def test_k_and_tree_of_a_crowd_equal_what_is_counted_directly(
    owner: Owner, workspace: UUID
) -> None:
    campaign = new_id()
    crowd = joinings(1500, 0.9, 5, 4)
    people = [new_id() for _ in crowd]
    begins = NOW - timedelta(hours=crowd[-1].at_hours)
    generations: list[int] = []
    with unit_of_work(workspace, SYSTEM, NOW) as work:
        for joining, person in zip(crowd, people, strict=True):
            by = people[joining.brought_by] if joining.brought_by >= 0 else None
            generation = generations[joining.brought_by] + 1 if by else 0
            generations.append(generation)
            moved = type(work)(
                work.session,
                workspace,
                SYSTEM,
                begins + timedelta(hours=joining.at_hours),
                work.driver,
            )
            record(moved, [joined(campaign, person, by, generation=generation)])
    until(lambda: seen(workspace, campaign).participants == len(crowd), owner)
    numbers = seen(workspace, campaign)
    assert numbers.generations == [generations.count(g) for g in range(max(generations) + 1)]
    assert numbers.k.low is not None
    assert numbers.k.high is not None
    assert numbers.k.low <= 0.9 <= numbers.k.high
    tree = analytics.tree_of(workspace, campaign, 10_000)
    assert tree.total == len(crowd)
    ids = [node[0] for node in tree.nodes]
    parents = {node[0]: ids[node[1]] if node[1] >= 0 else None for node in tree.nodes}
    expected = {
        str(person): str(people[joining.brought_by]) if joining.brought_by >= 0 else None
        for joining, person in zip(crowd, people, strict=True)
    }
    assert parents == expected
    assert all(node[1] < place for place, node in enumerate(tree.nodes))
    assert sum(node[4] for node in tree.nodes) == sum(p is not None for p in expected.values())


def test_numbers_after_a_rebuild_equal_those_before(
    owner: Owner, workspace: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, quest, host = new_id(), new_id(), new_id()
    happen(workspace, [joined(campaign, host), joined(campaign, new_id(), host)])
    acts = [("click", new_id(), quest, 0), ("view", new_id(), None, 0)]
    telemetry(owner.home, workspace, campaign, acts)
    until(lambda: seen(workspace, campaign).funnel[4].count == 1, owner)
    until(lambda: seen(workspace, campaign).participants == 2, owner)
    before = seen(workspace, campaign)
    monkeypatch.setenv("BANYAN_HOME", str(owner.home))
    assert analytics.rebuild(settings.load(), 60)
    after = seen(workspace, campaign)
    assert_same(before, after)


def assert_same(one: analytics.Numbers, other: analytics.Numbers) -> None:
    """Everything but the moment is equal."""
    told = [json.loads(msgspec.json.encode(each)) for each in (one, other)]
    for each in told:
        del each["as_of"], each["fresh_ms"]
    assert told[0] == told[1]


def test_kill_9_loses_nothing_and_counts_nothing_twice(owner: Owner, workspace: UUID) -> None:
    campaign, quest = new_id(), new_id()
    for turn in range(3):
        happen(workspace, [joined(campaign, new_id()) for _ in range(200)])
        acts = [("click", new_id(), quest, 0) for _ in range(200)]
        telemetry(owner.home, workspace, campaign, acts)
        if turn:
            owner.kill()
            owner.start()
    until(lambda: seen(workspace, campaign).participants >= 600, owner)
    until(lambda: seen(workspace, campaign).funnel[4].count >= 600, owner)
    numbers = seen(workspace, campaign)
    assert numbers.participants == 600
    assert numbers.funnel[4].count == 600
    assert numbers.channels[0].clicks == 600


def test_a_flood_over_many_segments_arrives_whole(owner: Owner, workspace: UUID) -> None:
    campaign, quest = new_id(), new_id()
    acts = [("click", new_id(), quest, 0) for _ in range(25_000)]
    telemetry(owner.home, workspace, campaign, acts, segment_bytes=400_000)
    until(lambda: seen(workspace, campaign).funnel[4].count >= 25_000, owner)
    numbers = seen(workspace, campaign)
    assert numbers.channels[0].clicks == 25_000
    assert numbers.funnel[4].count == 25_000


def test_while_the_owner_is_away_the_answer_is_503(workspace: UUID, tmp_path: Path) -> None:
    before = asking._path[:]
    analytics.use_owner(tmp_path / "nobody.sock")
    try:
        with pytest.raises(Refused) as refused:
            seen(workspace, new_id())
        assert refused.value.refusal.code == "analytics_down"
        assert refused.value.refusal.status == 503
        assert analytics.growth_of(workspace, [new_id()]) == {}
    finally:
        analytics.use_owner(before[0] if before else None)


def test_no_query_reaches_across_workspaces() -> None:
    texts = [
        text
        for name, text in (vars(queries) | vars(effects)).items()
        if name.isupper() and isinstance(text, str) and "from " in text
    ]
    assert len(texts) >= 10
    for text in texts:
        assert text.count("{workspace:UUID}") == text.count("from events") + text.count(
            "from telemetry"
        )


@pytest.mark.usefixtures("owner")
def test_measures_speak_both_languages() -> None:
    keys = [measure.key for measure in analytics.MEASURES]
    assert len(keys) == len(set(keys))
    shown = {*analytics.Numbers.__struct_fields__} - {"as_of", "fresh_ms", "funnel", "channels"}
    assert shown <= set(keys)
    for measure in analytics.MEASURES:
        assert measure.name.zh != measure.name.en
        assert measure.definition.zh
        assert measure.definition.en
