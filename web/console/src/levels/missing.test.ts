import type { Offer } from '@banyan/shared/api'
import type { Ladder, Level } from '@banyan/shared/levels'
import { describe, expect, it } from 'vitest'
import { levelFor, missingLevels, withLevel } from './missing'

const offer = (kind: string, level_key: string | null): Offer => ({ kind, level_key, name: { zh: '金卡会员 90 天', en: 'Gold for 90 days' } }) as Offer
const level = (key: string, discount_bps: number): Level => ({ ...levelFor(key, offer('level', key), []), discount_bps, coupon_minor: 1500, spent_minor: 100_000, people: 10, points: 2000, name_zh: `${key} 卡`, name_en: key })
const ladder = (...keys: string[]): Ladder => ({ revision: 1, currency: 'CNY', levels: keys.map((key) => ({ level: level(key, 0), people: 0 })), proposal: [], budget: { total_minor: 0, spent_minor: 0 } })

describe('a level that a campaign gives', () => {
  it('is missing once, however many offers give it, until the ladder has it', () => {
    const offers = [offer('coupon', null), offer('level', 'gold'), offer('level', 'gold'), offer('level', 'silver'), offer('level', null)]
    expect(missingLevels(offers, ladder('silver')).map((one) => one.key)).toEqual(['gold'])
    expect(missingLevels(offers, ladder('silver', 'gold'))).toEqual([])
  })

  it('gives what is proposed, without the coupon and the thresholds that nobody promised', () => {
    const made = levelFor('gold', offer('level', 'gold'), [level('gold', 500)])
    expect([made.name_zh, made.discount_bps]).toEqual(['gold 卡', 500])
    expect([made.coupon_minor, made.spent_minor, made.people, made.points]).toEqual([0, null, null, null])
    expect(levelFor('vip', offer('level', 'vip'), []).name_zh).toBe('金卡会员 90 天')
  })

  it('stands below the first that takes more off', () => {
    const gold = level('gold', 500)
    expect(withLevel([level('silver', 200), level('black', 1000)], gold).map((one) => one.key)).toEqual(['silver', 'gold', 'black'])
    expect(withLevel([level('silver', 200)], gold).map((one) => one.key)).toEqual(['silver', 'gold'])
    expect(withLevel([level('black', 1000)], gold).map((one) => one.key)).toEqual(['gold', 'black'])
  })
})
