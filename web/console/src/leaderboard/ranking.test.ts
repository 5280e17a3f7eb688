import type { LeaderboardRow } from '@banyan/shared/leaderboard'
import { describe, expect, it } from 'vitest'
import { FIRST, pressed, readRanking, scaleEnd, writeRanking } from './ranking'

describe('the head of a column', () => {
  it('shows the best first, which for a cost is the least', () => {
    expect(pressed(FIRST, 'k')).toEqual({ ...FIRST, sort: 'k', order: 'desc' })
    expect(pressed(FIRST, 'cost_per_new_person').order).toBe('asc')
  })
  it('turns when it is pressed again, and back', () => {
    const once = pressed(FIRST, 'new_people')
    expect(once.order).toBe('asc')
    expect(pressed(once, 'new_people')).toEqual(FIRST)
  })
})

describe('the address', () => {
  it('is empty at first and comes back as it was written', () => {
    expect(writeRanking(FIRST)).toEqual({})
    const all = [FIRST, { by: 'play', period: 'all', sort: 'cost_per_new_person', order: 'desc' }, { by: 'template', period: '30', sort: 'roi', order: 'asc' }] as const
    for (const ranking of all) expect(readRanking(writeRanking(ranking))).toEqual(ranking)
  })
  it('that names nonsense is as at first', () => {
    expect(readRanking({ by: 'shop', period: '7', sort: ['k'], order: 'up' })).toEqual(FIRST)
  })
})

describe('the scale of the intervals', () => {
  const row = (value: number | null, high: number | null) => ({ effect: { k: { value, high } } }) as LeaderboardRow
  it('always holds 1', () => expect(scaleEnd([row(null, null), row(0.2, 0.3)])).toBe(1.5))
  it('reaches to the highest interval', () => expect(scaleEnd([row(1.4, 2.2), row(0.5, 0.9)])).toBe(2.2))
  it('is not stretched by one that is wild', () => expect(scaleEnd([row(1, 9)])).toBe(2))
})
