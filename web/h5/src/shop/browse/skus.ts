import type { PublicSku } from '@banyan/shared/store'
import { moment } from '../../time'
import { s } from '../words'

export type Choice = Record<string, string>

/** The attributes that tell the SKUs apart, each with its values in the order the merchant gave them. */
export function attributesOf(skus: PublicSku[]): { name: string; values: string[] }[] {
  const found = new Map<string, Set<string>>()
  for (const sku of skus)
    for (const [name, value] of Object.entries(sku.attributes)) found.set(name, (found.get(name) ?? new Set()).add(value))
  return [...found].map(([name, values]) => ({ name, values: [...values] }))
}

function fits(sku: PublicSku, choice: Choice): boolean {
  return Object.entries(choice).every(([name, value]) => sku.attributes[name] === value)
}

/** The SKU a complete choice names, or null. */
export function skuOf(skus: PublicSku[], choice: Choice): PublicSku | null {
  if (attributesOf(skus).some(({ name }) => !(name in choice))) return null
  return skus.find((sku) => fits(sku, choice)) ?? null
}

/** Whether choosing a value, with the rest of the choice as it is, still leads to something that can be bought. */
export function leadsOn(skus: PublicSku[], choice: Choice, name: string, value: string): boolean {
  return skus.some((sku) => canBuy(sku) && fits(sku, { ...choice, [name]: value }))
}

export function canBuy(sku: PublicSku): boolean {
  return sku.is_on_sale && sku.available > 0
}

/** The most pieces one order may take now. */
export function mostOf(sku: { available: number; most_per_order: number | null }): number {
  return Math.max(0, Math.min(sku.available, sku.most_per_order ?? sku.available, 9999))
}

const FEW = 10

/** How a SKU stands, in words; a number only when few are left, and then the true one. */
export function stockWords(sku: PublicSku, now = Date.now()): string {
  if (sku.sale_starts_at && new Date(sku.sale_starts_at).getTime() > now) return s('sale_from', { time: moment(sku.sale_starts_at) })
  if (sku.sale_ends_at && new Date(sku.sale_ends_at).getTime() <= now) return s('sale_over')
  if (!sku.is_on_sale) return s('not_on_sale')
  if (!sku.available) return s('stock_none')
  return sku.available <= FEW ? s('stock_few', { n: sku.available }) : s('stock_plenty')
}
