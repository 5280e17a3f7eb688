// What is being checked out: only which SKUs and how many. Everything about money comes from the server's quote.
import type { OrderRequest, WantedLine } from '@banyan/shared/buying'
import { requestKey } from '../../api'
import { go } from '../view'

export interface Basket {
  lines: WantedLine[]
  viaShopId: string | null
  /** Through which quest of a campaign it is bought, when it is: the price is the quest's. */
  quest?: { id: string; linkCode: string; moves?: boolean }
}

const KEPT = 'banyan.checkout'
const ASKED = 'banyan.order'

/** The tab's storage, or null where it is switched off: there even reading the property throws. */
function storage(): Storage | null {
  try {
    return globalThis.sessionStorage ?? null
  } catch {
    return null
  }
}

let basket: Basket | null = null

/** Begins to check out; a page that is loaded again (back from paying, say) still knows what. */
export function checkOut(lines: WantedLine[], viaShopId: string | null): void {
  basket = { lines, viaShopId }
  storage()?.setItem(KEPT, JSON.stringify(basket))
  go('checkout')
}

export function basketNow(): Basket | null {
  const kept = storage()?.getItem(KEPT)
  return basket ?? (kept ? (JSON.parse(kept) as Basket) : null)
}

export function dropBasket(): void {
  basket = null
  storage()?.removeItem(KEPT)
  storage()?.removeItem(ASKED)
}

let asked: { body: string; key: string } | null = null

/**
 * The key of an order: the same for the same wish over retries and reloads, so that a lost answer never becomes a
 * second order; a changed wish is another order and gets another key.
 */
export function keyOf(order: OrderRequest, questId = ''): string {
  const body = questId + JSON.stringify(order)
  const kept = storage()?.getItem(ASKED)
  const last = asked ?? (kept ? (JSON.parse(kept) as { body: string; key: string }) : null)
  asked = last?.body === body ? last : { body, key: requestKey() }
  storage()?.setItem(ASKED, JSON.stringify(asked))
  return asked.key
}

const TEAMS = 'banyan.bought-by'

/** By which link an order of a quest was bought, so that its page leads back there. */
export function keepLinkOf(order: string, linkCode: string): void {
  storage()?.setItem(`${TEAMS}.${order}`, linkCode)
}

export function linkOf(order: string): string | null {
  return storage()?.getItem(`${TEAMS}.${order}`) ?? null
}

const BROUGHT = 'banyan.brought-by'

/** Whoever comes to the shop by a link of a campaign (`?by=`) buys by it for as long as the tab is open. */
export function rememberLink(): void {
  const code = new URLSearchParams(location.search).get('by')
  if (code) storage()?.setItem(BROUGHT, code)
}

export function broughtBy(): { link_code?: string } {
  const code = storage()?.getItem(BROUGHT)
  return code ? { link_code: code } : {}
}

/** The order exists: the next one, even of the same things, is another. */
export function orderPlaced(): void {
  asked = null
  dropBasket()
}
