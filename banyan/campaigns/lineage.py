"""Lineage: who was brought by whom, asked only for supporters who take part already.

A person is above another if they brought them, directly or not: by a support that counted, or by
the link through which the other began. Nobody may support the quest of somebody below them.
"""

from collections.abc import Iterable
from uuid import UUID

from banyan.kernel.work import Work

MOST_ABOVE = 10_000
"""A longer line than this has never been seen; it bounds the work of one look-up."""

ABOVE = """
with recursive above (campaign, person, host) as (
  select s.campaign, s.person, h.host from unnest(%(campaigns)s, %(people)s) as s (campaign, person)
  cross join lateral (
    select owner_id as host from supports
    where workspace_id = %(workspace)s and campaign_id = s.campaign and supporter_id = s.person
      and counted
    union
    select referrer_id from participants
    where workspace_id = %(workspace)s and campaign_id = s.campaign and person_id = s.person
      and referrer_id is not null
  ) h
  union
  select a.campaign, a.host, h.host from above a
  cross join lateral (
    select owner_id as host from supports
    where workspace_id = %(workspace)s and campaign_id = a.campaign and supporter_id = a.host
      and counted
    union
    select referrer_id from participants
    where workspace_id = %(workspace)s and campaign_id = a.campaign and person_id = a.host
      and referrer_id is not null
  ) h
)
select campaign, person, host from above limit %(most)s
"""


class Lineage:
    """The lines above some quest owners, kept current as supports of this transaction count."""

    def __init__(self, work: Work, owners: Iterable[tuple[UUID, UUID]]) -> None:
        """Read the lines above `owners` (campaign, person); campaigns are held until commit.

        Two transactions could otherwise each add the half of a circle that the other cannot see.
        """
        self._hosts: dict[tuple[UUID, UUID], set[UUID]] = {}
        pairs = sorted(set(owners))
        if not pairs:
            return
        campaigns = sorted({campaign for campaign, _ in pairs})
        work.driver.execute(
            "select pg_advisory_xact_lock(hashtextextended('lineage ' || c, 0))"
            " from unnest(%b::uuid[]) as c",
            (campaigns,),
        )
        rows = work.driver.execute(
            ABOVE,
            {
                "workspace": work.workspace_id,
                "campaigns": [campaign for campaign, _ in pairs],
                "people": [person for _, person in pairs],
                "most": MOST_ABOVE,
            },
        )
        for campaign, person, host in rows:
            self._hosts.setdefault((campaign, person), set()).add(host)

    def add(self, campaign: UUID, person: UUID, host: UUID) -> None:
        """Note that `host` has just brought `person`."""
        self._hosts.setdefault((campaign, person), set()).add(host)

    def is_above(self, campaign: UUID, person: UUID, below: UUID) -> bool:
        """Whether `person` brought `below`, directly or not."""
        seen, waiting = {below}, [below]
        while waiting:
            hosts = self._hosts.get((campaign, waiting.pop()), set())
            if person in hosts:
                return True
            fresh = hosts - seen
            seen |= fresh
            waiting.extend(fresh)
        return False
