"""The states of orders, payments and refunds, and the legal steps between them. Pure."""

PLACED, PAID, PART_SHIPPED, SHIPPED = "placed", "paid", "part_shipped", "shipped"
DELIVERED, COMPLETED, CLOSED = "delivered", "completed", "closed"

ORDER_STATES = (PLACED, PAID, PART_SHIPPED, SHIPPED, DELIVERED, COMPLETED, CLOSED)

LEGAL_STEPS = frozenset(
    {
        (PLACED, PAID),
        (PLACED, CLOSED),
        # Its campaign has a place for money that came after it was closed.
        (CLOSED, PAID),
        (PAID, PART_SHIPPED),
        (PAID, SHIPPED),
        # Collected in the shop, or nothing is left to send because it was refunded.
        (PAID, DELIVERED),
        (PAID, COMPLETED),
        (PART_SHIPPED, SHIPPED),
        (SHIPPED, DELIVERED),
        (DELIVERED, COMPLETED),
    }
)
"""Every step an order may take; the database knows the same table."""

PAYMENT_STATES = ("open", "captured", "surplus", "closed", "failed")
"""`surplus`: money that came although nothing was owed (any more); it goes back by itself."""

REFUND_STATES = ("asked", "approved", "sending", "unknown", "done", "failed", "rejected")

REFUND_STEPS = frozenset(
    {
        ("asked", "approved"),
        ("asked", "rejected"),
        ("approved", "sending"),
        ("sending", "unknown"),
        ("sending", "done"),
        ("sending", "failed"),
        # Unknown is left only by asking the provider or by repeating the same request id.
        ("unknown", "sending"),
        ("unknown", "done"),
        ("unknown", "failed"),
        # An operator tries again what the provider had refused: the request id stays the same.
        ("failed", "sending"),
    }
)
"""Every step a refund may take; the database knows the same table."""
