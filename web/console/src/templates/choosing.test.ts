import type { Template } from '@banyan/shared/api'
import { describe, expect, it } from 'vitest'
import { fitting } from './choosing'

const make = (key: string, industry: string, play: string, goal: string, zh: string): Template => ({
  key, goal, play, industry: { key: industry, zh: industry, en: industry }, name: { zh, en: key }, summary: { zh: '', en: '' },
  best_practice: { zh: '', en: '' }, surfaces: [], fields_to_review: [], expected: {},
})
const ALL = [make('a', 'dining', 'assist', 'participants', '锅底免单'), make('b', 'dining', 'group_buy', 'new_people', '三人成团'), make('c', 'pets', 'group_buy', 'new_people', '囤粮团')]
const anything = { industry: '', goal: '', play: '', words: '' }
const keys = (wish: object) => fitting(ALL, { ...anything, ...wish }).map((one) => one.key)

describe('choosing a template', () => {
  it('asks for nothing and gets everything in order', () => expect(keys({})).toEqual(['a', 'b', 'c']))
  it('joins every wish', () => expect(keys({ industry: 'dining', play: 'group_buy' })).toEqual(['b']))
  it('finds words in either language, all of them', () => {
    expect(keys({ words: '团' })).toEqual(['b', 'c'])
    expect(keys({ words: '团 DINING' })).toEqual(['b'])
  })
  it('finds nothing where nothing fits', () => expect(keys({ goal: 'participants', play: 'group_buy' })).toEqual([]))
})
