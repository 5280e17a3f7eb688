"""What others may hear of the store, in the past tense."""

from typing import ClassVar
from uuid import UUID

import msgspec

from banyan.kernel.events import Event


class LineSold(msgspec.Struct, frozen=True):
    """One line as others count it: what it is, how many, what was paid for it."""

    line_id: UUID
    sku_id: UUID
    product_id: UUID
    quantity: int
    payable_minor: int


class _OfOrder(Event, frozen=True, kw_only=True):
    """A step of an order. Who and when stand beside the body; `reason` says why."""

    order_id: UUID
    buyer_person_id: UUID
    reason: str = ""


class OrderPlaced(_OfOrder, frozen=True, kw_only=True):
    """Stock is reserved and the order stands, unpaid."""

    name: ClassVar[str] = "store.order_placed"
    shop_id: UUID
    via_shop_id: UUID | None
    link_code: str | None
    payable_minor: int
    currency: str
    lines: list[LineSold]


class OrderPaid(_OfOrder, frozen=True, kw_only=True):
    """What was owed has been captured."""

    name: ClassVar[str] = "store.order_paid"
    shop_id: UUID
    via_shop_id: UUID | None
    link_code: str | None
    payable_minor: int
    freight_minor: int
    currency: str
    lines: list[LineSold]


class OrderClosed(_OfOrder, frozen=True, kw_only=True):
    """It was not paid: cancelled or expired; the stock is back."""

    name: ClassVar[str] = "store.order_closed"


class OrderShipped(_OfOrder, frozen=True, kw_only=True):
    """A parcel left; `is_last` when nothing remains to be sent."""

    name: ClassVar[str] = "store.order_shipped"
    shipment_id: UUID
    company: str
    number: str
    is_last: bool


class OrderDelivered(_OfOrder, frozen=True, kw_only=True):
    """The buyer has the goods: by parcel, or collected in the shop."""

    name: ClassVar[str] = "store.order_delivered"


class OrderCompleted(_OfOrder, frozen=True, kw_only=True):
    """The time to return is over, or everything was refunded."""

    name: ClassVar[str] = "store.order_completed"


class LineRefunded(msgspec.Struct, frozen=True):
    """How many of one line went back, and the money for them."""

    line_id: UUID
    sku_id: UUID
    quantity: int
    amount_minor: int


class _OfRefund(_OfOrder, frozen=True, kw_only=True):
    refund_id: UUID
    amount_minor: int


class RefundAsked(_OfRefund, frozen=True, kw_only=True):
    """Somebody asked for money back."""

    name: ClassVar[str] = "store.refund_asked"


class RefundApproved(_OfRefund, frozen=True, kw_only=True):
    """The merchant agreed; the provider will be asked."""

    name: ClassVar[str] = "store.refund_approved"


class RefundRejected(_OfRefund, frozen=True, kw_only=True):
    """The merchant did not agree."""

    name: ClassVar[str] = "store.refund_rejected"


class OrderRefunded(_OfRefund, frozen=True, kw_only=True):
    """The money is back with the buyer."""

    name: ClassVar[str] = "store.order_refunded"
    lines: list[LineRefunded]


class RefundStuck(_OfRefund, frozen=True, kw_only=True):
    """The refund could not be made; an operator must act."""

    name: ClassVar[str] = "store.refund_stuck"


class SurplusReceived(_OfOrder, frozen=True, kw_only=True):
    """Money came although nothing was owed; it goes back by itself."""

    name: ClassVar[str] = "store.surplus_received"
    payment_id: UUID
    amount_minor: int


class CaseOpened(Event, frozen=True, kw_only=True):
    """Money that does not fit was found."""

    name: ClassVar[str] = "store.case_opened"
    case_id: UUID
    kind: str
    provider: str
    subject: str


class DisputeOpened(_OfOrder, frozen=True, kw_only=True):
    """A buyer disagrees."""

    name: ClassVar[str] = "store.dispute_opened"
    dispute_id: UUID


class DisputeClosed(_OfOrder, frozen=True, kw_only=True):
    """A dispute ended."""

    name: ClassVar[str] = "store.dispute_closed"
    dispute_id: UUID
    outcome: str


class _OfProduct(Event, frozen=True, kw_only=True):
    product_id: UUID
    shop_id: UUID


class ProductPublished(_OfProduct, frozen=True, kw_only=True):
    """Buyers can see it."""

    name: ClassVar[str] = "store.product_published"


class ProductWithdrawn(_OfProduct, frozen=True, kw_only=True):
    """Buyers no longer see it."""

    name: ClassVar[str] = "store.product_withdrawn"


class _OfInvoice(Event, frozen=True, kw_only=True):
    invoice_id: UUID
    order_id: UUID
    amount_minor: int


class InvoiceIssued(_OfInvoice, frozen=True, kw_only=True):
    """The merchant stands by it."""

    name: ClassVar[str] = "store.invoice_issued"


class InvoiceVoided(_OfInvoice, frozen=True, kw_only=True):
    """A red letter takes it back."""

    name: ClassVar[str] = "store.invoice_voided"
