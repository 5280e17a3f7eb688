"""The ways the store says no."""

from banyan.kernel.errors import refusal

QUANTITY_INVALID = refusal(
    "quantity_invalid",
    422,
    zh="数量应为 1 至 9999 的整数",
    en="A quantity is a whole number from 1 to 9999",
)
NO_ITEMS = refusal("no_items", 422, zh="请至少选择一件商品", en="Choose at least one product")
TOO_MANY_ITEMS = refusal(
    "too_many_items",
    422,
    zh="一个订单最多 {most} 种商品",
    en="An order holds at most {most} different products",
)
NO_SUCH_SKU = refusal(
    "sku_not_found", 422, zh="商品不存在或已下架", en="This product does not exist or is withdrawn"
)
NOT_ON_SALE = refusal(
    "not_on_sale", 409, zh="「{name}」现在不可购买", en="“{name}” cannot be bought right now"
)
SOLD_OUT = refusal(
    "sold_out",
    409,
    zh="「{name}」库存不足，还剩 {left} 件",
    en="Not enough of “{name}”: {left} left",
)
TOO_MANY_OF_ONE = refusal(
    "most_per_order",
    422,
    zh="「{name}」每单限购 {most} 件",
    en="At most {most} of “{name}” in one order",
)
MIXED_SHOPS = refusal(
    "mixed_shops",
    422,
    zh="不同店铺的商品请分开下单",
    en="Products of different shops are ordered one shop at a time",
)
SHOP_CLOSED = refusal("shop_closed", 409, zh="店铺已打烊", en="The shop is closed")
ADDRESS_NEEDED = refusal("address_needed", 422, zh="请选择收货地址", en="Choose where to send it")
TOO_DEAR = refusal(
    "amount_too_large", 422, zh="订单金额超出上限", en="The order comes to more than is allowed"
)
VOUCHER_UNFIT = refusal(
    "voucher_unfit",
    409,
    zh="优惠券不适用于这个订单",
    en="The coupon does not fit this order",
)
KEY_NEEDED = refusal(
    "idempotency_key_needed",
    422,
    zh="下单请求需要 Idempotency-Key",
    en="Placing an order needs an Idempotency-Key",
)
NO_SUCH_ORDER = refusal("order_not_found", 404, zh="没有找到这个订单", en="There is no such order")
WRONG_STATE = refusal(
    "order_state",
    409,
    zh="订单当前状态（{state}）不能这样做",
    en="An order that is {state} does not allow this",
)
ORDER_HELD = refusal(
    "order_held",
    409,
    zh="这个订单在等活动结果（如成团），确认后才能发货或核销",
    en="This order waits for its campaign, such as a team that forms; it cannot be handed over yet",
)
NOTHING_TO_SHIP = refusal(
    "nothing_to_ship",
    409,
    zh="没有可以发货的数量",
    en="There is nothing left to ship of that",
)
NO_SUCH_LINE = refusal(
    "order_line_not_found", 422, zh="订单里没有这一行", en="The order has no such line"
)
NO_SUCH_COMPANY = refusal(
    "shipping_company_unknown", 422, zh="不认识的快递公司", en="An unknown shipping company"
)
NO_SUCH_CODE = refusal(
    "collection_code_unknown", 404, zh="核销码无效", en="There is no such collection code"
)
CODE_USED = refusal(
    "collection_code_used",
    409,
    zh="这个核销码已使用",
    en="This collection code has been used",
)
ALREADY_PAID = refusal("already_paid", 409, zh="订单已支付", en="The order is paid already")
NO_PROVIDER = refusal(
    "payment_provider_off",
    422,
    zh="商家未开通这种支付方式",
    en="The merchant does not take this way of paying",
)
PROVIDER_SILENT = refusal(
    "payment_provider_silent",
    503,
    zh="支付渠道暂时没有响应，请稍后再试",
    en="The payment provider does not answer; please try again in a moment",
)
PROVIDER_DECLINED = refusal(
    "payment_declined",
    409,
    zh="支付渠道拒绝了：{problem}",
    en="The payment provider declined: {problem}",
)
NOTICE_REJECTED = refusal(
    "notice_rejected", 401, zh="通知签名无效", en="The notice is not signed as it should be"
)
REFUND_TOO_MUCH = refusal(
    "refund_exceeds",
    409,
    zh="退款数量或金额超过可退部分",
    en="That is more than can be refunded",
)
REFUND_TOO_LATE = refusal(
    "refund_too_late",
    409,
    zh="已超过退货期限",
    en="The time to return this is over",
)
NO_RETURN = refusal(
    "no_return",
    409,
    zh="「{name}」签收后不支持无理由退款；有质量问题请联系商家或发起纠纷",
    en="“{name}” cannot be returned once delivered; if it is faulty, tell the merchant or dispute it",
)
NO_SUCH_REFUND = refusal(
    "refund_not_found", 404, zh="没有找到这笔退款", en="There is no such refund"
)
REFUND_DECIDED = refusal(
    "refund_decided", 409, zh="这笔退款已处理", en="This refund has been decided already"
)
NO_SUCH_DISPUTE = refusal(
    "dispute_not_found", 404, zh="没有找到这个纠纷", en="There is no such dispute"
)
DISPUTE_OPEN = refusal(
    "dispute_open", 409, zh="这个订单已有进行中的纠纷", en="This order has an open dispute already"
)
NO_SUCH_CASE = refusal("case_not_found", 404, zh="没有找到这个差异", en="There is no such case")
NO_STATEMENT_YET = refusal(
    "statement_not_ready",
    409,
    zh="这一天的对账单还没有出",
    en="The statement of that day is not out yet",
)
ONLY_IN_SANDBOX = refusal(
    "only_in_sandbox", 403, zh="只能在沙箱里使用", en="Only a sandbox allows this"
)
