import type { Definition, Offer, Rules, Workspace } from '@banyan/shared/api'
import type { Twin } from '@banyan/shared/language'
import type { PageState, TierProgress } from '@banyan/shared/public'

const PEOPLE = ['周**', '林**', '王**']

/** How far the imagined person of the preview has come, and what the whole way is. */
function progressOf(definition: Definition): { have: number; need: number | null; tiers: TierProgress[] } {
  const settings = definition.play.settings
  if (definition.play.key === 'assist') {
    const need = Number(settings.helpers_needed) || 1
    const have = Math.max(0, Math.min(need - 1, 2))
    return { have, need, tiers: [{ people: need, offer_key: String(settings.offer ?? ''), reached: false }] }
  }
  const tiers = (Array.isArray(settings.tiers) ? settings.tiers : []) as { people: number; offer: string }[]
  const next = tiers.find((tier) => tier.people > 2) ?? tiers.at(-1)
  const have = next ? Math.max(0, Math.min(2, next.people - 1)) : 0
  return { have, need: next?.people ?? null, tiers: tiers.map((tier) => ({ people: tier.people, offer_key: tier.offer, reached: tier.people <= have })) }
}

/** How a coupon is used, in the words of the rules; the server says it in full once it is published. */
function couponUse(offer: Offer): Twin {
  if (offer.kind !== 'coupon') return { zh: '', en: '' }
  const least = (offer.coupon?.from_minor ?? 0) / 100
  return least ? { zh: `适用商品满 ${least} 元可用`, en: `for goods from ${least} yuan` } : { zh: '无使用门槛', en: 'from any amount' }
}

/** What a participant half-way through would see of this definition. Nobody in it is real. */
export function previewState(definition: Definition, workspace: Workspace, rules: Rules): PageState {
  const progress = progressOf(definition)
  const quest = { id: 'preview', owner_masked: '陈**', ...progress, state: 'open', ends_at: definition.period.ends_at || null }
  const supporters = PEOPLE.slice(0, progress.have + 1).map((name_masked, at) => {
    const counted = at < progress.have
    return {
      name_masked, at: new Date(Date.now() - (at + 1) * 3 * 3_600_000).toISOString(), counted, reason: counted ? null : 'not_new',
      message: counted ? null : { zh: '已是老会员', en: 'Already a member' },
    }
  })
  return {
    link: { code: 'PREVIEW', kind: 'quest', channel: null },
    workspace: { name: workspace.name, slug: workspace.slug, currency: workspace.currency, is_sandbox: workspace.is_sandbox },
    campaign: {
      id: 'preview', name: definition.name, play: definition.play.key, state: 'live', ends_at: definition.period.ends_at || null, page: definition.page,
      offers: definition.offers.map((offer) => ({
        key: offer.key, name: offer.name, kind: offer.kind, value_minor: offer.value_minor, points: offer.points, left: offer.quantity, valid_days: offer.valid_days, use: couponUse(offer), terms: offer.terms,
      })),
      settings_public: definition.play.settings, rules, host: definition.host,
    },
    surface: { key: definition.surfaces[0] ?? 'own_web', allowed: true, message: null },
    quest, me: { person_id: 'preview', name_masked: '陈**', is_new: false },
    my_quest: { ...quest, share_url: '', share_code: 'PREVIEW', supporters, grants: [] }, my_support: null, problem: null,
  }
}
