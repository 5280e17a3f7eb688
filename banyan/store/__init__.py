"""Store: goods, orders and money that are right under a stampede.

Owns:   shops, products, skus, addresses, shop_discounts, orders, order_lines, order_steps, payments,
        payment_notices, payment_accounts, refunds, refund_lines, shipments, shipment_lines,
        disputes, dispute_words, statements, statement_lines, money_cases, sandbox_*
Calls:  ledger (stock and money are its accounts), people, workspaces
Events: store.order_placed, .order_paid, .order_closed, .order_shipped, .order_delivered,
        .order_completed, .order_refunded, .refund_asked, .refund_approved, .refund_rejected,
        .refund_stuck, .surplus_received, .case_opened, .dispute_opened, .dispute_closed

`place_orders` is the set-wise command: stock is reserved before an order exists, and the single
order is the list of one. No network call is made inside a transaction.
"""

from banyan.store.orders import order_view, orders_by_id
from banyan.store.placing import OrderRequest, place_orders
from banyan.store.pricing import Voucher
from banyan.store.refusals import KEY_NEEDED, QUANTITY_INVALID
from banyan.store.shelf import QUANTITY_MOST, Item, merged
from banyan.store.stock import Stock, add_stock, open_stock, set_stock, stock_of
from banyan.store.views import OrderView

__all__ = [
    "KEY_NEEDED",
    "QUANTITY_INVALID",
    "QUANTITY_MOST",
    "Item",
    "OrderRequest",
    "OrderView",
    "Stock",
    "Voucher",
    "add_stock",
    "merged",
    "open_stock",
    "order_view",
    "orders_by_id",
    "place_orders",
    "set_stock",
    "stock_of",
]
