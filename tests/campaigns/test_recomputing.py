"""Every play leaves facts from which its quests and grants follow again, bit for bit."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from banyan import campaigns
from banyan.app.recomputing import driver_of, said
from banyan.campaigns import Recount
from banyan.kernel.postgres import Urls
from banyan.kernel.work import current_database
from banyan.plays import PLAYS
from banyan.templates import Template, templates
from tests.planting import Fault
from tests.stage import ASSIST, Stage, offer
from tests.templates.crowd import Crowd

pytestmark = pytest.mark.usefixtures("database")

TEMPLATES: dict[str, Template] = {}
for _template in templates().values():
    TEMPLATES.setdefault(_template.play, _template)


def walk(driver: psycopg.Connection[Any], campaign: UUID, most: int | None = None) -> Recount:
    """Recompute a campaign to its end."""
    (*_, count) = campaigns.recompute(driver, campaign_id=campaign, most=most)
    return count


def recomputed(campaign: UUID, most: int | None = None) -> Recount:
    with current_database().relay.connect() as connection:
        return walk(driver_of(connection), campaign, most)


def found_after(urls: Urls, campaign: UUID, *faults: Fault) -> Recount:
    """Recompute after `faults` were written past every guard, and roll them back."""
    with psycopg.connect(urls.superuser) as connection:
        connection.execute("set local session_replication_role = replica")
        for fault in faults:
            statement, params = fault if isinstance(fault, tuple) else (fault, ())
            assert connection.execute(statement, params or None).rowcount != 0, statement
        count = walk(connection, campaign)
        connection.rollback()
    return count


def test_a_template_of_every_play_is_here() -> None:
    assert set(TEMPLATES) >= {key for key in PLAYS if ":" not in key}
    assert len(TEMPLATES) == 15


@pytest.mark.parametrize("play", sorted(TEMPLATES))
def test_every_play_recomputes_bit_for_bit(play: str) -> None:
    crowd = Crowd(TEMPLATES[play])
    crowd.play()
    crowd.settle()
    first = recomputed(crowd.id)
    assert first.differences == []
    quests = crowd.one("select count(*) from quests where campaign_id = %s", crowd.id)
    facts = "select count(*) from quest_facts join quests q on q.id = quest_id"
    assert first.quests == quests > 0
    assert first.facts == crowd.one(f"{facts} where q.campaign_id = %s", crowd.id) >= quests
    grants = "select count(*) from grants where campaign_id = %s and rule <> 'packet'"
    assert first.grants == crowd.one(grants, crowd.id)
    # Asked three times, it says the same and has changed nothing.
    assert [recomputed(crowd.id) for _ in range(2)] == [first, first]


class Assisted(Stage):
    """A merchant with one quest that three friends have finished."""

    def __init__(self) -> None:
        super().__init__()
        self.id = self.campaign(ASSIST)
        self.owner, *self.friends = self.people(4)
        (self.quest,) = self.quests(self.id, [self.owner])
        self.support(*((self.quest, friend) for friend in self.friends))


def whats(count: Recount) -> str:
    return " | ".join(each.what for each in count.differences)


def test_a_fact_is_kept_as_it_was_told() -> None:
    stage = Assisted()
    told = stage.one(
        "select string_agg(nth || (fact ->> 'type'), ',' order by nth) from quest_facts"
        " where quest_id = %s",
        stage.quest,
    )
    assert told == "1started,2supported,3supported,4supported"
    last = "select fact ->> 'by' from quest_facts where quest_id = %s and nth = 4"
    assert stage.one(last, stage.quest) == str(stage.friends[-1])
    assert stage.one("select facts from quests where id = %s", stage.quest) == 4
    # Somebody who comes too late is refused: nothing follows from that, nothing is kept.
    (late,) = stage.people(1)
    stage.support((stage.quest, late))
    assert stage.one("select facts from quests where id = %s", stage.quest) == 4
    count = recomputed(stage.id)
    assert (count.quests, count.facts, count.grants, count.differences) == (1, 4, 4, [])


def test_facts_cannot_be_changed(urls: Urls) -> None:
    stage = Assisted()
    for statement in (
        "update quest_facts set nth = 9 where quest_id = %s",
        "delete from quest_facts where quest_id = %s",
    ):
        with psycopg.connect(urls.superuser) as connection, pytest.raises(psycopg.Error):
            connection.execute(statement, (stage.quest,))


def test_what_somebody_changed_is_found_and_named(urls: Urls) -> None:
    stage = Assisted()
    unlock = (stage.id,)

    dearer = found_after(
        urls,
        stage.id,
        (
            (
                "update grants set value_minor = value_minor + 1 where rule = 'unlock'"
                " and campaign_id = %s"
            ),
            unlock,
        ),
    )
    assert "(unlock): value_minor" in whats(dearer)

    gone = found_after(
        urls, stage.id, ("delete from grants where rule = 'unlock' and campaign_id = %s", unlock)
    )
    assert "grant (unlock)" in whats(gone)

    more = """
    insert into grants select (jsonb_populate_record(g, jsonb_build_object(
      'id', gen_random_uuid(), 'cause', %s::text, 'slot', null, 'code', null))).* from grants g
    where rule = 'unlock' and campaign_id = %s
    """
    stray = found_after(urls, stage.id, (more, (str(stage.friends[0]), stage.id)))
    assert [(each.what, each.quest_id) for each in stray.differences] == [("grants", None)]

    again = more.replace("'slot', null", "'slot', null, 'rule', 'bonus'")
    unasked = found_after(urls, stage.id, (again, (str(stage.quest), stage.id)))
    assert "(bonus): granted_at" in whats(unasked)

    for nth in (1, 2, 4):
        lost = found_after(
            urls,
            stage.id,
            ("delete from quest_facts where quest_id = %s and nth = %s", (stage.quest, nth)),
        )
        assert whats(lost).startswith("facts")

    # A fact told by another person: the numbers are the same, whom it is due to is not.
    other = found_after(
        urls,
        stage.id,
        (
            (
                "update quest_facts set fact = jsonb_set(fact::jsonb, '{by}', to_jsonb(%s::text))"
                " where quest_id = %s and nth = 3"
            ),
            (str(stage.owner), stage.quest),
        ),
    )
    assert "progress" in whats(other)

    edited = found_after(
        urls,
        stage.id,
        (
            "update quests set progress = (progress::text || ' ')::json where id = %s",
            (stage.quest,),
        ),
    )
    assert whats(edited) == "progress"

    reopened = found_after(
        urls,
        stage.id,
        ("update quests set state = 'open', decided_at = null where id = %s", (stage.quest,)),
    )
    assert whats(reopened) == "state | decided_at"

    taken = found_after(
        urls,
        stage.id,
        (
            (
                "update grants set state = 'clawed_back', reversed_at = granted_at,"
                " reversed_minor = cost_minor, reverse_reason = 'withdrawn'"
                " where rule = 'unlock' and campaign_id = %s"
            ),
            unlock,
        ),
    )
    assert "(unlock): taken back" in whats(taken)
    assert any(str(stage.quest) in line for line in said(taken))
    assert recomputed(stage.id).differences == []


def test_a_quest_from_before_facts_were_kept_is_counted_in_words(urls: Urls) -> None:
    stage = Assisted()
    (other,) = stage.people(1)
    stage.quests(stage.id, [other])
    count = found_after(
        urls,
        stage.id,
        ("delete from quest_facts where quest_id = %s", (stage.quest,)),
        ("update quests set facts = 0 where id = %s", (stage.quest,)),
    )
    assert (count.quests, count.before, count.differences) == (1, 1, [])
    assert any("passed over 1 quests" in line for line in said(count))


def test_what_a_cap_refused_is_no_difference(urls: Urls) -> None:
    """A person has had all they may have: their fact counts, the reward was refused, and said so."""
    stage = Stage()
    play: dict[str, Any] = ASSIST
    settings = play["settings"] | {"helpers_needed": 1, "quests_per_person": 2}
    capped: list[dict[str, Any]] = [
        each | ({"per_person": 1} if each["key"] == "latte" else {}) for each in _offers()
    ]
    campaign = stage.campaign({"key": "assist", "settings": settings}, offers=capped)
    owner, *friends = stage.people(3)
    for friend in friends:
        with stage.work() as work:
            begun = campaigns.start_quest(
                work, campaigns.StartRequest(campaign, owner, "web", another=True)
            )
        stage.support((begun.quest_id, friend))
    assert stage.one("select count(*) from grants where rule = 'unlock'") == 1
    assert recomputed(campaign).differences == []
    silent = found_after(
        urls,
        campaign,
        ("delete from events where name = 'rewards.refused' and campaign_id = %s", (campaign,)),
    )
    assert "grant (unlock)" in whats(silent)


def _offers() -> list[dict[str, Any]]:
    return [offer("latte", 500), offer("half", 300)]


def test_the_newest_quests_are_recomputed_by_the_ordinary_check(urls: Urls) -> None:
    stage = Assisted()
    with psycopg.connect(urls.superuser) as connection:
        connection.execute("set local session_replication_role = replica")
        assert not [
            each
            for each in campaigns.recompute_latest(connection).differences
            if each.workspace_id == stage.workspace
        ]
        connection.execute("update quests set have = 0 where id = %s", (stage.quest,))
        found = campaigns.recompute_latest(connection).differences
        connection.rollback()
    assert [each.what for each in found if each.quest_id == stage.quest] == ["have"]


def test_a_walk_stops_at_the_most_it_may(urls: Urls) -> None:
    stage = Stage()
    campaign = stage.campaign(ASSIST)
    stage.quests(campaign, stage.people(3))
    assert recomputed(campaign, 2).quests == 2
    assert recomputed(campaign).quests == 3


def test_the_command_names_what_differs_and_exits_with_one(urls: Urls, home: Path) -> None:
    stage = Assisted()
    command = [sys.executable, "-c", "from banyan.app.cli import main; main()"]
    command += ["verify", "--recompute", "--campaign", str(stage.id)]
    given = os.environ | {
        "BANYAN_HOME": str(home),
        "BANYAN_DATABASE_URL": urls.app,
        "BANYAN_RELAY_DATABASE_URL": urls.relay,
    }

    def verify(*more: str) -> tuple[int, str]:
        done = subprocess.run(
            [*command, *more], env=given, capture_output=True, text=True, check=False, timeout=60
        )
        return done.returncode, done.stdout + done.stderr

    code, said_first = verify()
    assert (code, "recomputed 1 quests, 4 facts, 4 grants" in said_first) == (0, True), said_first
    change = "update quests set have = have - %s where id = %s"
    with psycopg.connect(urls.superuser, autocommit=True) as by_hand:
        by_hand.execute(change, (1, stage.quest))
        try:
            code, said_then = verify("--most", "5")
        finally:
            by_hand.execute(change, (-1, stage.quest))
    assert code == 1
    assert f"quest {stage.quest}: have: stands 2, recomputed 3" in said_then, said_then
