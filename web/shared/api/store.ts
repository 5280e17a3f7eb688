/**
 * What the store's APIs send and take. Money is in minor units, times are ISO 8601 in UTC.
 * Catalogue first; orders, payments and refunds below.
 */
import type { Twin } from '../src/language.ts'
import type { Page } from './types.ts'

// --- Pictures -------------------------------------------------------------------------------

/** `/pictures/{id}/{width}.webp` (or `.jpg`) for the widths 160, 320, 640, 1280; cached for ever. */
export interface Picture {
  id: string
  width: number
  height: number
}
/** POST /api/admin/pictures: the file itself as the body (image/jpeg, image/png, image/webp; ≤ 10 MiB). */
export type PictureWidth = 160 | 320 | 640 | 1280
export const pictureUrl = (picture: Pick<Picture, 'id'>, width: PictureWidth, type: 'webp' | 'jpg' = 'webp'): string =>
  `/pictures/${picture.id}/${width}.${type}`

// --- Shops, admin: GET/POST /api/admin/shops, GET/PUT /api/admin/shops/{id} ---------------------

export interface Completeness {
  /** 0 … 100. */
  score: number
  missing: { code: string; points: number; message: Twin }[]
}
export interface ShopFields {
  name: string
  introduction: string
  logo_id: string | null
  licence_url: string | null
  contact: string
  state: 'open' | 'closed'
  freight_minor: number
  freight_free_from_minor: number | null
}
export interface Shop extends ShopFields {
  id: string
  slug: string
  /** The address buyers open. */
  url: string
  logo: Picture | null
  /** The participant whose shop it is; null: the merchant's own. */
  owner: { person_id: string; name_masked: string } | null
  completeness: Completeness
  products: number
  created_at: string
}
/** POST /api/admin/shops; without a slug one is made. */
export type NewShop = Partial<ShopFields> & { name: string; slug?: string }

// --- Categories: GET/POST /api/admin/categories, PUT/DELETE /api/admin/categories/{id} -------------

export interface Category {
  id: string
  name: string
  description: string
  position: number
  products: number
}
export interface CategoryFields {
  name: string
  description?: string
  position?: number
}

// --- Products, admin ----------------------------------------------------------------------------

export type ProductState = 'draft' | 'published' | 'withdrawn'
/** Why a product cannot be sent back within seven days (消保法 25); null: it can. */
export type NoReturn = 'made_to_order' | 'perishable' | 'digital' | 'periodical' | null

export interface SkuFields {
  /** Absent: a new SKU. */
  id?: string
  code?: string | null
  /** What tells it from the others, in order: {"颜色": "红", "尺码": "M"}. */
  attributes: Record<string, string>
  price_minor: number
  /** What the merchant would like to cross out; refused above what the law allows (`reference_too_high`). */
  reference_minor?: number | null
  cost_minor?: number | null
  weight_grams?: number
  state?: 'on_sale' | 'off_sale'
  most_per_order?: number | null
  sale_starts_at?: string | null
  sale_ends_at?: string | null
  /** Opening stock of a new SKU; later by PUT /api/admin/skus/{id}/stock. */
  quantity?: number
}
export interface Sku {
  id: string
  code: string | null
  attributes: Record<string, string>
  price_minor: number
  reference_minor: number | null
  /** The highest price that may be crossed out now; null: none may (no deal yet). */
  reference_most_minor: number | null
  cost_minor: number | null
  weight_grams: number
  state: 'on_sale' | 'off_sale'
  most_per_order: number | null
  sale_starts_at: string | null
  sale_ends_at: string | null
  stock: { available: number; reserved: number; sold: number }
}
export interface ProductFields {
  shop_id: string
  category_id: string | null
  name: string
  summary: string
  description: string
  keywords: string
  no_return: NoReturn
  picture_ids: string[]
  skus: SkuFields[]
}
export interface Product {
  id: string
  /** Sent back with PUT; 409 `version_conflict` when somebody saved meanwhile. */
  version: number
  state: ProductState
  shop_id: string
  category_id: string | null
  name: string
  summary: string
  description: string
  keywords: string
  no_return: NoReturn
  pictures: Picture[]
  skus: Sku[]
  /** What stands between it and publication; empty: it may be published. */
  problems: { path: string; code: string; message: Twin }[]
  created_at: string
  updated_at: string
  published_at: string | null
}
/** GET /api/admin/products?q=&shop_id=&category_id=&state=&cursor= → Page<ProductRow> */
export interface ProductRow {
  id: string
  name: string
  state: ProductState
  shop: { id: string; name: string }
  category: { id: string; name: string } | null
  picture: Picture | null
  price_from_minor: number
  price_to_minor: number
  skus: number
  available: number
  updated_at: string
}
/** PUT /api/admin/products/{id} */
export type ProductChange = ProductFields & { version: number }
/** GET /api/admin/products/{id}/prices, newest first. */
export interface PriceChange {
  sku_id: string
  price_minor: number
  reference_minor: number | null
  at: string
  by: string
}
/** POST /api/admin/products/publications {ids, published}; each product answers for itself. */
export interface PublicationOutcome {
  id: string
  state: ProductState
  problems: { path: string; code: string; message: Twin }[]
}
/** PUT /api/admin/skus/{id}/stock: to `available`, or by `delta`; exactly one. */
export interface StockChange {
  available?: number
  delta?: number
  reason: string
}

