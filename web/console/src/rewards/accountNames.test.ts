import { setLanguage } from '@banyan/shared/language'
import { beforeEach, describe, expect, it } from 'vitest'
import { accountName } from './accountNames'

describe('accountName', () => {
  beforeEach(() => setLanguage('zh'))
  const names = new Map([['c1', '秋日新品']])

  it('says whose account it is', () => {
    expect(accountName('campaign:c1:budget', names)).toBe('秋日新品 · 预算')
    expect(accountName('campaign:c1:day:2026-11-21', names)).toBe('秋日新品 · 2026-11-21 当日')
    expect(accountName('merchant:budget:CNY', names)).toBe('商户资金（CNY）')
  })

  it('keeps a key it does not know', () => {
    expect(accountName('wallet:x:cash', names)).toBe('wallet:x:cash')
  })
})
