// What is mine over all campaigns: the server's words and amounts, and what I may do with them.
import { request } from '@banyan/shared/request'
import type { Twin } from '@banyan/shared/language'
import { money } from '@banyan/shared/money'
import { reactive } from 'vue'
import { failureOf, requestKey, type Failure } from '../api'

export type PayoutMethod = 'sandbox' | 'wechat_transfer' | 'manual'

export interface Coupon {
  id: string
  name: Twin
  value_minor: number
  /** Hundredths of a percent off, `value_minor` at most; 0: `value_minor` off. */
  off_bps: number
  from_minor: number
  is_for_some: boolean
  stacks: boolean
  code: string
  state: 'unused' | 'locked' | 'redeemed' | 'expired' | 'revoked' | 'pending'
  /** Its order was refunded after it had expired, so it did not come back. */
  has_lapsed: boolean
  terms: Twin
  expires_at: string
}
export interface Thing {
  id: string
  kind: 'gift' | 'level' | 'content'
  name: Twin
  code: string | null
  state: string
  content: { title?: Twin; body?: Twin; url?: string } | null
  claim: 'asked' | 'shipped' | 'collected' | null
  company: string | null
  number: string | null
  expires_at: string | null
}
export interface Earned {
  id: string
  campaign_id: string
  reason: Twin
  amount_minor: number
  state: 'pending' | 'vested' | 'paid' | 'expired' | 'cancelled' | 'clawed_back'
  granted_at: string
  held_until: string | null
  vested_at: string | null
}
export interface Owed {
  grant_id: string
  campaign_id: string
  reason: Twin
  made_minor: number
  owed_minor: number
  made_at: string
}
export interface MyPayout {
  id: string
  amount_minor: number
  method: PayoutMethod
  state: 'created' | 'rejected' | 'submitting' | 'unknown' | 'succeeded' | 'failed'
  waits_for_approval: boolean
  created_at: string
  ended_at: string | null
}
export interface Wallet {
  cash: { currency: string; free_minor: number; held_minor: number; on_the_way_minor: number; paid_minor: number; owed_minor: number }
  terms: { methods: PayoutMethod[]; least_minor: number; per_person_day_minor: number }
  owed: Owed[]
  earned: Earned[]
  payouts: MyPayout[]
  points: number
  lots: { left: number; expires_at: string }[]
  coupons: Coupon[]
  things: Thing[]
}
export interface ShelfPlace {
  id: string
  kind: string
  name_zh: string
  name_en: string
  price_points: number
  value_minor: number
  from_minor: number
  left: number | null
}

const root = '/api/public'

export const wallet = reactive({
  of: null as Wallet | null,
  shelf: [] as ShelfPlace[],
  failure: null as Failure | null,
  busy: false,
})

export function inMoney(minor: number): string {
  return money(minor, wallet.of?.cash.currency ?? 'CNY')
}

/** Reads what is mine; also after something changed it elsewhere. */
export async function readWallet(): Promise<void> {
  wallet.failure = null
  try {
    const [mine, shelf] = await Promise.all([
      request<Wallet>(`${root}/wallet`),
      request<{ items: ShelfPlace[] }>(`${root}/exchange`),
    ])
    wallet.of = mine
    wallet.shelf = shelf.items
  } catch (error) {
    wallet.failure = failureOf(error)
  }
}

let asked = { path: '', body: '', key: '' }

/** Asks once: a repeat of the same wish after a lost answer is the same request. True when it was done. */
async function ask(path: string, body: unknown): Promise<boolean> {
  const text = JSON.stringify(body)
  if (asked.path !== path || asked.body !== text) asked = { path, body: text, key: requestKey() }
  wallet.busy = true
  wallet.failure = null
  try {
    wallet.of = await request<Wallet>(root + path, { method: 'POST', body, headers: { 'Idempotency-Key': asked.key } })
    asked = { path: '', body: '', key: '' }
    return true
  } catch (error) {
    wallet.failure = failureOf(error)
    return false
  } finally {
    wallet.busy = false
  }
}

export const payOut = (amount_minor: number, method: PayoutMethod, payee: string): Promise<boolean> => ask('/payouts', { amount_minor, method, payee })
export const exchange = (item: string): Promise<boolean> => ask(`/exchange/${encodeURIComponent(item)}`, {})
export const claimGift = (grant: string, address: { name: string; phone: string; address: string }): Promise<boolean> =>
  ask(`/gifts/${encodeURIComponent(grant)}/claim`, address)
