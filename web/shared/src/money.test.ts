import { beforeEach, describe, expect, it } from 'vitest'
import { setLanguage } from './language.ts'
import { fromMinor, money, toMinor } from './money.ts'

describe('money', () => {
  beforeEach(() => setLanguage('zh'))

  it('prints minor units with the currency’s own decimals', () => {
    expect(money(482, 'CNY')).toBe('¥4.82')
    expect(money(5_000_000, 'CNY', true)).toBe('¥50,000')
    expect(money(482, 'CNY', true)).toBe('¥4.82')
    expect(money(482, 'JPY')).toMatch(/482$/)
    expect(money(null, 'CNY')).toBe('–')
  })

  it('reads what a person types, exactly', () => {
    expect(toMinor('4.8', 'CNY')).toBe(480)
    expect(toMinor('1,234.56', 'CNY')).toBe(123_456)
    expect(toMinor('0.29', 'CNY')).toBe(29)
    expect(toMinor('4.805', 'CNY')).toBeNull()
    expect(toMinor('-4', 'CNY')).toBeNull()
    expect(toMinor('4元', 'CNY')).toBeNull()
    expect(toMinor('5.5', 'JPY')).toBeNull()
  })

  it('goes there and back', () => {
    for (const minor of [0, 1, 10, 99, 100, 480, 482, 123_456]) expect(toMinor(fromMinor(minor, 'CNY'), 'CNY')).toBe(minor)
  })
})
