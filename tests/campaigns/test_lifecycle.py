"""From a draft to a settled campaign, and every way that is refused."""

import json
from copy import deepcopy
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from banyan import campaigns, ledger, links, people, rewards, workspaces
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import SYSTEM, Work, unit_of_work
from banyan.templates import templates
from tests.journeys.plans import referral as plan


@pytest.fixture
def merchant(workspace: UUID) -> UUID:
    workspaces.create_workspace(
        workspace, slug=f"shop-{workspace.hex[:12]}", name="山茶咖啡", is_sandbox=True
    )
    return workspace


@pytest.fixture
def at(merchant: UUID, clock: Any) -> Any:
    """Open a unit of work of the merchant at the clock's moment."""
    return lambda: unit_of_work(merchant, SYSTEM, clock.now)


@pytest.fixture
def draft(at: Any, clock: Any) -> UUID:
    campaign_id = new_id()
    with at() as work:
        campaigns.create_campaign(work, campaign_id, definition=plan(clock.now))
    return campaign_id


@pytest.fixture
def live(at: Any, draft: UUID) -> UUID:
    with at() as work:
        campaigns.publish_campaign(work, draft)
    return draft


def state(at: Any, campaign_id: UUID) -> str:
    with at() as work:
        return campaigns.campaign_view(work, campaign_id).state


def budget_of(work: Work, campaign_id: UUID) -> rewards.BudgetView:
    found = rewards.budget_view(work, campaign_id)
    assert found is not None
    return found


def told(answer: Refused, name: str) -> Any:
    """What a refusal says beside its code."""
    return answer.params[name]


def refused(at: Any, command: Any, *args: Any) -> Refused:
    with pytest.raises(Refused) as caught, at() as work:
        command(work, *args)
    return caught.value


def rows(at: Any, statement: str, **params: Any) -> list[Any]:
    with at() as work:
        return work.session.execute(text(statement), params).all()


def test_every_template_becomes_a_draft_that_can_be_judged(at: Any) -> None:
    for key in templates():
        with at() as work:
            campaign_id = campaigns.create_campaign(work, new_id(), template_key=key)
            view = campaigns.campaign_view(work, campaign_id)
        assert view.state == "draft"
        # What is sold is chosen from the merchant's own shop, and levels are the merchant's own.
        assert {found["code"] for found in view.problems} <= {"sku_needed", "unknown_level"}, key
        assert view.rules["zh"], key
        # Nothing is forbidden but to go on without answering what no machine can know.
        blocked = [one for one in view.verdict["findings"] if one["severity"] == "block"]
        assert {one["nearest_allowed"]["kind"] for one in blocked} <= {"attest"}, key


def test_making_the_same_draft_twice_makes_one(at: Any, clock: Any) -> None:
    campaign_id = new_id()
    for _ in range(2):
        with at() as work:
            campaigns.create_campaign(work, campaign_id, definition=plan(clock.now))
    with at() as work:
        assert campaigns.count_campaigns(work) == 1


def test_publishing_goes_live_funds_the_budget_opens_offers_and_makes_links(
    at: Any, live: UUID
) -> None:
    with at() as work:
        view = campaigns.campaign_view(work, live)
        budget = budget_of(work, live)
        left = rewards.offers_left(work, live)
        made = links.links_of_campaign(work, live)
    assert view.state == "live"
    assert view.verdict["severity"] != "block"
    assert view.verdict["ruleset_version"]
    assert (budget.total_minor, budget.left_minor) == (1_000_000, 1_000_000)
    assert left == {"latte": 1000, "half": 1000}
    assert {link.channel for link in made} == {"web"}


def test_a_version_keeps_what_was_judged_and_a_hash_of_the_words_shown(at: Any, live: UUID) -> None:
    ((rules, rules_hash, ruleset, severity),) = rows(
        at,
        "select rules, rules_hash, ruleset_version, verdict->>'severity' from campaign_versions"
        " where campaign_id = :id",
        id=live,
    )
    assert rules["zh"]
    assert rules["en"]
    assert len(rules_hash) == 64
    assert ruleset.startswith("CN-")
    assert severity in {"pass", "info", "warn", "review"}


def test_what_the_rules_block_never_goes_live(at: Any, clock: Any) -> None:
    blocked = plan(clock.now, surfaces=["wechat_h5"])
    with at() as work:
        campaign_id = campaigns.create_campaign(work, new_id(), definition=blocked)
        verdict = campaigns.campaign_view(work, campaign_id).verdict
    assert verdict["severity"] == "block"
    ways_out = [finding["nearest_allowed"] for finding in verdict["findings"]]
    assert any(way and way["changes"] for way in ways_out)
    answer = refused(at, campaigns.publish_campaign, campaign_id)
    assert answer.refusal.code == "blocked_by_rules"
    assert told(answer, "verdict")["severity"] == "block"
    assert state(at, campaign_id) == "draft"
    assert rows(at, "select 1 from reward_budgets where campaign_id = :id", id=campaign_id) == []


