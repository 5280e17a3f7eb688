"""The scenes of the bench: what it publishes passes the judge and is played as it measures it."""

import pytest

from banyan import campaigns
from banyan.app.bench import field, packets, teams
from banyan.campaigns import GrabRequest, SupportRequest
from banyan.kernel.errors import Refused
from banyan.kernel.work import SYSTEM, unit_of_work
from tests.whole import assert_whole

pytestmark = pytest.mark.usefixtures("database")


def test_a_support_is_rewarded_on_both_sides() -> None:
    workspace_id = field.make_workspace()
    made = field.make_campaigns(workspace_id, 2)
    quests = field.start_quests(workspace_id, made, 2)
    people = field.make_people(workspace_id, len(quests))
    with unit_of_work(workspace_id, SYSTEM) as work:
        asked = [
            SupportRequest(quest.quest_id, who) for quest, who in zip(quests, people, strict=True)
        ]
        answers = campaigns.support(work, asked)
    assert not any(isinstance(answer, Refused) for answer in answers)
    with unit_of_work(workspace_id, SYSTEM) as work:
        granted = work.driver.execute("select count(*) from grants").fetchone()
    assert granted == (2 * len(quests),)
    assert_whole()


def test_a_packet_is_grabbed() -> None:
    workspace_id = field.make_workspace()
    campaign_id, _ = packets.publish(workspace_id, 100)
    people = field.make_people(workspace_id, 3)
    with unit_of_work(workspace_id, SYSTEM) as work:
        answers = campaigns.grab(work, [GrabRequest(campaign_id, who) for who in people])
    assert all(not isinstance(answer, Refused) and answer.counted for answer in answers)
    assert_whole()


def test_a_team_can_be_joined() -> None:
    workspace_id = teams.make_sandbox()
    campaign_id = teams.make_campaign(workspace_id, teams.make_product(workspace_id))
    buyers = teams.in_teams(workspace_id, campaign_id, 4)
    assert len({buyer.person_id for buyer in buyers}) == 4
    assert all(buyer.quest_id for buyer in buyers)
    assert_whole()
