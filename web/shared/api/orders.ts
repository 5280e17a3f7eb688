/**
 * What the store's APIs send and take about orders, payments, refunds, statements and what does not fit.
 * Twins of `banyan/store/views.py`. Money is in minor units, times are ISO 8601 in UTC.
 */
import type { Twin } from '../src/language.ts'
import type { Page } from './types.ts'

export type OrderState = 'placed' | 'paid' | 'part_shipped' | 'shipped' | 'delivered' | 'completed' | 'closed'
export type Fulfilment = 'delivery' | 'collection'

export interface OrderDiscount {
  id: string
  name: Twin
  minor: number
}
export interface OrderLine {
  id: string
  sku_id: string
  product_id: string
  product_name: string
  attributes: Record<string, string>
  quantity: number
  unit_price_minor: number
  /** This line's part of all discounts; the parts add up to `discount_minor` of the order. */
  discount_minor: number
  payable_minor: number
  /** Why it cannot be returned once delivered. */
  no_return: string | null
  shipped_quantity: number
  refunding_quantity: number
}
export interface Order {
  id: string
  number: string
  shop_id: string
  buyer_id: string
  state: OrderState
  fulfilment: Fulfilment
  currency: string
  goods_minor: number
  discount_minor: number
  freight_minor: number
  payable_minor: number
  discounts: OrderDiscount[]
  lines: OrderLine[]
  note: string
  address_id: string | null
  collection_code: string | null
  placed_at: string
  expires_at: string
  paid_at: string | null
  delivered_at: string | null
  completed_at: string | null
  closed_at: string | null
  close_reason: string | null
  /** Whether it waits for a campaign's word (a team that forms) before anything is handed over. */
  is_held?: boolean
}
/** GET /api/admin/orders?state=&q=&from=&to=&cursor= (`from`, `to`: days of the workspace, both included). */
export type OrderList = Page<Order>
/** GET /api/admin/orders/counts?q=&from=&to=: how many there are in each state. */
export type OrderCounts = Record<OrderState, number>

export interface OrderStep {
  from_state: string
  to_state: OrderState
  actor: string
  reason: string
  at: string
}
export interface Shipment {
  id: string
  company: string
  company_name: Twin
  number: string
  shipped_at: string
  lines: { line_id: string; quantity: number }[]
}
export type PaymentState = 'open' | 'captured' | 'surplus' | 'closed' | 'failed'
export interface Payment {
  id: string
  provider: string
  method: string
  trade_number: string
  state: PaymentState
  amount_minor: number
  currency: string
  created_at: string
  captured_at: string | null
  problem: string | null
}
export type RefundState = 'asked' | 'approved' | 'sending' | 'unknown' | 'done' | 'failed' | 'rejected'
export interface Refund {
  id: string
  order_id: string
  order_number: string
  kind: 'asked_by_buyer' | 'by_merchant' | 'by_rule' | 'surplus'
  state: RefundState
  reason: string
  amount_minor: number
  freight_minor: number
  currency: string
  /** The goods go back on the shelf when it is done. */
  restock: boolean
  lines: { line_id: string; quantity: number; amount_minor: number }[]
  tries: number
  problem: string | null
  decision: string | null
  asked_at: string
  decided_at: string | null
  done_at: string | null
  /** How the money was given, when it was given outside the provider. */
  by_hand: string | null
}
/** Where an order goes; only members that may read orders see it. */
export interface OrderAddress {
  recipient: string
  phone: string
  province: string
  city: string
  district: string
  street: string
}
/** GET /api/admin/orders/{id} */
export interface OrderPage {
  order: Order
  steps: OrderStep[]
  shipments: Shipment[]
  refunds: Refund[]
  payments: Payment[]
  refundable_minor: number
  invoiceable_minor: number
  disputes: Dispute[]
  /** Where it can be paid; none when it is not waiting to be. */
  providers: string[]
  buyer: { id: string; name: string | null; phone_masked: string | null } | null
  address: OrderAddress | null
}
/** What became of one of many. */
export interface OneOfMany {
  order_id: string
  problem: { code: string; title: string } | null
}
/** POST /api/admin/orders/confirmations {ids} (received) → {items: OneOfMany[]} */
export interface Confirmations {
  ids: string[]
}
/** POST /api/admin/orders/shipments {items: ShipmentRequest[]} → {items: OneOfMany[]}. No lines: everything that is left. */
export interface ShipmentRequest {
  order_id: string
  company: string
  number: string
  lines?: { line_id: string; quantity: number }[]
}
/** GET /api/admin/shipping-companies → Page<ShippingCompany> */
export interface ShippingCompany {
  key: string
  name: Twin
}
/** POST /api/admin/orders/{id}/refunds {lines, reason} → Refund: the merchant gives money back unasked. */
export interface MerchantRefund {
  lines: { line_id: string; quantity: number }[]
  reason: string
}
/** POST /api/admin/orders/{id}/cancellation {reason} → OrderPage: closes an order that is not paid. */
export interface Cancellation {
  reason: string
}
/** POST /api/admin/collections {code} → OrderPage */
export interface Collection {
  code: string
}
// GET /api/admin/refunds?state=&cursor= → Page<Refund>; POST /refunds/{id}/approval {words, put_back};
// POST /refunds/{id}/rejection {words}; POST /refunds/{id}/retry. All answer Refund.

