"""Routes: a participant has themselves deleted, in every package that knows them."""

import asyncio
from uuid import UUID

from litestar import Response, delete
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler

from banyan import campaigns, outreach, people, rewards, store
from banyan.kernel.cookies import drop_cookie
from banyan.kernel.errors import NOT_SIGNED_IN, Refused
from banyan.kernel.work import Work
from banyan.people import Guest


def forget_person(work: Work, person_id: UUID) -> None:
    """Leave every campaign, then delete what says who somebody is. May be repeated.

    What they owe by then is paid by the cash they have, and the rest is written off.
    """
    campaigns.leave_everything(work, person_id)
    rewards.write_off(work, person_id)
    outreach.drop_seeds(work, [person_id])
    store.forget_buyer(work, person_id)
    people.forget(work, person_id)


@delete("/api/public/me", opt={"audience": "participant", "permission": None}, status_code=204)
async def delete_me(guest: NamedDependency[Guest]) -> Response[None]:
    """Delete me: what I counted for is taken back, and this browser no longer knows me."""
    me = guest.participant
    if me is None:
        raise Refused(NOT_SIGNED_IN)

    def once() -> None:
        with guest.work(me.workspace_id) as work:
            forget_person(work, me.person_id)

    await asyncio.to_thread(campaigns.until_first, once)
    cookie = drop_cookie(people.PARTICIPANT_COOKIE)
    return Response(None, status_code=204, headers={"Set-Cookie": cookie})


routes: list[ControllerRouterHandler] = [delete_me]
