import type { NoReturn, Picture, Product, ProductFields, Sku, SkuFields } from '@banyan/shared/store'

/** A SKU while it is edited. `stock` is null until it has been saved once. */
export interface SkuDraft {
  key: string
  id: string | null
  code: string
  attributes: { name: string; value: string }[]
  price_minor: number | null
  reference_minor: number | null
  reference_most_minor: number | null
  cost_minor: number | null
  weight_grams: number | null
  is_on_sale: boolean
  most_per_order: number | null
  sale_starts_at: string | null
  sale_ends_at: string | null
  quantity: number | null
  stock: Sku['stock'] | null
}
export interface ProductDraft {
  shop_id: string
  category_id: string
  name: string
  summary: string
  description: string
  keywords: string
  no_return: NoReturn
  pictures: Picture[]
  skus: SkuDraft[]
}

let made = 0

/** A SKU like `other` but for its price's own history, or an empty one. */
export function newSku(other?: SkuDraft): SkuDraft {
  made += 1
  return {
    key: `new${made}`, id: null, code: '', attributes: other?.attributes.map((pair) => ({ name: pair.name, value: '' })) ?? [],
    price_minor: other?.price_minor ?? null, reference_minor: null, reference_most_minor: null, cost_minor: other?.cost_minor ?? null,
    weight_grams: other?.weight_grams ?? null, is_on_sale: true, most_per_order: other?.most_per_order ?? null, sale_starts_at: null, sale_ends_at: null,
    quantity: null, stock: null,
  }
}
export function newDraft(shopId: string): ProductDraft {
  return { shop_id: shopId, category_id: '', name: '', summary: '', description: '', keywords: '', no_return: null, pictures: [], skus: [newSku()] }
}
const skuDraft = (sku: Sku): SkuDraft => ({
  key: sku.id, id: sku.id, code: sku.code ?? '', attributes: Object.entries(sku.attributes).map(([name, value]) => ({ name, value })),
  price_minor: sku.price_minor, reference_minor: sku.reference_minor, reference_most_minor: sku.reference_most_minor, cost_minor: sku.cost_minor,
  weight_grams: sku.weight_grams, is_on_sale: sku.state === 'on_sale', most_per_order: sku.most_per_order, sale_starts_at: sku.sale_starts_at,
  sale_ends_at: sku.sale_ends_at, quantity: null, stock: sku.stock,
})
export function draftOf(product: Product): ProductDraft {
  return {
    shop_id: product.shop_id, category_id: product.category_id ?? '', name: product.name, summary: product.summary, description: product.description,
    keywords: product.keywords, no_return: product.no_return, pictures: [...product.pictures], skus: product.skus.map(skuDraft),
  }
}
function skuFields(sku: SkuDraft): SkuFields {
  const attributes = Object.fromEntries(sku.attributes.map((pair) => [pair.name.trim(), pair.value.trim()]).filter(([name, value]) => name && value))
  return {
    ...(sku.id ? { id: sku.id } : { quantity: sku.quantity ?? 0 }),
    code: sku.code.trim() || null, attributes, price_minor: sku.price_minor ?? 0, reference_minor: sku.reference_minor, cost_minor: sku.cost_minor,
    weight_grams: sku.weight_grams ?? 0, state: sku.is_on_sale ? 'on_sale' : 'off_sale', most_per_order: sku.most_per_order,
    sale_starts_at: sku.sale_starts_at, sale_ends_at: sku.sale_ends_at,
  }
}
/** What is sent; call it only when `isSound`. */
export function fieldsOf(draft: ProductDraft): ProductFields {
  return {
    shop_id: draft.shop_id, category_id: draft.category_id || null, name: draft.name.trim(), summary: draft.summary.trim(), description: draft.description.trim(),
    keywords: draft.keywords.trim(), no_return: draft.no_return, picture_ids: draft.pictures.map((picture) => picture.id), skus: draft.skus.map(skuFields),
  }
}
export const isSound = (draft: ProductDraft): boolean =>
  !!draft.name.trim() && !!draft.shop_id && draft.skus.length > 0 && draft.skus.every((sku) => sku.price_minor !== null)

/** An ISO moment as `datetime-local` wants it, in the browser's zone, and back. */
export function toLocal(iso: string | null): string {
  if (!iso) return ''
  const at = new Date(iso)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
export const fromLocal = (text: string): string | null => (text ? new Date(text).toISOString() : null)
