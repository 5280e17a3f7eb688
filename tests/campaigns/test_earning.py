"""Every grant names what earned it: the record, and the quest's fact that asked for it."""

from typing import LiteralString
from uuid import UUID

import psycopg
import pytest

from banyan.kernel.postgres import Urls
from banyan.plays import PLAYS
from tests.campaigns.test_recomputing import TEMPLATES, Assisted, found_after, whats
from tests.planting import found_by
from tests.templates.crowd import Crowd
from tests.whole import assert_whole

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("play", sorted(key for key in PLAYS if ":" not in key))
def test_every_grant_of_every_play_names_what_earned_it(play: str) -> None:
    crowd = Crowd(TEMPLATES[play])
    crowd.play()
    crowd.settle()
    of_packets = "select count(*) from grants where campaign_id = %s and rule = 'packet'"
    everything = "select count(*) from grants where campaign_id = %s"
    named = """
        select count(*) from grants g
        join quests q on q.id = g.quest_id and q.campaign_id = g.campaign_id
        join quest_facts f on f.quest_id = g.quest_id and f.nth = g.fact_nth
        where g.campaign_id = %s and g.evidence is not null and f.told_at = g.granted_at
    """
    by_facts = crowd.one(named, crowd.id)
    assert by_facts + crowd.one(of_packets, crowd.id) == crowd.one(everything, crowd.id)
    assert_whole()


def test_the_last_helps_fact_and_record_are_those_of_what_they_unlock() -> None:
    stage = Assisted()
    last = stage.one("select id from supports where supporter_id = %s", stage.friends[-1])
    unlock = "select array[evidence::text, quest_id::text, fact_nth::text] from grants where rule = 'unlock'"
    where = f"{unlock} and campaign_id = %s"
    assert stage.one(where, stage.id) == [str(last), str(stage.quest), "4"]


def test_a_grant_with_other_evidence_or_another_fact_is_found(urls: Urls) -> None:
    stage = Assisted()
    other = Assisted()
    helped: UUID = other.one("select id from supports where quest_id = %s limit 1", other.quest)
    mine = (stage.id,)
    cases: tuple[tuple[str, LiteralString, tuple[object, ...]], ...] = (
        ("I-G3", "evidence = %s", (helped,)),
        ("I-G3", "evidence = gen_random_uuid()", ()),
        ("I-G3a", "fact_nth = 99", ()),
        ("I-G3a", "quest_id = %s, fact_nth = 4", (other.quest,)),
        ("I-G3a", "rule_version = 7", ()),
        ("I-G3c", "quest_id = null, fact_nth = null", ()),
    )
    for invariant, change, values in cases:
        fault = f"update grants set {change} where rule = 'unlock' and campaign_id = %s"
        (row,) = found_by(urls, invariant, (fault, (*values, *mine)))
        assert row["workspace_id"] == stage.workspace

    moved = found_after(
        urls,
        stage.id,
        ("update grants set fact_nth = 3 where rule = 'unlock' and campaign_id = %s", mine),
    )
    assert "(unlock): fact_nth" in whats(moved)


def test_evidence_must_be_there_and_stays_as_it_is(urls: Urls) -> None:
    stage = Assisted()
    for change in ("evidence = null", "fact_nth = null", "evidence = gen_random_uuid()"):
        statement = f"update grants set {change} where campaign_id = %s"
        with psycopg.connect(urls.superuser) as connection, pytest.raises(psycopg.Error):
            connection.execute(statement.encode(), (stage.id,))
    with psycopg.connect(urls.superuser) as connection:
        connection.execute("set local session_replication_role = replica")
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute(
                "update grants set evidence = null where campaign_id = %s", (stage.id,)
            )
