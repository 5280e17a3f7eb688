import { language } from '@banyan/shared/language'
import { beforeEach, describe, expect, it } from 'vitest'
import { remaining } from './time'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const MINUTE = 60_000

beforeEach(() => (language.value = 'zh'))

describe('what is left of a time', () => {
  it.each([
    [-1, null],
    [0, null],
    [0.2, '1 分钟'],
    [59, '59 分钟'],
    [59.5, '1 小时'],
    [90, '1 小时 30 分钟'],
    [23 * 60 + 59.9, '24 小时'],
    [24 * 60, '1 天'],
    [26 * 60 + 10, '1 天 2 小时'],
    [72 * 60, '3 天'],
    [125, '2 小时 5 分钟'],
  ])('of %s minutes is %s', (minutes, expected) => {
    expect(remaining(new Date(NOW + minutes * MINUTE).toISOString(), NOW)).toBe(expected)
  })
})
