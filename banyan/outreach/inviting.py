"""Inviting: at most so often, in the hours for it, and only who agreed and has not begun yet."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from banyan import campaigns, links, messages, people, workspaces
from banyan.campaigns import Invitable, Twin
from banyan.kernel.ids import new_id
from banyan.kernel.work import Work
from banyan.outreach.hours import local_moment
from banyan.outreach.limits import Limits
from banyan.outreach.links import open_link

KEEP: Final = """
insert into invitations (workspace_id, campaign_id, kind, day, month, invited_at,
                         id, person_id, occasion, nth)
select %(workspace)s, %(campaign)s, %(kind)s, %(day)s, %(month)s, %(now)s,
  a.id, a.person_id, a.occasion, 1 + n.had
from unnest(%(ids)b::uuid[], %(people)b::uuid[], %(occasions)b::text[])
  as a (id, person_id, occasion)
cross join lateral (
  select count(*) as had from invitations i
  where i.workspace_id = %(workspace)s and i.person_id = a.person_id and i.month = %(month)s
) n
where n.had < %(most)s
order by a.person_id
on conflict do nothing
returning id, person_id
"""


def invite(
    work: Work,
    campaign: Invitable,
    kind: str,
    occasions: Mapping[UUID, str],
    why: Twin,
    limits: Limits,
) -> set[UUID]:
    """Invite people, each for an occasion, to a campaign that runs; return whom.

    Left out: who does not agree, has no phone, has begun already, was invited for the same
    occasion or today, or as often as anybody is this month. Everybody, in the quiet hours.
    """
    moment = local_moment(work)
    if limits.are_quiet(moment) or not occasions:
        return set()
    agreed = people.agreed_to_messages(work, occasions)
    phones = people.phones_of(work, agreed)
    wanted = sorted(phones.keys() - campaigns.owners_among(work, campaign.id, phones))
    if not wanted:
        return set()
    day = moment.date()
    kept = work.driver.execute(
        KEEP,
        {
            "workspace": work.workspace_id,
            "campaign": campaign.id,
            "kind": kind,
            "day": day,
            "month": day.replace(day=1),
            "now": work.now,
            "ids": [new_id() for _ in wanted],
            "people": wanted,
            "occasions": [occasions[person] for person in wanted],
            "most": limits.a_month_most,
        },
    ).fetchall()
    if not kept:
        return set()
    text = messages.invitation_text(
        workspaces.workspace_of(work).name,
        (campaign.title.zh, campaign.title.en),
        (why.zh, why.en),
        links.share_url(open_link(work, campaign.id, kind)),
    )
    for message, person in kept:
        messages.invite(
            work, message_id=message, person_id=person, to_e164=phones[person], text=text
        )
    return {person for _, person in kept}
