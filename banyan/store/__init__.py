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

from banyan.store.addresses import address_of, forget_buyer
from banyan.store.beginning import start_payment
from banyan.store.buying import orders_kept
from banyan.store.campaign_lines import OrderLines, lines_of_orders, orders_of_lines
from banyan.store.campaign_orders import (
    CAMPAIGN_EVENTS,
    OfferedSku,
    OrderStory,
    offered,
    release_orders,
    send_back,
    stories_of,
    who_paid,
)
from banyan.store.carts import take_out as take_out_of_cart
from banyan.store.catalogue_queries import product_view
from banyan.store.catalogue_views import (
    Address,
    Me,
    PageProblem,
    Picture,
    ProductView,
    ShopFront,
    ShopState,
    ShopView,
)
from banyan.store.categories import change_category, ensure_categories
from banyan.store.closing import EXPIRED, cancel_order, close_expired, close_unpaid
from banyan.store.invariants import INVARIANTS
from banyan.store.late_money import send_late_back, take_up_again
from banyan.store.orders import invoiceable_minor, order_view, orders_by_id
from banyan.store.paying import ask_about_payment, due_payments, receive_notice
from banyan.store.payments.accounts import provider_of, providers_on, save_account
from banyan.store.payments.ports import Declined, Unreachable
from banyan.store.payments.sandbox import (
    Manners,
    SandboxPayment,
    manners_of,
    pay_in_sandbox,
    sandbox_payment,
    set_manners,
)
from banyan.store.payments.wechat_pay import WechatPay
from banyan.store.pictures import (
    Drawn,
    add_picture,
    drawn,
    keep_files,
    pictures_kept,
    use_files,
)
from banyan.store.placing import OrderRequest, orders_by_key, place_orders
from banyan.store.price_pasts import PricePast, price_pasts
from banyan.store.pricing import Voucher
from banyan.store.products import ProductFields, add_products, change_product
from banyan.store.publishing import publish, withdraw
from banyan.store.quotes import quote, voucher_offs
from banyan.store.refunding import (
    RefundLine,
    approve_refund,
    ask_refund,
    reject_refund,
    retry_refund,
)
from banyan.store.refusals import KEY_NEEDED, QUANTITY_INVALID
from banyan.store.sending import due_refunds, send_refund
from banyan.store.shelf import QUANTITY_MOST, Item, merged
from banyan.store.shipping import (
    COMPANIES,
    ShipmentLine,
    ShipmentRequest,
    collect,
    complete_due,
    confirm_receipt,
    receive_late,
    ship,
)
from banyan.store.shops import ShopFields, open_shop, shop_url, shop_views
from banyan.store.showcase import ShopHome
from banyan.store.skus import SkuFields
from banyan.store.spending import paid_between, spent_since
from banyan.store.statements import fetch_statement, statement_page, statements
from banyan.store.stock import Stock, add_stock, open_stock, set_stock, stock_of
from banyan.store.sweeps import sweep, sweeps
from banyan.store.views import OrderView, QuoteView
from banyan.store.waiting import OrdersWaiting, orders_waiting
from banyan.store.window import window

__all__ = [
    "CAMPAIGN_EVENTS",
    "COMPANIES",
    "EXPIRED",
    "INVARIANTS",
    "KEY_NEEDED",
    "QUANTITY_INVALID",
    "QUANTITY_MOST",
    "Address",
    "Declined",
    "Drawn",
    "Item",
    "Manners",
    "Me",
    "OfferedSku",
    "OrderLines",
    "OrderRequest",
    "OrderStory",
    "OrderView",
    "OrdersWaiting",
    "PageProblem",
    "Picture",
    "PricePast",
    "ProductFields",
    "ProductView",
    "QuoteView",
    "RefundLine",
    "SandboxPayment",
    "ShipmentLine",
    "ShipmentRequest",
    "ShopFields",
    "ShopFront",
    "ShopHome",
    "ShopState",
    "ShopView",
    "SkuFields",
    "Stock",
    "Unreachable",
    "Voucher",
    "WechatPay",
    "add_picture",
    "add_products",
    "add_stock",
    "address_of",
    "approve_refund",
    "ask_about_payment",
    "ask_refund",
    "cancel_order",
    "change_category",
    "change_product",
    "close_expired",
    "close_unpaid",
    "collect",
    "complete_due",
    "confirm_receipt",
    "drawn",
    "due_payments",
    "due_refunds",
    "ensure_categories",
    "fetch_statement",
    "forget_buyer",
    "invoiceable_minor",
    "keep_files",
    "lines_of_orders",
    "manners_of",
    "merged",
    "offered",
    "open_shop",
    "open_stock",
    "order_view",
    "orders_by_id",
    "orders_by_key",
    "orders_kept",
    "orders_of_lines",
    "orders_waiting",
    "paid_between",
    "pay_in_sandbox",
    "pictures_kept",
    "place_orders",
    "price_pasts",
    "product_view",
    "provider_of",
    "providers_on",
    "publish",
    "quote",
    "receive_late",
    "receive_notice",
    "reject_refund",
    "release_orders",
    "retry_refund",
    "sandbox_payment",
    "save_account",
    "send_back",
    "send_late_back",
    "send_refund",
    "set_manners",
    "set_stock",
    "ship",
    "shop_url",
    "shop_views",
    "spent_since",
    "start_payment",
    "statement_page",
    "statements",
    "stock_of",
    "stories_of",
    "sweep",
    "sweeps",
    "take_out_of_cart",
    "take_up_again",
    "use_files",
    "voucher_offs",
    "who_paid",
    "window",
    "withdraw",
]
