"""Birthday invitations: once a year and campaign, to who agreed, by the merchant's own clock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from banyan import campaigns, messages, outreach, people
from banyan.campaigns import StartRequest
from banyan.kernel.work import SYSTEM, unit_of_work
from banyan.messages.outbox import deliver
from banyan.people import Birthday
from tests.outreach.noon import NEAR, NOON
from tests.stage import ASSIST, Stage
from tests.whole import assert_whole


def born(stage: Stage, month: int, day: int, *, agrees: bool = True) -> UUID:
    """Return somebody new who gave their birthday, and agrees to be written to."""
    (person,) = stage.people(1)
    with stage.work() as work:
        people.give_birthday(work, person, Birthday(month, day), "birthday-1")
        if agrees:
            people.agree_to_messages(work, person, "messages-1")
    return person


def sweep(stage: Stage, at: datetime | None = None) -> int:
    with unit_of_work(stage.workspace, SYSTEM, at or stage.now) as work:
        return outreach.invite_birthdays(work)[0]


def invited(stage: Stage, campaign: UUID) -> list[UUID]:
    with stage.work() as work:
        rows = work.driver.execute(
            "select person_id from invitations where campaign_id = %s order by invited_at",
            (campaign,),
        )
        return [row[0] for row in rows]


def outbox(stage: Stage) -> list[str]:
    with stage.work() as work:
        page = messages.outbox_page(work, before=None, most=100)
    return [message.text or "" for message in page if message.kind == "invitation"]


def test_it_is_sent_on_the_first_of_the_days_and_only_once(stage: Stage) -> None:
    campaign, person = stage.campaign(NEAR), born(stage, 2, 28)
    late = born(stage, 2, 29)
    assert sweep(stage, NOON - timedelta(days=1)) == 0
    assert sweep(stage) == 1
    assert sweep(stage) == sweep(stage, NOON + timedelta(hours=3)) == 0
    assert invited(stage, campaign) == [person]
    assert sweep(stage, NOON + timedelta(days=1)) == 1
    assert invited(stage, campaign) == [person, late]
    (text, _) = outbox(stage)
    code = stage.one("select code from outreach_links where campaign_id = %s", campaign)
    link = stage.one("select channel from links where code = %s", code)
    assert link == "sms"
    assert text.startswith("【山茶咖啡】")
    assert f"/s/{code} " in text
    assert "「请朋友喝拿铁」" in text
    assert "“A latte for a friend”" in text
    assert "拒收" in text
    assert_whole()


@pytest.mark.parametrize(
    ("year", "first"), [(2027, 21), (2028, 22)], ids=["an ordinary year", "a leap year"]
)
def test_the_29th_of_february_is_the_28th_in_other_years(
    stage: Stage, year: int, first: int
) -> None:
    stage.now = datetime(year, 2, first, 4, tzinfo=UTC)
    campaign, person = stage.campaign(NEAR), born(stage, 2, 29)
    assert sweep(stage, stage.now - timedelta(days=1)) == 0
    assert sweep(stage) == 1
    assert invited(stage, campaign) == [person]


def test_each_year_once_more(stage: Stage) -> None:
    period = {"ends_at": (NOON + timedelta(days=800)).isoformat()}
    campaign, person = stage.campaign(NEAR, period=period), born(stage, 1, 2)
    for year in (2029, 2030):
        # The days before begin in the old year; the occasion is the birthday's year.
        assert sweep(stage, datetime(year - 1, 12, 26, 4, tzinfo=UTC)) == 1
        assert sweep(stage, datetime(year, 1, 1, 4, tzinfo=UTC)) == 0
    assert invited(stage, campaign) == [person, person]


def test_the_day_and_the_hours_are_the_merchants(stage: Stage) -> None:
    campaign, person = stage.campaign(NEAR), born(stage, 2, 28)
    # 07:59 and 21:00 in Shanghai; at 16:30 of the 20th in London it is the 21st there, and night.
    for quiet in ((20, 16, 30), (20, 23, 59), (21, 13, 0), (21, 15, 59)):
        day, hour, minute = quiet
        assert sweep(stage, datetime(2028, 2, day, hour, minute, tzinfo=UTC)) == 0
    assert sweep(stage, datetime(2028, 2, 21, 0, 0, tzinfo=UTC)) == 1
    assert invited(stage, campaign) == [person]


def test_a_merchant_elsewhere_has_another_day(stage: Stage) -> None:
    stage.one(
        "update workspaces set timezone = 'America/New_York' where workspace_id = %s"
        " returning timezone",
        stage.workspace,
    )
    stage.campaign(NEAR)
    born(stage, 2, 28)
    # The 21st in Shanghai, and still the 20th in New York, where it is eight in the evening.
    assert sweep(stage, datetime(2028, 2, 21, 1, tzinfo=UTC)) == 0
    assert sweep(stage, datetime(2028, 2, 21, 12, tzinfo=UTC)) == 0, "seven in the morning there"
    assert sweep(stage, datetime(2028, 2, 21, 13, tzinfo=UTC)) == 1


def test_who_does_not_agree_gets_none(stage: Stage) -> None:
    campaign = stage.campaign(NEAR)
    never, took_back, gone = (born(stage, 2, 28, agrees=each != 0) for each in range(3))
    with stage.work() as work:
        people.stop_messages(work, took_back)
        people.forget(work, gone)
    assert sweep(stage) == 0
    with stage.work() as work:
        people.agree_to_messages(work, never, "messages-1")
    assert sweep(stage) == 1
    assert invited(stage, campaign) == [never]


def test_what_was_not_sent_yet_is_stopped_with_the_agreement(stage: Stage) -> None:
    stage.campaign(NEAR)
    person = born(stage, 2, 28)
    assert sweep(stage) == 1
    message = stage.one("select id from outbox_messages where person_id = %s", person)
    with stage.work() as work:
        people.stop_messages(work, person)
        deliver(work, message_id=str(message))
    assert stage.one("select state from outbox_messages where id = %s", message) == "stopped"


def test_two_workers_at_once_send_one(stage: Stage) -> None:
    campaign = stage.campaign(NEAR)
    everybody = {born(stage, 2, 28) for _ in range(5)}
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(sweep, [stage] * 8))
    assert sum(made) == 5
    assert sorted(invited(stage, campaign)) == sorted(everybody)
    assert len(outbox(stage)) == 5
    assert stage.one("select count(*) from outreach_links where campaign_id = %s", campaign) == 1
    assert stage.one("select count(*) from links where campaign_id = %s", campaign) == 2


@pytest.mark.parametrize("step", ["pause", "end"])
def test_a_campaign_that_does_not_run_invites_nobody(stage: Stage, step: str) -> None:
    campaign = stage.campaign(NEAR)
    stage.campaign(ASSIST)
    born(stage, 2, 28)
    with stage.work() as work:
        if step == "pause":
            campaigns.pause_campaign(work, campaign, "a rest")
        else:
            campaigns.end_campaign(work, campaign)
    assert sweep(stage) == 0
    if step == "pause":
        with stage.work() as work:
            campaigns.resume_campaign(work, campaign)
        assert sweep(stage) == 1


def test_who_has_begun_already_is_not_invited(stage: Stage) -> None:
    campaign, person = stage.campaign(NEAR), born(stage, 2, 28)
    with stage.work() as work:
        campaigns.start_quests(work, [StartRequest(campaign, person, "web")])
    assert sweep(stage) == 0


def test_nobody_is_written_to_twice_a_day_nor_five_times_a_month(stage: Stage) -> None:
    stage.now = datetime(2028, 2, 22, 4, tzinfo=UTC)
    wide = NEAR | {"settings": NEAR["settings"] | {"birthday_days": 20}}
    some = [stage.campaign(wide) for _ in range(6)]
    person = born(stage, 3, 12)
    made = [sweep(stage, stage.now + timedelta(days=day)) for day in range(8)]
    # Four in February, and then the two that are left in March, one a day.
    assert made == [1, 1, 1, 1, 0, 0, 0, 0]
    made = [sweep(stage, datetime(2028, 3, day, 4, tzinfo=UTC)) for day in (1, 1, 2, 3)]
    assert made == [1, 0, 1, 0]
    assert sorted(each for campaign in some for each in invited(stage, campaign)) == [person] * 6