def test_an_unfinished_draft_is_kept_and_all_its_problems_are_told_at_once(
    at: Any, clock: Any
) -> None:
    said = plan(clock.now)
    said["play"]["settings"]["tiers"] = [{"people": 1, "offer": "nothing"}]
    said["offers"][1]["name"] = {"zh": " ", "en": ""}
    with at() as work:
        campaign_id = campaigns.create_campaign(work, new_id(), definition=said)
        view = campaigns.campaign_view(work, campaign_id)
    paths = {problem["path"] for problem in view.problems}
    assert paths == {"play.settings.tiers[0].offer", "offers[1].name.zh"}
    answer = refused(at, campaigns.publish_campaign, campaign_id)
    assert answer.refusal.code == "definition_invalid"
    assert {problem["path"] for problem in told(answer, "problems")} == paths


def test_what_has_not_the_shape_of_a_plan_is_refused(at: Any) -> None:
    def create(work: Work) -> None:
        campaigns.create_campaign(work, new_id(), definition={})

    answer = refused(at, create)
    assert answer.refusal.code == "definition_invalid"
    assert len(told(answer, "problems")) > 3


def test_the_timetable_starts_and_ends_it(at: Any, clock: Any) -> None:
    starts = clock.now + timedelta(hours=1)
    period = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(days=1)).isoformat()}
    with at() as work:
        campaign_id = campaigns.create_campaign(
            work, new_id(), definition=plan(clock.now, period=period)
        )
        campaigns.publish_campaign(work, campaign_id)
    assert state(at, campaign_id) == "published"
    with at() as work:
        assert campaigns.start_due(work) == 0
    clock.advance(hours=1)
    with at() as work:
        assert campaigns.start_due(work) == 1
    assert state(at, campaign_id) == "live"
    clock.advance(hours=23, minutes=59)
    with at() as work:
        assert campaigns.end_due(work) == 0
    clock.advance(minutes=1)
    with at() as work:
        assert campaigns.end_due(work) == 1
        assert campaigns.end_due(work) == 0
    assert state(at, campaign_id) == "ended"


def test_a_start_that_new_rules_forbid_does_not_happen(at: Any, clock: Any) -> None:
    starts = clock.now + timedelta(hours=1)
    period = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(days=1)).isoformat()}
    with at() as work:
        campaign_id = campaigns.create_campaign(
            work, new_id(), definition=plan(clock.now, period=period)
        )
        campaigns.publish_campaign(work, campaign_id)
        # The law changes between the announcement and the start: what was judged is no longer so.
        said = plan(clock.now, period=period, surfaces=["wechat_h5"])
        work.session.execute(
            text("update campaigns set definition = cast(:d as jsonb) where id = :id"),
            {"d": json.dumps(said), "id": campaign_id},
        )
    clock.advance(hours=2)
    with at() as work:
        assert campaigns.start_due(work) == 0
    with at() as work:
        assert campaigns.start_due(work) == 0
        view = campaigns.campaign_view(work, campaign_id)
    assert view.state == "published"
    assert view.verdict["severity"] == "block"


def test_pause_and_resume_say_why(at: Any, live: UUID) -> None:
    with at() as work:
        campaigns.pause_campaign(work, live, "奖品补货")
        assert campaigns.campaign_view(work, live).pause_reason == "奖品补货"
    assert refused(at, campaigns.pause_campaign, live, None).refusal.code == "step_not_possible"
    with at() as work:
        campaigns.resume_campaign(work, live)
        view = campaigns.campaign_view(work, live)
    assert (view.state, view.pause_reason) == ("live", None)


def test_settling_closes_quests_and_returns_what_is_left(
    at: Any, live: UUID, merchant: UUID
) -> None:
    with at() as work:
        person = people.register(work, "+8613800000001").person_id
        started = campaigns.start_quest(work, campaigns.StartRequest(live, person))
        friend = people.register(work, "+8613800000002").person_id
        code = started.share_code
        (view,) = campaigns.support(
            work, [campaigns.SupportRequest(started.quest_id, friend, code)]
        )
        assert isinstance(view, campaigns.SupportView)
        assert view.counted
    assert refused(at, campaigns.settle_campaign, live).refusal.code == "step_not_possible"
    with at() as work:
        campaigns.end_campaign(work, live, "提前结束")
    with at() as work:
        campaigns.settle_campaign(work, live)
        budget = budget_of(work, live)
    assert budget.spent_minor == 800
    assert budget.left_minor == 0
    assert rows(at, "select state from quests where campaign_id = :id", id=live) == [("won",)]
    with at() as work:
        source = ledger.account_id(merchant, "merchant:budget:CNY")
        assert ledger.balances(work, [source])[source] == -800
    assert refused(at, campaigns.end_campaign, live).refusal.code == "step_not_possible"


def test_open_quests_of_an_ended_campaign_are_closed_piece_by_piece(at: Any, live: UUID) -> None:
    with at() as work:
        for number in range(5):
            person = people.register(work, f"+861390000000{number}").person_id
            campaigns.start_quest(work, campaigns.StartRequest(live, person))
        campaigns.end_campaign(work, live)
    closed = []
    for _ in range(4):
        with at() as work:
            closed.append(campaigns.close_over(work, 2))
    assert closed == [2, 2, 1, 0]


