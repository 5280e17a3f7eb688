import { request } from '@banyan/shared/request'
import type { Page } from '@banyan/shared/api'
import type {
  BuyerOrder, Checkout, OrderRequest, PaymentAction, PaymentMethod, PaymentProvider, Quote, QuoteRequest, RefundRequest,
} from '@banyan/shared/buying'
import type { Fulfilment, Order, Refund } from '@banyan/shared/orders'
import type { OrderPlace } from '@banyan/shared/public'
import type {
  Address, AddressFields, Cart, Favourites, Invoice, InvoiceRequest, OwnShop, OwnShopFields, ProductCard, PublicProduct, ShopFront,
} from '@banyan/shared/store'

const root = '/api/public'
const part = encodeURIComponent
const once = (key: string): Record<string, string> => ({ 'Idempotency-Key': key })

export type Thing = 'products' | 'shops'

export interface QuestOrder {
  quantity: number
  fulfilment: Fulfilment
  address_id: string | null
  note: string
  link_code: string
  /** Whether a payment that comes too late may go to another team of the same terms. */
  may_move: boolean
}

export const shopApi = {
  front: (slug: string) => request<ShopFront>(`${root}/shops/${part(slug)}`),
  products: (slug: string, query: { q?: string; category_id?: string | null; cursor?: string | null }, signal?: AbortSignal) =>
    request<Page<ProductCard>>(`${root}/shops/${part(slug)}/products`, { query, signal }),
  product: (id: string) => request<PublicProduct>(`${root}/products/${part(id)}`),

  favourites: () => request<Favourites>(`${root}/favourites`),
  mark: (things: Thing, id: string, marked: boolean) =>
    request<undefined>(`${root}/favourites/${things}/${part(id)}`, { method: marked ? 'PUT' : 'DELETE' }),

  cart: () => request<Cart>(`${root}/cart`),
  putIn: (sku: string, quantity: number, via_shop_id: string | null) =>
    request<Cart>(`${root}/cart/lines/${part(sku)}`, { method: 'PUT', body: { quantity, via_shop_id } }),
  takeOut: (sku: string) => request<Cart>(`${root}/cart/lines/${part(sku)}`, { method: 'DELETE' }),

  addresses: () => request<Page<Address>>(`${root}/addresses`),
  addAddress: (fields: AddressFields, key: string) =>
    request<Address>(`${root}/addresses`, { method: 'POST', body: fields, headers: once(key) }),
  changeAddress: (id: string, fields: AddressFields) => request<Address>(`${root}/addresses/${part(id)}`, { method: 'PUT', body: fields }),
  dropAddress: (id: string) => request<undefined>(`${root}/addresses/${part(id)}`, { method: 'DELETE' }),

  quote: (wanted: QuoteRequest, signal?: AbortSignal) => request<Quote>(`${root}/quotes`, { method: 'POST', body: wanted, signal }),
  /** The quote with one's coupons: `coupon_ids` null chooses those that take off most. */
  checkOut: (wanted: QuoteRequest, coupon_ids: string[] | null) => request<Checkout>(`${root}/checkouts`, { method: 'POST', body: { ...wanted, coupon_ids } }),
  placeOrder: (order: OrderRequest, key: string) =>
    request<Order>(`${root}/orders`, { method: 'POST', body: order, headers: once(key) }),
  /** Through a quest: the seat is taken first, and the price is the quest's. */
  quoteInQuest: (quest: string, quantity: number, fulfilment: Fulfilment) =>
    request<Quote>(`${root}/quests/${part(quest)}/quotes`, { method: 'POST', body: { quantity, fulfilment } }),
  placeInQuest: (quest: string, order: QuestOrder, key: string) =>
    request<Order>(`${root}/quests/${part(quest)}/orders`, { method: 'POST', body: order, headers: once(key) }),
  orders: (cursor: string | null) => request<Page<Order>>(`${root}/orders`, { query: { cursor } }),
  order: (id: string) => request<BuyerOrder>(`${root}/orders/${part(id)}`),
  place: (id: string) => request<{ place: OrderPlace | null }>(`${root}/orders/${part(id)}/place`),
  pay: (id: string, provider: PaymentProvider, method: PaymentMethod) =>
    request<PaymentAction>(`${root}/orders/${part(id)}/payments`, { method: 'POST', body: { provider, method } }),
  cancel: (id: string, reason: string) =>
    request<BuyerOrder>(`${root}/orders/${part(id)}/cancellation`, { method: 'POST', body: { reason } }),
  confirm: (id: string) => request<BuyerOrder>(`${root}/orders/${part(id)}/receipt`, { method: 'POST' }),
  askRefund: (id: string, refund: RefundRequest, key: string) =>
    request<Refund>(`${root}/orders/${part(id)}/refunds`, { method: 'POST', body: refund, headers: once(key) }),
  openDispute: (id: string, words: string) => request<BuyerOrder>(`${root}/orders/${part(id)}/disputes`, { method: 'POST', body: { words } }),
  sayInDispute: (dispute: string, words: string) =>
    request<undefined>(`${root}/disputes/${part(dispute)}/words`, { method: 'POST', body: { words } }),
  withdrawDispute: (dispute: string, words: string) =>
    request<undefined>(`${root}/disputes/${part(dispute)}/withdrawal`, { method: 'POST', body: { words } }),
  invoices: (id: string) => request<Page<Invoice>>(`${root}/orders/${part(id)}/invoices`),
  askInvoice: (id: string, invoice: InvoiceRequest, key: string) =>
    request<Invoice>(`${root}/orders/${part(id)}/invoices`, { method: 'POST', body: invoice, headers: once(key) }),

  ownShop: () => request<{ shop: OwnShop | null }>(`${root}/shops/mine`),
  openOwnShop: (fields: OwnShopFields, key: string) =>
    request<OwnShop>(`${root}/shops`, { method: 'POST', body: fields, headers: once(key) }),
  changeOwnShop: (fields: OwnShopFields) => request<OwnShop>(`${root}/shops/mine`, { method: 'PUT', body: fields }),

  paySandbox: (trade: string, succeeds: boolean) =>
    request<unknown>(`${root}/sandbox/payments/${part(trade)}`, { method: 'POST', body: { succeeds } }),
}