/**
 * POST /api/admin/products/import?shop_id=&dry_run=true: the file itself as the body (text/csv, or the XLSX type;
 * ≤ 10 MiB). GET /api/admin/products/import/template.csv (or .xlsx) is a file to fill in.
 */
export interface ImportOutcome {
  dry_run: boolean
  /** Products that were made or changed (or would be). */
  accepted: number
  made: number
  changed: number
  /** Rows of the file that hold data. */
  rows: number
  errors: { row: number; column: string | null; code: string; message: Twin }[]
  /** More errors than are listed here. */
  errors_left: number
}

// --- The shop as buyers see it ----------------------------------------------------------------------

export interface PublicShop {
  id: string
  slug: string
  name: string
  introduction: string
  logo: Picture | null
  licence_url: string | null
  contact: string
  is_open: boolean
  /** Set on a participant's own shop: whose recommendation this is. */
  owner: { name_masked: string } | null
  freight_minor: number
  freight_free_from_minor: number | null
}
export interface PublicCategory {
  id: string
  name: string
  description: string
  products: number
}
export interface ProductCard {
  id: string
  name: string
  summary: string
  picture: Picture | null
  /** The lowest price of what can be bought; `has_more_prices`: print "from". */
  price_minor: number
  has_more_prices: boolean
  /** What may be crossed out beside it. */
  reference_minor: number | null
}
/** GET /api/public/shops/{slug} */
export interface ShopFront {
  shop: PublicShop
  workspace: { name: string; slug: string; currency: string; is_sandbox: boolean }
  categories: PublicCategory[]
  /** The first page; more by GET /api/public/shops/{slug}/products?q=&category_id=&cursor= → Page<ProductCard>. */
  products: Page<ProductCard>
}
/** The state inside GET /h5/shop/{slug} is `{shop: ShopState}`. `#product={id}` and the like are the page's own. */
export interface ShopState {
  front: ShopFront | null
  me: { person_id: string; name_masked: string } | null
  problem: { code: string; title: string } | null
}
export interface PublicSku {
  id: string
  attributes: Record<string, string>
  price_minor: number
  reference_minor: number | null
  /** How many can be bought at this moment (a second old at most). */
  available: number
  is_on_sale: boolean
  most_per_order: number | null
  sale_starts_at: string | null
  sale_ends_at: string | null
}
/** GET /api/public/products/{id} */
export interface PublicProduct {
  id: string
  shop: { id: string; slug: string; name: string }
  category_id: string | null
  name: string
  summary: string
  description: string
  no_return: { code: NonNullable<NoReturn>; message: Twin } | null
  pictures: Picture[]
  skus: PublicSku[]
  freight_minor: number
  freight_free_from_minor: number | null
}

// --- Favourites, cart, addresses, own shop (participant) ----------------------------------------------

