/** What members and participants are sent of membership levels. Money is in minor units, shares in hundredths of a percent. */
import type { Twin } from '../src/language.ts'

export interface Level {
  key: string
  name_zh: string
  name_en: string
  /** Off every order of the shop, in hundredths of a percent. */
  discount_bps: number
  /** Points earned for 10000 that a campaign gives. */
  points_bps: number
  /** The coupon given once on reaching it; 0: none. */
  coupon_minor: number
  coupon_from_minor: number
  coupon_days: number
  spent_minor: number | null
  people: number | null
  points: number | null
  within_days: number
  keeps_days: number
}
export interface Ladder {
  revision: number
  currency: string
  levels: { level: Level; people: number }[]
  /** What is proposed and the ladder has not. */
  proposal: Level[]
  budget: { total_minor: number; spent_minor: number }
}
export type Why = 'spent' | 'people' | 'points' | 'granted' | 'kept' | 'lapsed' | 'refunded' | 'grant_over' | 'removed' | 'ladder_changed'
export interface Membership {
  has_levels: boolean
  currency: string
  level: Level | null
  until: string | null
  since: string | null
  why: Why | null
  next: { level: Level; missing: { rule: 'spent' | 'people' | 'points'; have: number; need: number; within_days: number }[] } | null
}
export interface PersonMembership {
  membership: Membership
  history: { at: string; from_name: Twin | null; to_name: Twin | null; why: Why; own_until: string | null }[]
}
