"""Addresses: where somebody wants goods sent, kept encrypted.

A row never changes: an edit hides it and makes a new one, so an order goes where it said.
"""

from typing import Annotated
from uuid import UUID

import msgspec

from banyan.kernel.crypto import decrypt, encrypt
from banyan.kernel.errors import INVALID, Refused
from banyan.kernel.ids import new_id
from banyan.kernel.work import Work
from banyan.people import phone_e164
from banyan.store import catalogue_refusals as refusals
from banyan.store.catalogue_views import Address
from banyan.store.wording import one_line

KEPT_MOST = 20
TABLE, COLUMN = "addresses", "content"

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class AddressFields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address as somebody types it."""

    recipient: Short
    phone: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    province: Short
    city: Short
    street: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    district: Annotated[str, msgspec.Meta(max_length=200)] = ""
    is_first: bool = False


class _Content(msgspec.Struct, frozen=True):
    recipient: str
    phone: str
    province: str
    city: str
    district: str
    street: str


ADD = """
insert into addresses (workspace_id, id, person_id, content_encrypted, is_first, created_at)
values (%s, %s, %s, %s, %s, %s)
"""
LIST = """
select id, content_encrypted, is_first from addresses
where workspace_id = %s and person_id = %s and hidden_at is null
order by is_first desc, id desc
"""
ONE = """
select id, content_encrypted, is_first from addresses
where workspace_id = %s and person_id = %s and id = %s
"""
HIDE = """
update addresses set hidden_at = %s, is_first = false
where workspace_id = %s and person_id = %s and id = %s and hidden_at is null
"""
NOT_FIRST = """
update addresses set is_first = false
where workspace_id = %s and person_id = %s and hidden_at is null and is_first
"""
# What was sent there, the law has the merchant keep with the order.
FORGET = """
delete from addresses a where a.workspace_id = %s and a.person_id = %s
  and not exists (select from orders o where o.workspace_id = a.workspace_id
                    and o.address_id = a.id)
"""
HIDE_ALL = """
update addresses set hidden_at = %s, is_first = false
where workspace_id = %s and person_id = %s and hidden_at is null
"""
COUNT = """
select count(*) from addresses where workspace_id = %s and person_id = %s and hidden_at is null
"""


def addresses(work: Work, person_id: UUID) -> list[Address]:
    """Return somebody's addresses, the first one first."""
    rows = work.driver.execute(LIST, (work.workspace_id, person_id))
    return [_address(work, *row) for row in rows]


def address_of(work: Work, person_id: UUID, address_id: UUID) -> Address | None:
    """Return an address of this person, also one that was edited since an order named it."""
    row = work.driver.execute(ONE, (work.workspace_id, person_id, address_id)).fetchone()
    return _address(work, *row) if row else None


def add_address(work: Work, person_id: UUID, fields: AddressFields) -> Address:
    """Keep an address. Raises `phone_invalid`, `invalid`, `too_many_kept`."""
    row = work.driver.execute(COUNT, (work.workspace_id, person_id)).fetchone()
    kept = row[0] if row else 0
    if kept >= KEPT_MOST:
        raise Refused(refusals.TOO_MANY_KEPT, most=KEPT_MOST)
    content = _Content(
        recipient=_line(fields.recipient, 40, "recipient"),
        phone=phone_e164(fields.phone),
        province=_line(fields.province, 40, "province"),
        city=_line(fields.city, 40, "city"),
        district=one_line(fields.district, 40, "district"),
        street=_line(fields.street, 120, "street"),
    )
    is_first = fields.is_first or kept == 0
    if is_first:
        work.driver.execute(NOT_FIRST, (work.workspace_id, person_id))
    address_id = new_id()
    text = msgspec.json.encode(content).decode()
    secret = encrypt(text, work.workspace_id, TABLE, COLUMN, address_id)
    values = (work.workspace_id, address_id, person_id, secret, is_first, work.now)
    work.driver.execute(ADD, values)
    return _shown(address_id, content, is_first)


def change_address(work: Work, person_id: UUID, address_id: UUID, fields: AddressFields) -> Address:
    """Replace an address by an edited one, which has another id. Raises `address_not_found`."""
    hide_address(work, person_id, address_id)
    return add_address(work, person_id, fields)


def hide_address(work: Work, person_id: UUID, address_id: UUID) -> None:
    """Offer an address no more. Raises `address_not_found`."""
    values = (work.now, work.workspace_id, person_id, address_id)
    if not work.driver.execute(HIDE, values).rowcount:
        raise Refused(refusals.NO_SUCH_ADDRESS)


def forget_buyer(work: Work, person_id: UUID) -> None:
    """Delete the addresses of somebody that no order was sent to; offer the others no more."""
    work.driver.execute(FORGET, (work.workspace_id, person_id))
    work.driver.execute(HIDE_ALL, (work.now, work.workspace_id, person_id))


def _line(text: str, most: int, field: str) -> str:
    cleaned = one_line(text, most, field)
    if not cleaned:
        raise Refused(INVALID, problem=field)
    return cleaned


def _address(work: Work, address_id: UUID, secret: bytes, is_first: bool) -> Address:  # noqa: FBT001
    text = decrypt(bytes(secret), work.workspace_id, TABLE, COLUMN, address_id)
    return _shown(address_id, msgspec.json.decode(text, type=_Content), is_first)


def _shown(address_id: UUID, content: _Content, is_first: bool) -> Address:  # noqa: FBT001
    return Address(id=address_id, is_first=is_first, **msgspec.structs.asdict(content))