/** GET /api/public/favourites; PUT and DELETE /api/public/favourites/products/{id} and /shops/{id}. */
export interface Favourites {
  products: ProductCard[]
  shops: PublicShop[]
}
/** GET /api/public/cart; PUT /api/public/cart/lines/{sku_id} {quantity, via_shop_id?}; DELETE the same. All answer Cart. */
export interface Cart {
  lines: CartLine[]
  /** Pieces of all lines that can be bought. */
  quantity: number
  goods_minor: number
}
export interface CartLine {
  sku_id: string
  product_id: string
  shop: { id: string; slug: string; name: string }
  /** The participant's shop through which it was put in, for `via_shop_id` of the order. */
  via_shop_id: string | null
  name: string
  attributes: Record<string, string>
  picture: Picture | null
  quantity: number
  price_minor: number
  available: number
  most_per_order: number | null
  /** Why it cannot be bought like this: `withdrawn`, `not_on_sale`, `sold_out`, `too_few_left`, `too_many`. */
  problem: { code: string; message: Twin } | null
}
/** GET/POST /api/public/addresses → Page / Address; PUT, DELETE /api/public/addresses/{id}. An edit gives it a new id. */
export interface AddressFields {
  recipient: string
  /** E.164, or a Chinese number as people write it. */
  phone: string
  province: string
  city: string
  district: string
  street: string
  is_first?: boolean
}
export interface Address extends Required<AddressFields> {
  id: string
}
/** GET /api/public/shops/mine → {shop: OwnShop | null}; POST /api/public/shops, PUT /api/public/shops/mine → OwnShop. */
export interface OwnShopFields {
  name: string
  introduction: string
  product_ids: string[]
}
export interface OwnShop {
  shop: PublicShop
  url: string
  completeness: Completeness
  product_ids: string[]
}

// --- Invoices ------------------------------------------------------------------------------------------

/** POST /api/public/orders/{id}/invoices */
export interface InvoiceRequest {
  kind: 'personal' | 'company'
  title: string
  /** 15 to 20 letters and digits; needed for a company. */
  tax_number?: string | null
  email?: string | null
}
/** `red`: a letter that voids another; its amounts are negative. */
export interface Invoice {
  id: string
  number: string | null
  order: { id: string; number: string }
  state: 'asked' | 'issued' | 'voided' | 'rejected'
  is_red: boolean
  /** The invoice this red letter voids. */
  voids_id: string | null
  kind: 'personal' | 'company'
  title: string
  tax_number: string | null
  email: string | null
  amount_minor: number
  lines: { name: string; attributes: Record<string, string>; quantity: number; amount_minor: number }[]
  /** What may be invoiced now: captured − refunded − invoiced. */
  invoiceable_minor: number
  asked_at: string
  issued_at: string | null
  voided_at: string | null
  reason: string | null
}
// Admin: GET /api/admin/invoices?state=&q=&cursor= → Page<Invoice>; POST /api/admin/invoices/{id}/issue;
// POST /api/admin/invoices/{id}/void {reason}; POST /api/admin/invoices/{id}/rejection {reason}; GET /api/admin/invoices/{id}.pdf.
// Buyer: GET /api/public/orders/{id}/invoices → Page<Invoice>; GET /api/public/invoices/{id}.pdf.

// --- Discounts -----------------------------------------------------------------------------------------

export type DiscountKind = 'amount_off' | 'share_off'
/** POST /api/admin/discounts. `amount_off` reads `off_minor`, `share_off` `off_bps`; no products: all of the shop's. */
export interface DiscountFields {
  shop_id: string
  name: Twin
  kind: DiscountKind
  from_minor: number
  off_minor: number
  off_bps: number
  product_ids: string[] | null
  starts_at: string
  ends_at: string
}
/** GET /api/admin/discounts?shop_id= → Page<Discount>; POST /api/admin/discounts/{id}/ending → Discount. */
export interface Discount extends DiscountFields {
  id: string
  shop_name: string
  state: 'waiting' | 'running' | 'over' | 'ended'
  created_at: string
}