def test_an_edit_needs_the_newest_version(at: Any, draft: UUID, clock: Any) -> None:
    with at() as work:
        campaigns.edit_campaign(work, draft, plan(clock.now, name="二"), 1)
    answer = refused(at, campaigns.edit_campaign, draft, plan(clock.now, name="三"), 1)
    assert answer.refusal.code == "version_conflict"
    with at() as work:
        assert campaigns.campaign_view(work, draft).definition["name"] == "二"


def test_a_running_campaign_may_be_made_better(at: Any, live: UUID, clock: Any) -> None:
    with at() as work:
        said = deepcopy(campaigns.campaign_view(work, live).definition)
        said["budget"]["total_minor"] = 2_000_000
        said["offers"][0]["quantity"] = 1500
        said["channels"].append("moments")
        said["page"]["title"]["zh"] = "再请一杯"
        campaigns.edit_campaign(work, live, said, 1)
        assert budget_of(work, live).total_minor == 2_000_000
        assert rewards.offers_left(work, live)["latte"] == 1500
        assert "moments" in {link.channel for link in links.links_of_campaign(work, live)}
    versions = rows(
        at, "select version from campaign_versions where campaign_id = :id order by 1", id=live
    )
    assert versions == [(1,), (2,)]


def test_a_running_campaign_may_not_be_made_worse(at: Any, live: UUID) -> None:
    with at() as work:
        said = deepcopy(campaigns.campaign_view(work, live).definition)
    said["play"]["settings"]["tiers"][0]["people"] = 2
    said["budget"]["total_minor"] = 1
    answer = refused(at, campaigns.edit_campaign, live, said, 1)
    assert answer.refusal.code == "edit_not_favourable"
    assert {harm["path"] for harm in told(answer, "problems")} == {
        "play.settings.tiers",
        "budget.total_minor",
    }


def test_only_drafts_can_be_thrown_away(at: Any, live: UUID, draft: UUID, clock: Any) -> None:
    other = new_id()
    with at() as work:
        campaigns.create_campaign(work, other, definition=plan(clock.now))
    with at() as work:
        campaigns.delete_draft(work, other)
    assert refused(at, campaigns.campaign_view, other).refusal.code == "campaign_not_found"
    assert refused(at, campaigns.delete_draft, live).refusal.code == "only_drafts"


def test_a_clone_is_a_draft_of_its_own(at: Any, live: UUID) -> None:
    with at() as work:
        clone = campaigns.clone_campaign(work, live, new_id())
        view = campaigns.campaign_view(work, clone)
    assert view.state == "draft"
    assert view.published_at is None
    assert view.definition["name"].startswith("请朋友喝拿铁")


def test_a_period_that_is_over_cannot_be_published(at: Any, draft: UUID, clock: Any) -> None:
    clock.advance(days=8)
    assert refused(at, campaigns.publish_campaign, draft).refusal.code == "period_over"


def test_another_workspace_does_not_see_it(at: Any, live: UUID, clock: Any) -> None:
    other = new_id()
    workspaces.create_workspace(other, slug=f"shop-{other.hex[:12]}", name="别家")
    for command in (
        campaigns.campaign_view,
        campaigns.publish_campaign,
        campaigns.end_campaign,
        campaigns.delete_draft,
        campaigns.must_exist,
    ):
        with pytest.raises(Refused) as caught, unit_of_work(other, SYSTEM, clock.now) as work:
            command(work, live)
        assert caught.value.refusal.code == "campaign_not_found"


def test_every_step_is_an_event_and_an_audit_row(at: Any, live: UUID) -> None:
    with at() as work:
        campaigns.pause_campaign(work, live, "停")
        campaigns.resume_campaign(work, live)
        campaigns.end_campaign(work, live)
        campaigns.settle_campaign(work, live)
    events = rows(
        at,
        "select name from events where campaign_id = :id and name like 'campaigns.%'"
        " order by position",
        id=live,
    )
    assert [name for (name,) in events] == [
        "campaigns.published",
        "campaigns.went_live",
        "campaigns.paused",
        "campaigns.resumed",
        "campaigns.ended",
        "campaigns.settled",
    ]
    audited = rows(
        at,
        "select action, actor from audit_entries where subject = :id and action like 'campaign.%'"
        " order by at, id",
        id=str(live),
    )
    assert {action for action, _ in audited} >= {
        "campaign.published",
        "campaign.live",
        "campaign.paused",
        "campaign.ended",
        "campaign.settled",
    }


def test_campaigns_are_listed_newest_first_in_pieces(at: Any, clock: Any) -> None:
    made = []
    for number in range(5):
        clock.advance(minutes=1)
        with at() as work:
            definition = plan(clock.now, name=f"第{number}个")
            made.append(campaigns.create_campaign(work, new_id(), definition=definition))
    with at() as work:
        first = campaigns.campaign_rows(work, most=3)
        rest = campaigns.campaign_rows(work, most=3, after=first[-1].id)
        found = campaigns.campaign_rows(work, text="第3")
    assert [row.id for row in first + rest] == list(reversed(made))
    assert [row.id for row in found] == [made[3]]
