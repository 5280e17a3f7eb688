"""What the store shows of orders, payments, refunds and statements, as the wire has it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec


class Twin(msgspec.Struct, frozen=True, gc=False):
    """Words in both languages."""

    zh: str
    en: str


class DiscountView(msgspec.Struct, frozen=True, gc=False):
    """A discount that was taken off an order."""

    id: UUID
    name: Twin
    minor: int


class LineView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of an order."""

    id: UUID
    sku_id: UUID
    product_id: UUID
    product_name: str
    attributes: dict[str, Any]
    quantity: int
    unit_price_minor: int
    discount_minor: int
    payable_minor: int
    shipped_quantity: int = 0
    refunding_quantity: int = 0
    no_return: str | None = None
    """Why it cannot be returned once it is delivered, as it was said before buying."""


class OrderView(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An order as its buyer and the merchant see it."""

    id: UUID
    number: str
    shop_id: UUID
    buyer_id: UUID
    state: str
    fulfilment: str
    currency: str
    goods_minor: int
    discount_minor: int
    freight_minor: int
    payable_minor: int
    discounts: list[DiscountView]
    lines: list[LineView]
    note: str
    address_id: UUID | None
    collection_code: str | None
    placed_at: datetime
    expires_at: datetime
    paid_at: datetime | None = None
    delivered_at: datetime | None = None
    completed_at: datetime | None = None
    closed_at: datetime | None = None
    close_reason: str | None = None
    is_held: bool = False
    """Whether it waits for a campaign's word before anything of it is handed over."""


class StepView(msgspec.Struct, frozen=True, kw_only=True):
    """One step of an order: by whom, why, when."""

    from_state: str
    to_state: str
    actor: str
    reason: str
    at: datetime


class ShipmentLineView(msgspec.Struct, frozen=True):
    """How many of a line are in a parcel."""

    line_id: UUID
    quantity: int


class ShipmentView(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel."""

    id: UUID
    company: str
    company_name: Twin
    number: str
    shipped_at: datetime
    lines: list[ShipmentLineView]


class RefundLineView(msgspec.Struct, frozen=True):
    """How many of a line go back, and the money for them."""

    line_id: UUID
    quantity: int
    amount_minor: int


class RefundView(msgspec.Struct, frozen=True, kw_only=True):
    """One refund and how far it has come."""

    id: UUID
    order_id: UUID
    order_number: str
    kind: str
    state: str
    reason: str
    amount_minor: int
    freight_minor: int
    currency: str
    restock: bool
    lines: list[RefundLineView]
    tries: int
    problem: str | None
    decision: str | None
    asked_at: datetime
    decided_at: datetime | None
    done_at: datetime | None
    by_hand: str | None = None
    """How the money was given, when it was given outside the provider."""


class PaymentView(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to pay."""

    id: UUID
    provider: str
    method: str
    trade_number: str
    state: str
    amount_minor: int
    currency: str
    created_at: datetime
    captured_at: datetime | None
    problem: str | None


class CaseView(msgspec.Struct, frozen=True, kw_only=True):
    """Money that does not fit, and what became of it."""

    id: UUID
    kind: str
    provider: str
    subject: str
    day: date | None
    expected_minor: int | None
    found_minor: int | None
    detail: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    resolution: str | None


class StatementLineView(msgspec.Struct, frozen=True, kw_only=True):
    """One movement as the provider tells it, and whether it is one of ours."""

    kind: str
    number: str
    provider_number: str
    amount_minor: int
    fee_minor: int
    currency: str
    is_matched: bool


class StatementView(msgspec.Struct, frozen=True, kw_only=True):
    """One day of one provider."""

    provider: str
    day: date
    lines: int
    matched: int
    fetched_at: datetime


class StatementPageView(msgspec.Struct, frozen=True, kw_only=True):
    """A day, line by line, with every case it opened and what its clearing account still holds."""

    statement: StatementView
    lines: list[StatementLineView]
    cases: list[CaseView]
    clearing_minor: int


class StuckView(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator must act on."""

    refunds: list[RefundView]
    payments: list[PaymentView]
    cases: list[CaseView]


class DisputeWordsView(msgspec.Struct, frozen=True):
    """What one side said."""

    actor: str
    words: str
    at: datetime


class DisputeView(msgspec.Struct, frozen=True, kw_only=True):
    """A disagreement about an order."""

    id: UUID
    order_id: UUID
    refund_id: UUID | None
    state: str
    outcome: str | None
    opened_at: datetime
    closed_at: datetime | None
    words: list[DisputeWordsView]


class QuoteLineView(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a quote; `problem` says why it cannot be bought as it is."""

    sku_id: UUID
    product_id: UUID | None
    product_name: str
    attributes: dict[str, Any]
    quantity: int
    unit_price_minor: int
    discount_minor: int
    payable_minor: int
    left: int
    problem: str | None
    no_return: Twin | None = None
    """What the buyer must know before buying: that this cannot be returned, and why."""


class QuoteDiscountView(msgspec.Struct, frozen=True, kw_only=True):
    """A discount, and its part of each line in their order."""

    id: UUID
    name: Twin
    minor: int
    parts: list[int]


class QuoteView(msgspec.Struct, frozen=True, kw_only=True):
    """What an order would come to now. Nothing is reserved."""

    currency: str
    lines: list[QuoteLineView]
    discounts: list[QuoteDiscountView]
    goods_minor: int
    discount_minor: int
    freight_minor: int
    payable_minor: int
    can_order: bool