export interface MoneyCase {
  id: string
  kind: 'amount_differs' | 'not_ours' | 'missing_at_provider' | 'state_differs' | 'notice_does_not_fit'
  provider: string
  subject: string
  day: string | null
  expected_minor: number | null
  found_minor: number | null
  detail: string
  state: 'open' | 'closed'
  opened_at: string
  closed_at: string | null
  resolution: string | null
}
/** GET /api/admin/payments/stuck; a payment is asked about again by POST /payments/{id}/question. */
export interface Stuck {
  refunds: Refund[]
  payments: Payment[]
  cases: MoneyCase[]
}
/** GET /api/admin/disputes?state= → Page<Dispute>; POST /disputes/{id}/words {words}, /disputes/{id}/closing {outcome}. */
export interface Dispute {
  id: string
  order_id: string
  refund_id: string | null
  state: 'open' | 'settled' | 'withdrawn'
  outcome: string | null
  opened_at: string
  closed_at: string | null
  words: { actor: string; words: string; at: string }[]
}
/** GET /api/admin/statements → Page<Statement>; POST /statements/{provider}/{day} fetches it (again) → Statement. */
export interface Statement {
  provider: string
  day: string
  lines: number
  matched: number
  fetched_at: string
}
export interface StatementLine {
  kind: 'payment' | 'refund'
  number: string
  provider_number: string
  amount_minor: number
  fee_minor: number
  currency: string
  is_matched: boolean
}
/** GET /api/admin/statements/{provider}/{day}; POST /api/admin/cases/{id}/closing {resolution}. */
export interface StatementPage {
  statement: Statement
  lines: StatementLine[]
  cases: MoneyCase[]
  /** What the provider still owes us; zero when everything was settled. */
  clearing_minor: number
}
/** GET, PUT /api/admin/sandbox/payments: how the sandbox provider (mis)behaves. Sandbox workspaces only. */
export interface SandboxManners {
  notices: 'prompt' | 'late' | 'silent' | 'double' | 'out_of_order'
  late_seconds: number
  notice_off_minor: number
  payments: 'fine' | 'failing' | 'hanging'
  refunds: 'fine' | 'failing' | 'hanging' | 'lost_answer' | 'slow'
  queries: 'fine' | 'hanging'
  statement_off_minor: number
  statement_lines: 'all' | 'first_missing' | 'one_unknown'
  hang_seconds: number
}
