import { page } from '../../page/page'
import type { PublicQuest, Tier } from '../../page/state'

/** The tiers with what has been reached; from the settings while no quest has begun. */
export function tiersOf(quest: PublicQuest | null): Tier[] {
  if (quest?.tiers.length) return quest.tiers
  const tiers = page.state.campaign?.settings_public.tiers ?? []
  return tiers.map((tier) => ({ people: tier.people, offer_key: tier.offer, reached: false }))
}

/** The tier ahead; the last one when all are reached. */
export function nextTier(quest: PublicQuest | null): Tier | null {
  const tiers = tiersOf(quest)
  return tiers.find((tier) => !tier.reached) ?? tiers[tiers.length - 1] ?? null
}
