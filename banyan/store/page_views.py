"""What the store shows of one order, and of lists of them, as the wire has it."""

from uuid import UUID

import msgspec

from banyan.store.catalogue_views import Address
from banyan.store.views import (
    DisputeView,
    OrderView,
    PaymentView,
    RefundView,
    ShipmentView,
    StepView,
)


class BuyerView(msgspec.Struct, frozen=True):
    """Who bought, as members see them."""

    id: UUID
    name: str | None
    phone_masked: str | None


class OrderPageView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one order."""

    order: OrderView
    steps: list[StepView]
    shipments: list[ShipmentView]
    refunds: list[RefundView]
    payments: list[PaymentView]
    refundable_minor: int
    invoiceable_minor: int
    disputes: list[DisputeView]
    providers: list[str]
    """Where it can be paid; none when it is not waiting to be."""
    address: Address | None = None
    buyer: BuyerView | None = None


class OrderListView(msgspec.Struct, frozen=True, kw_only=True):
    """Orders, the newest first."""

    items: list[OrderView]
    next: str | None = None
    total: int | None = None
