import { language } from '@banyan/shared/language'
import { beforeEach, describe, expect, it } from 'vitest'
import { t, why } from '.'
import { en } from './en'
import { zh, type WordKey } from './zh'

beforeEach(() => (language.value = 'zh'))

const named = (phrase: string): string[] => [...new Set([...phrase.matchAll(/\{(\w+)/g)].map((found) => found[1] ?? ''))].sort()

describe('the two languages', () => {
  it('fill in the same things in every phrase', () => {
    for (const key of Object.keys(zh) as WordKey[]) expect(named(en[key]), key).toEqual(named(zh[key]))
  })

  it('never say that something was shared: no platform tells', () => {
    for (const phrase of [...Object.values<string>(zh), ...Object.values(en)]) expect(phrase).not.toMatch(/分享成功|已分享|shared success/i)
  })
})

describe('t', () => {
  it('picks the form of a word by its number', () => {
    language.value = 'en'
    expect(t('tier', { n: 1 })).toBe('1 friend')
    expect(t('tier', { n: 3 })).toBe('3 friends')
  })

  it('groups large numbers', () => {
    expect(t('left', { n: 1372 })).toBe('还剩 1,372 份')
  })

  it('puts no pattern of a name back into the phrase', () => {
    expect(t('invites_you', { name: '{n}$&' })).toBe('{n}$& 邀请你')
  })
})

describe('Chinese beside Latin', () => {
  it('stands a space apart where something is filled in', () => {
    expect(t('accept_for', { offer: '50 元券' })).toBe('接受邀请，领 50 元券')
    expect(t('accept_for', { offer: '半价券' })).toBe('接受邀请，领半价券')
    expect(t('join_choice')).toBe(zh.join_choice)
  })
})

describe('why', () => {
  it('prefers what the server said, then the reason, then that it did not count', () => {
    expect(why('not_new', { zh: '老会员', en: 'member' })).toBe('老会员')
    expect(why('not_new', null)).toBe('只计新朋友')
    expect(why('something_newer', null)).toBe('未计入')
  })
})
