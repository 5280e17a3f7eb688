"""Gifts: sent to an address, or handed over in the shop for their code; once each."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from banyan import workspaces
from banyan.kernel.crypto import decrypt, encrypt
from banyan.kernel.errors import Refused
from banyan.kernel.work import Work
from banyan.rewards import refusals
from banyan.rewards.offers import GIFT

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class GiftAddress(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a gift is sent."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    phone: Annotated[str, msgspec.Meta(min_length=5, max_length=20)]
    address: Line


class GiftView(msgspec.Struct, frozen=True, kw_only=True):
    """A gift that somebody wants, as the merchant sees it."""

    grant_id: UUID
    person_id: UUID
    name_zh: str
    name_en: str
    state: str
    address: GiftAddress | None
    company: str | None
    number: str | None
    claimed_at: datetime
    sent_at: datetime | None


def claim_gift(work: Work, grant_id: UUID, person_id: UUID, address: GiftAddress) -> None:
    """Ask for a gift to be sent. Raises `gift_not_found`, `gift_taken`."""
    _lock_gift(work, "g.id = %(grant)s and g.beneficiary_id = %(person)s", grant_id, person_id)
    sealed = encrypt(
        msgspec.json.encode(address).decode(),
        *(work.workspace_id, "gift_claims", "address", grant_id),
    )
    made = work.driver.execute(
        "insert into gift_claims (workspace_id, id, person_id, state, address_encrypted,"
        " claimed_at) values (%s, %s, %s, 'asked', %s, %s) on conflict do nothing",
        (work.workspace_id, grant_id, person_id, sealed, work.now),
    )
    if not made.rowcount:
        raise Refused(refusals.GIFT_TAKEN)


def hand_over_gift(work: Work, code: str) -> UUID:
    """Hand a gift over in the shop for its code; return the grant.

    Raises `gift_not_found`, `gift_taken`.
    """
    grant_id, person_id = _lock_gift(work, "g.code = %(code)s", code=code.strip().lower())
    made = work.driver.execute(
        "insert into gift_claims (workspace_id, id, person_id, state, claimed_at, sent_at, done_by)"
        " values (%s, %s, %s, 'collected', %s, %s, %s) on conflict do nothing",
        (work.workspace_id, grant_id, person_id, work.now, work.now, str(work.actor)),
    )
    if not made.rowcount:
        raise Refused(refusals.GIFT_TAKEN)
    _pay(work, grant_id)
    workspaces.audit(work, "gift.handed_over", str(grant_id))
    return grant_id


def ship_gift(work: Work, grant_id: UUID, company: str, number: str) -> None:
    """Write down with whom a gift travels. May be repeated. Raises `gift_not_found`."""
    made = work.driver.execute(
        "update gift_claims set state = 'shipped', company = %s, number = %s, done_by = %s,"
        " sent_at = coalesce(sent_at, %s)"
        " where workspace_id = %s and id = %s and state in ('asked', 'shipped')",
        (company, number, str(work.actor), work.now, work.workspace_id, grant_id),
    )
    if not made.rowcount:
        raise Refused(refusals.NO_SUCH_GIFT)
    _pay(work, grant_id)
    workspaces.audit(work, "gift.shipped", str(grant_id), {"company": company})


def gifts_wanted(work: Work, state: str | None = None) -> list[GiftView]:
    """Return what people want or took, those that wait before the others, at most 200."""
    rows = work.driver.execute(
        """
        select c.id, c.person_id, o.name_zh, o.name_en, c.state, c.address_encrypted, c.company,
               c.number, c.claimed_at, c.sent_at
        from gift_claims c
        join grants g on g.workspace_id = c.workspace_id and g.id = c.id
        join offers o on o.workspace_id = g.workspace_id and o.id = g.offer_id
        where c.workspace_id = %(workspace)s
          and (%(state)s::text is null or c.state = %(state)s)
        order by c.state <> 'asked', c.id desc limit 200
        """,
        {"workspace": work.workspace_id, "state": state},
    ).fetchall()
    return [
        GiftView(
            grant_id=row[0],
            person_id=row[1],
            name_zh=row[2],
            name_en=row[3],
            state=row[4],
            address=_opened(work, row[0], row[5]) if row[5] else None,
            company=row[6],
            number=row[7],
            claimed_at=row[8],
            sent_at=row[9],
        )
        for row in rows
    ]


def _pay(work: Work, grant_id: UUID) -> None:
    """A gift that is handed over, or on its way, is paid. May be repeated."""
    work.driver.execute(
        "update grants set state = 'paid' where workspace_id = %s and id = %s and state = 'vested'",
        (work.workspace_id, grant_id),
    )


def _opened(work: Work, grant_id: UUID, sealed: bytes) -> GiftAddress:
    said = decrypt(sealed, work.workspace_id, "gift_claims", "address", grant_id)
    return msgspec.json.decode(said, type=GiftAddress)


def _lock_gift(
    work: Work,
    where: str,
    grant: UUID | None = None,
    person: UUID | None = None,
    code: str | None = None,
) -> tuple[UUID, UUID]:
    """Return a gift that can be taken or was, and whose it is. `where` is one of ours."""
    row = work.driver.execute(
        f"""
        select g.id, g.beneficiary_id from grants g
        where g.workspace_id = %(workspace)s and g.kind = %(kind)s
          and g.state in ('vested', 'paid')
          and (g.state = 'paid' or g.expires_at is null or g.expires_at > %(now)s)
          and {where} for update
        """.encode(),  # noqa: S608 - the condition is a constant of this module
        {
            "workspace": work.workspace_id,
            "kind": GIFT,
            "now": work.now,
            "grant": grant,
            "person": person,
            "code": code,
        },
    ).fetchone()
    if row is None:
        raise Refused(refusals.NO_SUCH_GIFT)
    return row[0], row[1]
