"""Crediting: a packet that cannot be credited waits by itself and is shown; all others go on."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from structlog.testing import capture_logs

from banyan import campaigns, rewards
from banyan.app.crediting import PAUSE_SECONDS_MOST, Crediting, is_the_stores, pause_after
from banyan.app.hot import TRIES
from banyan.app.timetable import tick
from banyan.app.today import CREDITED_WITHIN, credits_waiting
from banyan.kernel.postgres import Urls
from tests.campaigns.packets import UNREADABLE, Packet, refused_by_a_key
from tests.stage import Stage
from tests.whole import assert_whole

pytestmark = pytest.mark.usefixtures("database")


def test_a_poisoned_packet_waits_and_the_others_are_credited() -> None:
    stage = Stage()
    packets = [Packet(stage) for _ in range(2)] + [Packet(Stage())]
    bad, *good = packets
    bad.keep(UNREADABLE)
    rounds = Crediting()
    with capture_logs() as said:
        rounds.round(0.0)
    assert [one.cash() for one in packets] == [0, *(one.amount for one in good)]
    assert [one.have() for one in good] == [1, 1]
    assert [rounds.set_aside[bad.campaign].tries, len(rounds.set_aside)] == [1, 1]
    (told,) = [line for line in said if line["event"] == "packet_set_aside"]
    assert (told["campaign"], told["problem"]) == (str(bad.campaign), "ProgressUnreadable")
    assert told["exc_info"] is not None

    # It is left alone until its pause is over, then tried, and left alone for longer.
    again = rounds.set_aside[bad.campaign].again_at
    rounds.round(again - 0.001)
    assert rounds.set_aside[bad.campaign].tries == 1
    rounds.round(again)
    assert rounds.set_aside[bad.campaign].tries == 2
    assert rounds.set_aside[bad.campaign].again_at - again == 2 * pause_after(1)

    # Mended: what waited is there, once.
    bad.keep(bad.kept)
    rounds.round(rounds.set_aside[bad.campaign].again_at)
    assert rounds.set_aside == {}
    assert [one.cash() for one in packets] == [one.amount for one in packets]
    assert bad.have() == 1
    rounds.round(1_000_000.0)
    assert [one.cash() for one in packets] == [one.amount for one in packets]
    assert_whole()


def test_a_pause_grows_and_ends_growing() -> None:
    pauses = [pause_after(tries) for tries in (1, 2, 3, 4, 20, 10_000)]
    assert pauses == [1.0, 2.0, 4.0, 8.0, PAUSE_SECONDS_MOST, PAUSE_SECONDS_MOST]


def test_a_packet_overtaken_by_nobody_is_set_aside_in_the_end(urls: Urls) -> None:
    bad, good = Packet(Stage()), Packet(Stage())
    rounds = Crediting()
    with refused_by_a_key(urls, bad.campaign):
        for _ in range(TRIES):
            assert bad.campaign not in rounds.set_aside
            rounds.round(0.0)
        assert rounds.set_aside[bad.campaign].problem == "UniqueViolation"
        assert (bad.cash(), good.cash()) == (0, good.amount)
    rounds.round(10.0)
    assert (rounds.set_aside, bad.cash()) == ({}, bad.amount)
    assert_whole()


def test_the_end_of_a_campaign_does_not_meet_it_either() -> None:
    stage = Stage()
    bad, good = Packet(stage), Packet(stage)
    bad.keep(UNREADABLE)
    stage.now += timedelta(minutes=1)
    with stage.work() as work:
        for one in (bad, good):
            campaigns.end_campaign(work, one.campaign)
    rounds = Crediting()
    rounds.round(0.0)
    tick()
    assert states(good) == "won"
    bad.keep(bad.kept)
    assert states(bad) == "open"
    rounds.round(10.0)
    tick()
    assert (states(bad), bad.cash()) == ("won", bad.amount)
    assert_whole()


def states(one: Packet) -> str:
    return one.stage.one("select state from quests where id = %s", one.quest)


def test_the_merchant_is_told_of_shares_that_are_late() -> None:
    stage = Stage()
    one = Packet(stage)

    def late() -> dict[UUID, int]:
        with stage.work() as work:
            return rewards.uncredited(work, work.now - CREDITED_WITHIN)

    assert late() == {}
    stage.now += CREDITED_WITHIN + timedelta(seconds=1)
    assert late() == {one.campaign: 1}
    (said,) = credits_waiting(late())
    assert (said.kind, said.campaign_id, said.count) == ("credits", one.campaign, 1)
    assert said.title.zh == "1 份红包还没到账，系统会一直重试"
    Crediting().round(0.0)
    assert late() == {}


@pytest.mark.parametrize(
    ("problem", "is_its"),
    [
        (psycopg.OperationalError("server closed the connection"), True),
        (psycopg.errors.AdminShutdown(), True),
        (psycopg.errors.DiskFull(), True),
        (psycopg.errors.QueryCanceled(), False),
        (psycopg.errors.CheckViolation(), False),
        (ValueError(), False),
    ],
)
def test_an_absent_store_is_no_packets_fault(problem: Exception, *, is_its: bool) -> None:
    assert is_the_stores(problem) is is_its
