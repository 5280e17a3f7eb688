"""The tree query of 10,000 participants, as the console asks it."""

import time
import urllib.request
from uuid import UUID

import msgspec

from banyan import campaigns
from banyan.app.bench import field
from banyan.app.bench.audit import AuditError
from banyan.app.bench.figures import Figure, figure
from banyan.app.bench.stack import Stack
from banyan.campaigns import StartRequest, SupportRequest
from banyan.kernel.errors import Refused
from banyan.kernel.work import SYSTEM, unit_of_work

PEOPLE = 10_000
EACH = 4
"""How many friends everybody brings, generation by generation."""
ROUNDS = 15


def measure(stack: Stack, *, token: str, workspace_id: UUID, label: str) -> list[Figure]:
    """Grow a tree of 10,000 and return the median time of its query in milliseconds."""
    (campaign_id,) = field.make_campaigns(workspace_id, 1)
    _grow(workspace_id, campaign_id)
    url = f"{stack.url}/api/admin/campaigns/{campaign_id}/tree?most={PEOPLE}"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    begin = time.perf_counter()
    while True:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            tree = msgspec.json.decode(answer.read())
        if tree["total"] == PEOPLE:
            break
        if time.perf_counter() - begin > 60:  # noqa: PLR2004 - seconds for the projection
            msg = f"{PEOPLE} take part, the tree has {tree['total']}"
            raise AuditError(msg)
        time.sleep(0.2)
    if len(tree["nodes"]) != PEOPLE:
        msg = f"the tree draws {len(tree['nodes'])} of {PEOPLE}"
        raise AuditError(msg)
    taken: list[float] = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            answer.read()
        taken.append((time.perf_counter() - begin) * 1000)
    what = f"the tree of {PEOPLE:,} participants over HTTP"
    return [figure("tree_10k_ms" + label, what, taken, 300, at_least=False)]


def _grow(workspace_id: UUID, campaign_id: UUID) -> None:
    """Let seeds start, and everybody in turn bring `EACH` friends, who start too."""
    hosts = field.start_quests(workspace_id, [campaign_id], 8)
    total = len(hosts)
    while total < PEOPLE:
        some, hosts = hosts[:200], hosts[200:]
        asked: list[SupportRequest] = []
        for friend in field.make_people(workspace_id, min(len(some) * EACH, PEOPLE - total)):
            host = some[len(asked) % len(some)]
            asked.append(SupportRequest(host.quest_id, friend, host.share_code, "own_web", None))
        with unit_of_work(workspace_id, SYSTEM) as work:
            for outcome in campaigns.support(work, asked):
                if isinstance(outcome, Refused):
                    raise outcome
        total += len(asked)
        with unit_of_work(workspace_id, SYSTEM) as work:
            starts = [
                StartRequest(campaign_id, one.supporter_id, "wechat_group", one.quest_id)
                for one in asked
            ]
            for outcome in campaigns.start_quests(work, starts):
                if isinstance(outcome, Refused):
                    raise outcome
                hosts.append(field.Quest(campaign_id, outcome.quest_id, outcome.share_code))
