"""The demo merchant: a coffee shop whose campaigns are alive when a newcomer first looks.

The workspace, its owner and one key are made directly; everything else goes through the HTTP API
as anybody's would, with the time of the past days told in a header, which a sandbox allows.
"""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from banyan import links, workspaces
from banyan.app.connected import connected
from banyan.app.crowd.access import keep_access, own_address, read_access
from banyan.app.crowd.campaign import assist, referral
from banyan.app.crowd.merchant import Merchant
from banyan.app.crowd.population import grow
from banyan.app.crowd.walk import Walk
from banyan.app.crowd.wire import Wire
from banyan.app.demo_shop import seed_shop
from banyan.kernel.auth import hash_password
from banyan.kernel.errors import Refused
from banyan.kernel.ids import derived_id, new_code
from banyan.kernel.settings import Settings, load
from banyan.kernel.work import SYSTEM, unit_of_work

EMAIL = "demo@banyan.local"
WORKSPACE = derived_id("demo", "camellia")
AT_ONCE = 24
DRAFT_TEMPLATE = "retail_eggs_assist"


class DemoAccess(msgspec.Struct):
    """How a newcomer gets in."""

    email: str
    password: str
    participants_url: str


class Story(NamedTuple):
    """One campaign of the demo and the crowd that fills it."""

    definition: dict[str, Any]
    people: int
    k: float
    seed: int
    begins: datetime
    days: float
    is_over: bool


def demo() -> None:
    """Set the demo merchant up, unless it is there."""
    seed()


def seed() -> None:
    """Fill this installation with the demo merchant; may be run again after it was broken off."""
    settings = load()
    if (settings.home / "demo.json").exists():
        return
    with connected(settings) as running:
        password, key = _merchant(running)
        with unit_of_work(WORKSPACE, SYSTEM) as work:
            seed_shop(work)
    keep_access(settings.home, key)
    shown = asyncio.run(_fill(own_address(settings), key))
    access = DemoAccess(EMAIL, password, links.share_url(shown))
    _write(settings.home / "demo.json", msgspec.json.encode(access))


def _merchant(settings: Settings) -> tuple[str, str]:
    """Make workspace, owner and key; return the password and the key's token."""
    # Kept from a first try that was broken off: the owner was told no other.
    kept = settings.home / "keys" / "demo.password"
    if not kept.exists():
        _write(kept, new_code(60).encode())
    password = kept.read_text(encoding="ascii")
    workspaces.create_workspace(WORKSPACE, slug="camellia", name="山茶咖啡", is_sandbox=True)
    with unit_of_work(WORKSPACE, SYSTEM) as work:
        try:
            workspaces.add_member(
                work,
                email=EMAIL,
                name="山茶店主",
                role="owner",
                password_hash=hash_password(password),
                member_id=derived_id("demo", EMAIL),
            )
        except Refused as refused:
            if refused.refusal.code != "email_taken":
                raise
        known = read_access(settings.home, own_address(settings), None)
        if known is not None:
            return password, known.key
        made = workspaces.create_key(
            work,
            name="演示人群 demo crowd",
            scopes=[*workspaces.PERMISSIONS, workspaces.CLOCK],
            within=frozenset(workspaces.PERMISSIONS),
        )
    return password, made.token


async def _fill(address: str, key: str) -> str:
    """Play the stories; return the code of a link worth showing."""
    now = datetime.now(UTC)
    async with Wire(address, connections=AT_ONCE, key=key) as wire:
        merchant = Merchant(wire)
        codes: list[str] = []
        for story in _stories(now):
            print(f"▸ Demo · 演示数据  {story.definition['name']}", flush=True)
            codes.append(await _play(wire, merchant, story))
        await merchant.draft(DRAFT_TEMPLATE, "demo draft")
    return codes[-1]


def _stories(now: datetime) -> list[Story]:
    opened = now - timedelta(days=9)
    week = referral("开业第一周", opened + timedelta(days=6), 240)
    cake = assist("三位好友解锁蛋糕", now, 420)
    cup = referral("请朋友喝杯咖啡", now, 1100)
    return [
        Story(week, 240, 0.8, 7, opened, 6, is_over=True),
        Story(cake, 420, 0.9, 11, now - timedelta(days=2), 2, is_over=False),
        Story(cup, 1100, 1.3, 5, now - timedelta(days=3), 3, is_over=False),
    ]


async def _play(wire: Wire, merchant: Merchant, story: Story) -> str:
    # Named, so that a demo that was broken off goes on with the campaigns it has.
    name = f"demo {story.seed}"
    campaign_id = await merchant.announce(story.definition, story.begins, name)
    state = (await merchant.campaign(campaign_id))["state"]
    found = await merchant.links(campaign_id)
    walk = Walk(wire, merchant, found, seed=story.seed, codes_for=0, at_once=AT_ONCE)
    moves = grow(story.people, story.k, story.seed, story.begins, story.days)
    if state == "live":
        await walk.go(moves, lambda _: None)
    if story.is_over:
        ended = story.begins + timedelta(days=story.days)
        for reached, step in (("live", "ending"), ("ended", "settlement")):
            if state == reached:
                await merchant.step(campaign_id, step, ended)
                state = "ended"
    return found.get("web") or next(iter(found.values()))


def _write(path: Path, content: bytes) -> None:
    """Write a file that appears whole, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    draft.replace(path)
