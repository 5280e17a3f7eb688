import type { Offer, OfferKind } from '@banyan/shared/api'
import type { Twin } from '@banyan/shared/language'

export const OFFER_KINDS: Record<OfferKind, Twin> = {
  coupon: { zh: '优惠券', en: 'Coupon' },
  points: { zh: '积分', en: 'Points' },
  cash: { zh: '现金', en: 'Cash' },
  gift: { zh: '礼品', en: 'Gift' },
  level: { zh: '会员等级', en: 'Level' },
  content: { zh: '内容', en: 'Content' },
}

/** An offer as another kind: what belongs to the old kind goes, what the new one needs is there. */
export function asKind(offer: Offer, kind: OfferKind): Offer {
  const isWorth = kind === 'coupon' || kind === 'gift' || kind === 'cash'
  const value = isWorth ? offer.value_minor || 1000 : 0
  return {
    ...offer,
    kind,
    value_minor: value,
    cost_minor: kind === 'cash' ? value : isWorth || kind === 'points' ? offer.cost_minor : 0,
    points: kind === 'points' ? offer.points || 10 : 0,
    coupon: null,
    level_key: null,
    content: kind === 'content' ? { title: { ...offer.name }, body: { zh: '', en: '' }, url: '' } : null,
  }
}
