"""Tables of the store, a file a noun. Private to the package."""

from banyan.store.models import (
    addresses,
    catalogue,
    discounts,
    disputes,
    favourites,
    invoices,
    orders,
    payments,
    pictures,
    refunds,
    sandbox,
    shipments,
    shops,
    statements,
)

__all__ = [
    "addresses",
    "catalogue",
    "discounts",
    "disputes",
    "favourites",
    "invoices",
    "orders",
    "payments",
    "pictures",
    "refunds",
    "sandbox",
    "shipments",
    "shops",
    "statements",
]
