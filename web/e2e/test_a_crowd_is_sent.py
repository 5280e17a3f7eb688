"""`banyan crowd` against a running house: what it is told, the dashboard shows, whoever was there before."""

import gzip
import subprocess
import sys
from pathlib import Path

from web.e2e.house import REPOSITORY, Address, Shop, broken_invariants, environment

GROUPS = ["1 7 2 3", "4 7", "2 7 5 1", "1 9 6"]
"""Lines of group buying: who began, what for, who joined."""


def send(house: Address, shop: Shop, *options: str) -> str:
    """Send a crowd to the shop; return what it printed. It ends well when both sides are equal."""
    done = subprocess.run(
        [sys.executable, "-m", "banyan", "crowd", "--address", house.url, *options],
        cwd=REPOSITORY,
        env=environment(house) | {"BANYAN_CROWD_KEY": shop.key, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_who_proves_a_number_lives_at_the_storys_time(house: Address, shop: Shop) -> None:
    """Who came by a code of the outbox and who was signed in stand in one story, whole in order."""
    said = send(house, shop, "--people", "120", "--codes", "20", "--k", "1.2")
    assert "participants" in said
    assert broken_invariants(house) == []


def test_a_replay_meets_nobody_of_the_runs_before_it(
    house: Address, shop: Shop, tmp_path: Path
) -> None:
    for name in ("tune.txt.gz", "invalid.txt.gz"):
        with gzip.open(tmp_path / name, "wt", encoding="ascii") as lines:
            lines.write("\n".join(GROUPS) + "\n")
    send(house, shop, "--people", "30", "--codes", "0")
    for _ in range(2):
        said = send(house, shop, "--replay", "beibei", "--data", str(tmp_path), "--groups", "6")
        assert "supports counted, as answered" in said
    assert broken_invariants(house) == []
