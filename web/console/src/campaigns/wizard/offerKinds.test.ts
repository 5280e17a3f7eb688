import type { Offer } from '@banyan/shared/api'
import { describe, expect, it } from 'vitest'
import { asKind } from './offerKinds'

const coupon: Offer = {
  key: 'a', kind: 'coupon', name: { zh: '券', en: 'A coupon' }, value_minor: 2000, points: 0, cost_minor: 900, quantity: 5, valid_days: 30, terms: { zh: '', en: '' },
  coupon: { from_minor: 8800, off_bps: 0, product_ids: [], category_ids: [], stacks: false },
}

describe('an offer made another kind', () => {
  it('keeps its name, quantity and days, and loses what only a coupon has', () => {
    const gift = asKind(coupon, 'gift')
    expect(gift).toMatchObject({ kind: 'gift', name: coupon.name, quantity: 5, valid_days: 30, value_minor: 2000, cost_minor: 900, coupon: null })
  })
  it('costs what it is worth when it is cash', () => {
    expect(asKind(coupon, 'cash')).toMatchObject({ value_minor: 2000, cost_minor: 2000 })
  })
  it('is worth nothing in money when it is points, a level or content', () => {
    expect(asKind(coupon, 'points')).toMatchObject({ value_minor: 0, points: 10, cost_minor: 900 })
    expect(asKind(coupon, 'level')).toMatchObject({ value_minor: 0, cost_minor: 0, level_key: null })
    expect(asKind(coupon, 'content').content).toEqual({ title: coupon.name, body: { zh: '', en: '' }, url: '' })
  })
})
