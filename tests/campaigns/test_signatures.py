"""What the rules want reviewed runs only when somebody else signed for it, by name and for a time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from banyan import campaigns
from banyan.app.today import edits_waiting
from banyan.campaigns import Signing, asked_edits
from banyan.campaigns.edit_views import EditView
from banyan.campaigns.queries import edit_view
from banyan.campaigns.signature_views import SignOff
from banyan.campaigns.views import CampaignView
from banyan.kernel.errors import Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import SYSTEM, Actor, unit_of_work
from tests.stage import REFERRAL, Stage, answered, offer
from tests.whole import assert_whole

SAID = Signing("法务 2026-11 号意见：小程序内按平台口径运行", 30)
ALONE = SAID._replace(is_alone=True)


class Shop(Stage):
    """A merchant whose campaign the rules want reviewed: inviting is rewarded in a mini program."""

    def __init__(self, *others: str) -> None:
        super().__init__()
        self.asker = self.member("operator", "阿明")
        self.others = [self.member(role, f"同事{nth}") for nth, role in enumerate(others)]

    def draft(self, **changes: Any) -> UUID:
        definition = {
            "name": "请朋友喝拿铁",
            "period": {"ends_at": (self.now + timedelta(days=60)).isoformat()},
            "budget": {"total_minor": 1_000_000},
            "play": REFERRAL,
            "offers": [offer("latte", 500), offer("half", 300)],
            "surfaces": ["mini_program"],
            "page": {
                "title": {"zh": "请朋友喝拿铁", "en": "A latte for a friend"},
                "blocks": [{"kind": "hero"}, {"kind": "action"}, {"kind": "rules"}],
            },
            "host": {"name": "山茶咖啡", "contact": "021-6000 0000"},
        } | changes
        campaign_id = new_id()
        with self.work() as work:
            campaigns.create_campaign(work, campaign_id, definition=answered(definition))
        return campaign_id

    def sign(self, who: Actor, campaign: UUID, said: Signing = SAID, data: Any = None) -> None:
        with unit_of_work(self.workspace, who, self.now) as work:
            campaigns.sign_review(work, campaign, said, data)

    def publish_as(self, who: Actor, campaign: UUID) -> str:
        """Return `live`, or the code of the refusal."""
        try:
            with unit_of_work(self.workspace, who, self.now) as work:
                campaigns.publish_campaign(work, campaign)
        except Refused as refused:
            return refused.refusal.code
        return self.view(campaign).state

    def view(self, campaign: UUID, who: Actor = SYSTEM) -> CampaignView:
        with unit_of_work(self.workspace, who, self.now) as work:
            return campaigns.campaign_view(work, campaign)

    def sign_off(self, campaign: UUID, who: Actor | None = None) -> SignOff:
        return self.view(campaign, who or self.asker).sign_off


def code(caught: pytest.ExceptionInfo[Refused]) -> str:
    return caught.value.refusal.code


def test_a_review_does_not_publish_by_itself_and_a_signed_one_does(database: object) -> None:
    shop = Shop("owner", "finance", "viewer")
    campaign, (boss, *_) = shop.draft(), shop.others
    told = shop.sign_off(campaign)
    assert (told.is_needed, told.is_signed, told.may_publish) == (True, False, False)
    # Only who may publish may sign; the one who asks is not among them.
    assert (told.rules, told.signers) == (["WX-02"], ["同事0"])
    assert shop.publish_as(shop.asker, campaign) == "review_unsigned"
    assert shop.publish_as(SYSTEM, campaign) == "review_unsigned"
    shop.sign(boss, campaign)
    assert shop.publish_as(boss, campaign) == "review_own"
    assert not shop.sign_off(campaign, boss).may_publish
    assert shop.sign_off(campaign).may_publish
    assert shop.publish_as(shop.asker, campaign) == "live"
    (kept,) = shop.sign_off(campaign).signatures
    assert (kept.by, kept.reason, kept.rules, kept.is_alone, kept.holds) == (
        *("同事0", SAID.reason, ["WX-02"], False, True),
    )
    assert kept.expires_at - kept.signed_at == timedelta(days=30)
    audit = shop.one("select detail from audit_entries where action = 'campaign.review_signed'")
    assert (audit["rules"], audit["reason"], audit["alone"]) == (["WX-02"], SAID.reason, False)
    assert_whole()


def test_who_is_alone_signs_and_says_so_until_there_is_somebody_else(database: object) -> None:
    shop = Shop("viewer")
    campaign = shop.draft()
    with pytest.raises(Refused) as caught:
        shop.sign(shop.asker, campaign)
    assert code(caught) == "sign_alone"
    shop.sign(shop.asker, campaign, ALONE)
    (kept,) = shop.sign_off(campaign).signatures
    assert kept.is_alone
    assert shop.sign_off(campaign).may_publish
    another = shop.member("owner", "掌柜")
    assert shop.publish_as(shop.asker, campaign) == "review_own"
    shop.sign(another, campaign, ALONE)
    # It is not alone only because somebody said so.
    assert [one.is_alone for one in shop.sign_off(campaign).signatures] == [False, True]
    assert shop.publish_as(shop.asker, campaign) == "live"


def test_a_changed_definition_needs_a_new_signature(database: object) -> None:
    shop = Shop("owner")
    campaign, (boss,) = shop.draft(), shop.others
    shop.sign(boss, campaign)
    before = shop.view(campaign)
    said = before.definition | {"budget": before.definition["budget"] | {"total_minor": 2_000_000}}
    with unit_of_work(shop.workspace, shop.asker, shop.now) as work:
        campaigns.edit_campaign(work, campaign, said, before.version)
    assert shop.publish_as(shop.asker, campaign) == "review_unsigned"
    assert [one.holds for one in shop.sign_off(campaign).signatures] == [False]
    shop.sign(boss, campaign)
    assert shop.publish_as(shop.asker, campaign) == "live"


def test_a_copy_is_signed_for_anew(database: object) -> None:
    shop = Shop("owner")
    campaign, (boss,) = shop.draft(), shop.others
    shop.sign(boss, campaign)
    clone = new_id()
    with shop.work() as work:
        campaigns.clone_campaign(work, campaign, clone)
        clone_said = campaigns.campaign_view(work, clone)
        answers = answered(clone_said.definition)
        campaigns.edit_campaign(work, clone, answers, clone_said.version)
    assert shop.publish_as(shop.asker, clone) == "review_unsigned"


def test_an_edit_of_what_runs_is_signed_for_before_it_is_saved(database: object) -> None:
    shop = Shop("owner")
    campaign, (boss,) = shop.draft(), shop.others
    shop.sign(boss, campaign)
    assert shop.publish_as(shop.asker, campaign) == "live"
    before = shop.view(campaign)
    said = before.definition | {"budget": before.definition["budget"] | {"total_minor": 2_000_000}}

    def save(who: Actor) -> None:
        with unit_of_work(shop.workspace, who, shop.now) as work:
            campaigns.edit_campaign(work, campaign, said, before.version)

    for who, why in ((shop.asker, "review_unsigned"), (boss, "review_unsigned")):
        with pytest.raises(Refused) as caught:
            save(who)
        assert code(caught) == why
    shop.sign(boss, campaign, SAID, said)
    with pytest.raises(Refused) as caught:
        save(boss)
    assert code(caught) == "review_own"
    save(shop.asker)
    assert shop.view(campaign).version == before.version + 1
    assert_whole()


def test_a_signature_ends_and_the_campaign_stops_until_it_is_signed_again(
    database: object,
) -> None:
    shop = Shop("owner")
    campaign, (boss,) = shop.draft(), shop.others
    shop.sign(boss, campaign)
    shop.now += timedelta(days=31)
    assert shop.publish_as(shop.asker, campaign) == "review_unsigned"
    shop.sign(boss, campaign, SAID._replace(days=5))
    assert shop.publish_as(shop.asker, campaign) == "live"
    shop.now += timedelta(days=4)
    with shop.work() as work:
        campaigns.judge_again(work)
    assert shop.view(campaign).state == "live"
    shop.now += timedelta(days=1)
    with shop.work() as work:
        assert campaigns.judge_again(work) == 1
    stopped = shop.view(campaign)
    assert stopped.state == "paused"
    assert "签字已到期" in (stopped.pause_reason or "")
    with pytest.raises(Refused) as caught, shop.work() as work:
        campaigns.resume_campaign(work, campaign)
    assert code(caught) == "review_unsigned"
    shop.sign(boss, campaign)
    with shop.work() as work:
        campaigns.resume_campaign(work, campaign)
    assert shop.view(campaign).state == "live"
    assert_whole()


def test_what_begins_later_does_not_begin_on_a_signature_that_ended(database: object) -> None:
    shop = Shop("owner")
    (boss,) = shop.others
    begins = shop.now + timedelta(days=10)
    period = {
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(days=30)).isoformat(),
    }
    campaign = shop.draft(period=period)
    shop.sign(boss, campaign, SAID._replace(days=7))
    assert shop.publish_as(shop.asker, campaign) == "published"
    shop.now = begins + timedelta(minutes=1)
    with shop.work() as work:
        assert campaigns.start_due(work) == 0
    shop.sign(boss, campaign)
    with shop.work() as work:
        assert campaigns.start_due(work) == 1
    assert shop.view(campaign).state == "live"


def test_a_key_signs_nothing_and_there_has_to_be_something_to_sign(database: object) -> None:
    shop = Shop("owner")
    (boss,) = shop.others
    for who in (SYSTEM, Actor("key", new_id())):
        with pytest.raises(Refused) as caught:
            shop.sign(who, shop.draft())
        assert code(caught) == "member_needed"
    with pytest.raises(Refused) as caught:
        shop.sign(boss, shop.draft(surfaces=["own_web"]))
    assert code(caught) == "nothing_to_sign"
    with pytest.raises(Refused) as caught:
        shop.sign(boss, shop.draft(surfaces=["wechat_h5"]))
    assert code(caught) == "blocked_by_rules"


def test_a_signature_is_never_changed(database: object) -> None:
    shop = Shop("owner")
    campaign, (boss,) = shop.draft(), shop.others
    shop.sign(boss, campaign)
    for change in ("expires_at = expires_at + interval '9 days'", "reason = 'x'"):
        with pytest.raises(psycopg.Error), shop.work() as work:
            work.driver.execute(f"update review_signatures set {change}")
    with pytest.raises(psycopg.Error), shop.work() as work:
        work.driver.execute("delete from review_signatures")


def test_answers_are_shown_with_who_gave_them(database: object) -> None:
    shop = Shop()
    definition = answered(shop.view(shop.draft()).definition)
    definition["attestations"] = []
    made = answered(definition)
    campaign = new_id()
    with unit_of_work(shop.workspace, shop.asker, shop.now) as work:
        campaigns.create_campaign(work, campaign, definition=made)
    told = shop.sign_off(campaign).answers
    assert {one.by for one in told} == {"阿明"}
    assert ("LAW-59", True) in {(one.rule_id, one.holds) for one in told}
    assert all(one.zh and one.en and one.at for one in told)


def test_an_edit_waits_for_a_review_until_it_is_saved(database: object) -> None:
    shop = Shop("owner")
    campaign, (boss,) = shop.draft(), shop.others
    shop.sign(boss, campaign)
    assert shop.publish_as(shop.asker, campaign) == "live"
    before = shop.view(campaign)
    assert before.asked_edit is None
    said = before.definition | {"budget": before.definition["budget"] | {"total_minor": 2_000_000}}

    def ask(who: Actor, data: Any, version: int = before.version) -> str:
        try:
            with unit_of_work(shop.workspace, who, shop.now) as work:
                asked_edits.ask_review(work, campaign, data, version)
        except Refused as refused:
            return refused.refusal.code
        return "asked"

    def stands(who: Actor, data: Any) -> EditView:
        with unit_of_work(shop.workspace, who, shop.now) as work:
            return edit_view(work, campaign, data, "zh")

    assert ask(shop.asker, said, before.version - 1) == "version_conflict"
    assert ask(shop.asker, before.definition) == "nothing_changed"
    less = before.definition | {"budget": before.definition["budget"] | {"total_minor": 999_999}}
    assert ask(shop.asker, less) == "edit_not_favourable"
    assert [(one.path, bool(one.zh)) for one in stands(shop.asker, less).harms] == [
        ("budget.total_minor", True)
    ]
    with pytest.raises(Refused) as caught:
        shop.sign(boss, campaign, SAID, less)
    assert code(caught) == "edit_not_favourable"

    assert ask(shop.asker, said) == "asked"
    for who, is_mine in ((shop.asker, True), (boss, False)):
        waits = shop.view(campaign, who).asked_edit
        assert waits is not None
        assert (waits.by, waits.is_mine) == ("阿明", is_mine)
        assert waits.changes == [{"path": "budget", "value": said["budget"]}]
    # Nothing of it runs.
    assert shop.view(campaign).definition == before.definition
    found = stands(shop.asker, said)
    assert (found.harms, found.problems) == ([], [])
    assert found.sign_off is not None
    assert (found.sign_off.is_needed, found.sign_off.is_signed) == (True, False)

    with unit_of_work(shop.workspace, shop.asker, shop.now) as work:
        asked_edits.withdraw_edit(work, campaign)
    assert shop.view(campaign).asked_edit is None
    assert ask(shop.asker, said) == "asked"
    shop.sign(boss, campaign, SAID, said)
    for who, may in ((shop.asker, True), (boss, False)):
        told = stands(who, said).sign_off
        assert told is not None
        assert (told.is_signed, told.may_publish) == (True, may)
    with unit_of_work(shop.workspace, shop.asker, shop.now) as work:
        campaigns.edit_campaign(work, campaign, said, before.version)
    assert shop.view(campaign).asked_edit is None
    assert shop.view(campaign).definition["budget"]["total_minor"] == 2_000_000
    assert ask(shop.asker, said) == "version_conflict"
    assert_whole()


def test_who_has_not_seen_an_edit_that_waits_does_not_take_its_place(database: object) -> None:
    shop = Shop("owner")
    campaign, (boss,) = shop.draft(), shop.others
    shop.sign(boss, campaign)
    shop.publish_as(shop.asker, campaign)
    runs = shop.view(campaign)
    said = runs.definition | {"budget": runs.definition["budget"] | {"total_minor": 2_000_000}}
    with unit_of_work(shop.workspace, shop.asker, shop.now) as work:
        asked_edits.must_begin_with(work, campaign, None)
        asked_edits.ask_review(work, campaign, said, runs.version)
    waits = shop.view(campaign).asked_edit
    assert waits is not None
    with unit_of_work(shop.workspace, boss, shop.now) as work:
        asked_edits.must_begin_with(work, campaign, waits.at)
        for other in (None, waits.at - timedelta(seconds=1)):
            with pytest.raises(Refused) as caught:
                asked_edits.must_begin_with(work, campaign, other)
            assert code(caught) == "version_conflict"
        asked_edits.withdraw_edit(work, campaign)
        asked_edits.must_begin_with(work, campaign, None)


def test_only_what_runs_and_wants_a_review_is_asked_for(database: object) -> None:
    shop = Shop("owner")
    draft = shop.draft()
    with pytest.raises(Refused) as caught, shop.work() as work:
        asked_edits.ask_review(work, draft, shop.view(draft).definition, 1)
    assert code(caught) == "step_not_possible"
    plain = shop.draft(surfaces=["own_web"])
    assert shop.publish_as(shop.asker, plain) == "live"
    runs = shop.view(plain)
    said = runs.definition | {"name": "请朋友喝拿铁，第二周"}
    with pytest.raises(Refused) as caught, shop.work() as work:
        asked_edits.ask_review(work, plain, said, runs.version)
    assert code(caught) == "edit_needs_nobody"


def test_the_first_page_says_what_others_ask_for(database: object) -> None:
    shop = Shop("owner")
    (boss,) = shop.others
    drafts = [shop.draft(name=f"第 {nth} 场") for nth in range(3)]
    for draft in drafts:
        shop.sign(boss, draft)
        assert shop.publish_as(shop.asker, draft) == "live"
    asked, withdrawn, _ = drafts
    for campaign in (asked, withdrawn):
        runs = shop.view(campaign)
        said = runs.definition | {"name": "请朋友喝拿铁，第二周"}
        with unit_of_work(shop.workspace, shop.asker, shop.now) as work:
            asked_edits.ask_review(work, campaign, said, runs.version)
    with shop.work() as work:
        asked_edits.withdraw_edit(work, withdrawn)
    with unit_of_work(shop.workspace, boss, shop.now) as work:
        waiting = edits_waiting(campaigns.edits_asked_for(work))
    assert [(one.title.zh, one.path) for one in waiting] == [
        ("阿明请您复核一处改动", f"/campaigns/{asked}/change")
    ]
    # Who asks knows.
    with unit_of_work(shop.workspace, shop.asker, shop.now) as work:
        assert edits_waiting(campaigns.edits_asked_for(work)) == []
