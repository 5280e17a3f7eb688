import { say } from '@banyan/shared/language'
import { some, whole } from '@banyan/shared/number'

export const FACTS = ['orders', 'people', 'points'] as const
export type SeedFact = (typeof FACTS)[number]
/** From how many of each on somebody is shown; null: not by this. */
export type SeedRule = Record<SeedFact, number | null>

export interface SeedRow extends Record<SeedFact, number> {
  person_id: string
  name: string | null
  phone_masked: string | null
  reasons: SeedFact[]
  is_picked: boolean
  picked_at: string | null
  is_agreed: boolean
}
/** GET /api/admin/seeds */
export interface Seeds {
  rule: SeedRule
  items: SeedRow[]
  total: number
  picked: number
  reachable: number
}

/** What the number says of somebody, and what it counts. */
export function factName(fact: SeedFact): string {
  return { orders: say('付过款的订单', 'Paid orders'), people: say('带来的新客', 'New people brought'), points: say('得过的积分', 'Points earned') }[fact]
}
export function factMeans(fact: SeedFact): string {
  return {
    orders: say('付过款、没有全额退款的订单数。', 'Orders paid for and not wholly refunded.'),
    people: say('在所有活动里带来并计入的新客人数，后来退出的不算。', 'New people whose help counted, over all campaigns; who left is not counted.'),
    points: say('活动里得到、没有被收回的积分，花掉的也算。', 'Points earned in campaigns and not taken back, spent or not.'),
  }[fact]
}
/** Why somebody is shown, as one says it. */
export function factSaid(fact: SeedFact, have: number): string {
  return {
    orders: say(`付过 ${whole(have)} 单`, `paid ${some(have, 'order')}`),
    people: say(`带来 ${whole(have)} 位新客`, `brought ${some(have, 'new person', 'new people')}`),
    points: say(`得过 ${whole(have)} 积分`, `earned ${some(have, 'point')}`),
  }[fact]
}
/** A number as typed: none, or a whole one of at least one. */
export function leastOf(typed: string): number | null {
  const found = Math.floor(Number(typed))
  return typed.trim() && found >= 1 ? found : null
}
