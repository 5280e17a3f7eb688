import { setLanguage } from '@banyan/shared/language'
import { beforeEach, describe, expect, it } from 'vitest'
import { doublingHours, meaningOf } from './growth'
import { retryAfterMs } from './liveNumbers'

const k = (value: number | null, low: number | null, high: number | null) => ({ value, low, high, observed: 100, censored: 10, method: 'm', generation_hours: 6 })

describe('meaningOf', () => {
  beforeEach(() => setLanguage('zh'))

  it('speaks of growth only when the whole interval is above 1', () => {
    expect(meaningOf(k(1.34, 1.28, 1.41)).tone).toBe('grows')
    expect(meaningOf(k(1.34, 0.97, 1.7)).tone).toBe('open')
    expect(meaningOf(k(0.8, 0.7, 0.9)).tone).toBe('shrinks')
    expect(meaningOf(k(null, null, null)).tone).toBe('unknown')
  })

  it('tells the time to double from K and the length of a generation', () => {
    expect(doublingHours(2, 6)).toBeCloseTo(6)
    expect(doublingHours(1, 6)).toBeNull()
    expect(doublingHours(1.5, null)).toBeNull()
  })
})

describe('retryAfterMs', () => {
  it('waits longer each time, and never longer than 15 s', () => {
    expect([1, 2, 3, 4, 5, 9].map(retryAfterMs)).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000])
  })
})
