/** What a buyer's pages send and take about quotes, orders and paying. What members share is in `orders.ts`. */
import type { Twin } from '../src/language.ts'
import type { Dispute, Fulfilment, Order, OrderStep, Payment, Refund, Shipment } from './orders.ts'
import type { Address } from './store.ts'

/** What is asked for; prices and totals are never sent. */
export interface WantedLine {
  sku_id: string
  quantity: number
}
/** POST /api/public/quotes; an order takes the same and more. */
export interface QuoteRequest {
  lines: WantedLine[]
  fulfilment: Fulfilment
}
export interface QuoteLine {
  sku_id: string
  product_id: string | null
  product_name: string
  attributes: Record<string, string>
  quantity: number
  unit_price_minor: number
  discount_minor: number
  payable_minor: number
  left: number
  /** The code of a refusal, or null. */
  problem: string | null
  /** What must be known before buying: that it cannot be returned, and why. */
  no_return: Twin | null
}
export interface Quote {
  currency: string
  lines: QuoteLine[]
  /** `parts`: what each line, in their order, gets of it. */
  discounts: { id: string; name: Twin; minor: number; parts: number[] }[]
  goods_minor: number
  discount_minor: number
  freight_minor: number
  payable_minor: number
  can_order: boolean
}
/** POST /api/public/orders with `Idempotency-Key` → Order. */
export interface OrderRequest extends QuoteRequest {
  address_id: string | null
  via_shop_id: string | null
  note: string
  /** By whose link the buyer came, where a campaign pays for that. */
  link_code?: string
  /** Coupons to use: chosen at the checkout. */
  coupon_ids?: string[]
}
/** A coupon the buyer has; `off_minor` is what it alone would take off this order, 0 when it does not fit. */
export interface CouponChoice {
  id: string
  name: Twin
  value_minor: number
  off_bps: number
  from_minor: number
  stacks: boolean
  expires_at: string
  off_minor: number
  state: 'fits' | 'does_not_fit'
}
/** POST /api/public/checkouts: QuoteRequest with `coupon_ids` (null: the best). */
export interface Checkout {
  quote: Quote
  chosen: string[]
  coupons: CouponChoice[]
}
/** GET /api/public/orders?state=&cursor= → Page<Order>; GET /api/public/orders/{id}; cancelling and confirming answer the same. */
export interface BuyerOrder {
  order: Order
  steps: OrderStep[]
  shipments: Shipment[]
  refunds: Refund[]
  payments: Payment[]
  refundable_minor: number
  invoiceable_minor: number
  /** An `actor` here is only its kind: `person` is the buyer. */
  disputes: Dispute[]
  /** Where it can be paid; none when it is not waiting to be. */
  providers: PaymentProvider[]
  address: Address | null
}
export type PaymentProvider = 'sandbox' | 'wechat_pay' | 'alipay'
export type PaymentMethod = 'page' | 'h5' | 'native' | 'jsapi'
/** POST /api/public/orders/{id}/payments {provider, method}; `none`: nothing is owed. */
export interface PaymentAction {
  action: 'redirect' | 'qr' | 'jsapi' | 'none'
  url: string | null
  parameters: Record<string, string>
}
/** POST /api/public/orders/{id}/refunds → Refund */
export interface RefundRequest {
  lines: { line_id: string; quantity: number }[]
  reason: string
}
/** The state inside GET /h5/sandbox/pay/{trade_number} is `{sandbox_payment: …}`. */
export interface SandboxPayment {
  trade_number: string
  title: string
  amount_minor: number
  currency: string
  state: string
  return_url: string
}
