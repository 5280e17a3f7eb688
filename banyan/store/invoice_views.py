"""What the store shows of invoices, as the wire has it."""

from datetime import datetime
from uuid import UUID

import msgspec


class OrderName(msgspec.Struct, frozen=True, gc=False):
    """An order by its number."""

    id: UUID
    number: str


class InvoiceLine(msgspec.Struct, frozen=True, gc=False):
    """What was sold, as the order says it."""

    name: str
    attributes: dict[str, str]
    quantity: int
    amount_minor: int


class InvoiceView(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice, or the red letter that voids one."""

    id: UUID
    number: str | None
    tax_authority_number: str | None
    order: OrderName
    state: str
    is_red: bool
    voids_id: UUID | None
    kind: str
    title: str
    tax_number: str | None
    email: str | None
    currency: str
    amount_minor: int
    lines: list[InvoiceLine]
    invoiceable_minor: int
    asked_at: datetime
    issued_at: datetime | None
    voided_at: datetime | None
    reason: str | None
