"""Whoever is killed while grabbing, crediting, drawing, ordering or moving did it once or not at all."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest

from banyan.campaigns import ActOutcome, GrabView
from banyan.kernel.errors import Refused
from banyan.kernel.keys import Keyring
from banyan.kernel.postgres import Urls
from tests.campaigns.packets import packet
from tests.campaigns.selling import TEAM, Market
from tests.campaigns.test_draws import lottery
from tests.campaigns.test_moves import Teams
from tests.faults.play_flow import FLOWS, FREE, KILLED
from tests.stage import Stage
from tests.whole import assert_whole

REPOSITORY = Path(__file__).resolve().parents[2]
STATEMENTS_MOST = 120


class Killers:
    """A process that does one thing in children of its own, which are killed."""

    def __init__(self, urls: Urls, keys: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.play_flow", urls.app, urls.relay, str(keys)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=REPOSITORY,
            text=True,
        )

    def live(self, flow: str, stage: Stage, place: UUID, person: UUID, nth: int) -> int:
        """Let a child do it and be killed at the `nth` thing it sends; return how it ended."""
        asked = {"flow": flow, "workspace": str(stage.workspace), "nth": nth}
        asked |= {"place": str(place), "person": str(person)}
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@pytest.fixture
def killers(database: object, urls: Urls, tmp_path: Path, keys: Keyring) -> Iterator[Killers]:
    del database
    folder = tmp_path / "keys"
    folder.mkdir()
    for purpose in ("fields", "index", "tokens"):
        for version, secret in keys.versions(purpose).items():
            (folder / f"{purpose}-{version}.key").write_bytes(secret)
    running = Killers(urls, folder)
    yield running
    running.process.communicate(timeout=20)


def scene(flow: str) -> tuple[Stage, UUID, UUID]:
    """Return a merchant, a place and the person who is about to do something there."""
    if flow == "order":
        market = Market()
        (person,) = market.people(1)
        (quest,) = market.quests(market.selling("group_buy", TEAM), [person])
        return market, quest, person
    if flow == "late":
        market = Market()
        teams = Teams(market)
        return market, teams.late(teams.people[4]).id, teams.people[4]
    stage = Stage()
    (person,) = stage.people(1)
    if flow in {"grab", "credit"}:
        campaign = packet(stage, 1000, 10, split="equal")
        if flow == "credit":
            FLOWS["grab"]((stage.workspace, None), campaign, person)
        return stage, campaign, person
    (quest,) = stage.quests(lottery(stage, ppm=900_000, draws_per_person=1), [person])
    return stage, quest, person


COUNTS = {
    "grab": ("grabs", "red_packets where taken = 1", "red_packets where taken_minor > 0"),
    "credit": ("grants", "packet_credits where credited = 1", "participants"),
    "draw": ("draws", "quest_acts", "draw_seeds where drawn = 1"),
    "order": ("orders", "quest_orders", "quest_seats"),
    "late": (
        "quest_moves",
        "order_steps where from_state = 'closed'",
        "refunds where kind = 'surplus' and state = 'rejected'",
    ),
}


@pytest.mark.parametrize("flow", FLOWS)
def test_killed_at_any_statement_it_happens_once(killers: Killers, flow: str) -> None:
    stage, place, person = scene(flow)
    counts = " + ".join(f"(select count(*) from {each})" for each in COUNTS[flow])
    done: list[int] = []
    for nth in range(1, STATEMENTS_MOST):
        ended = killers.live(flow, stage, place, person, nth)
        assert ended in {FREE, KILLED}
        done.append(stage.one(f"select {counts}"))
        if ended == FREE:
            break
        if done[-1]:
            # It died after its commit: a new person for what is still to be died at.
            stage, place, person = scene(flow)
    else:
        pytest.fail("it never comes through")
    assert len(done) > 5
    # All of it or nothing, and nothing until the commit.
    assert set(done) == {0, 3}
    assert done.index(3) >= len(done) - 3
    again = FLOWS[flow]((stage.workspace, None), place, person)
    if flow == "draw":
        assert isinstance(again, ActOutcome)
        assert again.reason is not None
    assert stage.one(f"select {counts}") == 3
    assert_whole()


def test_the_killed_hold_up_nobody_at_the_packet(killers: Killers) -> None:
    """Processes die in the middle of their grabs; everybody else takes what there is, to the cent."""
    stage = Stage()
    campaign = packet(stage, 6000, 60, split="lucky")
    people, doomed = stage.people(80), stage.people(15)
    over = Event()

    def kill() -> int:
        nth = 0
        while not over.is_set():
            nth += 1
            killers.live("grab", stage, campaign, doomed[nth % 15], 3 + nth % 15)
        return nth

    def tap(person: UUID) -> object:
        return FLOWS["grab"]((stage.workspace, None), campaign, person)

    with ThreadPoolExecutor(8) as threads, ThreadPoolExecutor(1) as killing:
        killed = killing.submit(kill)
        answers = list(threads.map(tap, people))
        over.set()
        assert killed.result() > 0
    assert not any(isinstance(answer, Refused) for answer in answers)
    mine = [
        each.share.amount_minor for each in answers if isinstance(each, GrabView) and each.share
    ]
    theirs = "select coalesce(sum(amount_minor), 0) from grabs where person_id = any(%s)"
    assert sum(mine) + stage.one(theirs, doomed) == 6000
    assert stage.one("select count(*) from grabs") == 60
    assert_whole()
