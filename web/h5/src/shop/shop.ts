// What the shop's page knows: the front, who looks, what is in the cart. Money is shown here, never computed.
import { money } from '@banyan/shared/money'
import type { SandboxPayment } from '@banyan/shared/buying'
import type { Cart, ProductCard, PublicShop, ShopFront, ShopState } from '@banyan/shared/store'
import { computed, reactive, ref } from 'vue'
import { failureOf, type Failure } from '../api'
import { announce } from '../page/page'
import { shopApi, type Thing } from './api'

interface StateInPage {
  shop?: ShopState | null
  sandbox_payment?: SandboxPayment | null
}

export function stateIn(text: string): StateInPage {
  return text.trim() ? ((JSON.parse(text) as StateInPage | null) ?? {}) : {}
}

export const shop = reactive({
  front: null as ShopFront | null,
  me: null as ShopState['me'],
  problem: null as ShopState['problem'],
  cart: null as Cart | null,
  /** Ids of what this person marked; null while nobody asked. */
  marked: null as Set<string> | null,
})

/** What the person wanted when they were asked to sign in, and why the page asks. */
export const wish = ref<{ reason: string; run: () => unknown } | null>(null)

export const slug = computed(() => shop.front?.shop.slug ?? slugInAddress())
export const currency = computed(() => shop.front?.workspace.currency ?? 'CNY')
/** Set when the shop is a participant's own: orders say through whom they came. */
export const viaShopId = computed(() => (shop.front?.shop.owner ? shop.front.shop.id : null))

function slugInAddress(): string {
  return decodeURIComponent(location.pathname.split('/').filter(Boolean).pop() ?? '')
}

export function price(minor: number | null | undefined, of = currency.value): string {
  return money(minor, of, true)
}

/** Runs what needs a known person, now or after signing in. */
export function signedIn(reason: string, run: () => unknown): void {
  if (shop.me) void run()
  else wish.value = { reason, run }
}

/** A failure, or null when it only meant that nobody is signed in: then the page asks for that. */
export function refused(error: unknown, reason: string, run: () => unknown): Failure | null {
  const failure = failureOf(error)
  if (failure.code !== 'sign_in') return failure
  shop.me = null
  wish.value = { reason, run }
  return null
}

/** Shows a failure as a short word, for what a person can simply press again. */
export function tellFailure(error: unknown, reason: string, run: () => unknown): void {
  const failure = refused(error, reason, run)
  if (failure) announce(failure.text)
}

export async function readShop(): Promise<void> {
  shop.front = await shopApi.front(slug.value)
}

export async function readCart(): Promise<void> {
  const before = shop.cart
  const found = await shopApi.cart()
  // What was put in meanwhile answered with a newer cart than this.
  if (shop.cart === before) shop.cart = found
}

export async function readMarked(): Promise<{ products: ProductCard[]; shops: PublicShop[] }> {
  const before = shop.marked
  const found = await shopApi.favourites()
  if (shop.marked === before) shop.marked = new Set([...found.products, ...found.shops].map((thing) => thing.id))
  return found
}

/** Marks or unmarks a thing. What an older reading says of it counts no more. */
export async function setMarked(things: Thing, id: string, marked: boolean): Promise<void> {
  await shopApi.mark(things, id, marked)
  const now = new Set(shop.marked ?? [])
  if (marked) now.add(id)
  else now.delete(id)
  const isKnown = shop.marked !== null
  shop.marked = now
  if (!isKnown) void readMarked().catch(() => undefined)
}

/** Who somebody is now; their cart and marks follow by themselves. */
export function become(me: ShopState['me']): void {
  shop.me = me
  shop.cart = null
  shop.marked = null
  if (!me) return
  // Neither is needed to go on: the tab shows a number and the heart is filled once they are there.
  void readCart().catch(() => undefined)
  void readMarked().catch(() => undefined)
}
