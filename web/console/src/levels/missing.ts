import type { Campaign, Offer } from '@banyan/shared/api'
import type { Ladder, Level } from '@banyan/shared/levels'

/** The levels that a campaign gives and the ladder has not, each once, with the offer that gives it. */
export function missingLevels(offers: Campaign['definition']['offers'], ladder: Ladder): { key: string; offer: Offer }[] {
  const known = new Set(ladder.levels.map((rung) => rung.level.key))
  const missing = new Map<string, Offer>()
  for (const offer of offers) if (offer.kind === 'level' && offer.level_key && !known.has(offer.level_key) && !missing.has(offer.level_key)) missing.set(offer.level_key, offer)
  return [...missing].map(([key, offer]) => ({ key, offer }))
}

/**
 * The level to put on the ladder for a campaign: it gives what the proposal gives, and only campaigns give it.
 * A coupon on reaching it, or a threshold, is for the merchant to add: neither was promised.
 */
export function levelFor(key: string, offer: Offer, proposal: readonly Level[]): Level {
  const like = proposal.find((level) => level.key === key)
  return {
    key,
    name_zh: like?.name_zh ?? offer.name.zh.slice(0, 40),
    name_en: like?.name_en ?? (offer.name.en || offer.name.zh).slice(0, 40),
    discount_bps: like?.discount_bps ?? 0,
    points_bps: like?.points_bps ?? 10_000,
    coupon_minor: 0,
    coupon_from_minor: 0,
    coupon_days: 30,
    spent_minor: null,
    people: null,
    points: null,
    within_days: 365,
    keeps_days: 365,
  }
}

/** The ladder with `level` below the first that takes more off. */
export function withLevel(levels: readonly Level[], level: Level): Level[] {
  const above = levels.findIndex((one) => one.discount_bps > level.discount_bps)
  const at = above < 0 ? levels.length : above
  return [...levels.slice(0, at), level, ...levels.slice(at)]
}
