import { expect, test } from 'vitest'
import type { PathwayTerms } from './pathways'
import { isSamePart, together } from './together'

const base: PathwayTerms = {
  name: '春',
  title: { zh: '春日有礼', en: '' },
  branches: [
    { segment: 'bought', campaign_id: 'a', level_key: null },
    { segment: 'everybody', campaign_id: 'b', level_key: null },
  ],
  ends_at: null,
}
const [first, rest] = base.branches as [PathwayTerms['branches'][0], PathwayTerms['branches'][0]]

test('what only one of two changed is theirs', () => {
  const mine = { ...base, branches: [{ ...first, segment: 'seed' as const }, rest] }
  const { terms, meanwhile } = together(base, mine, { ...base, name: '夏' })
  expect(terms).toEqual({ ...mine, name: '夏' })
  expect(meanwhile).toMatchObject({ clashes: [], changes: ['name'] })
})

test('where both changed the same it says what was typed, and that they differ', () => {
  const mine = { ...base, name: '秋', branches: [{ ...first, segment: 'seed' as const }, rest] }
  const theirs = { ...base, name: '夏', branches: [first, { ...rest, campaign_id: 'c' }], ends_at: '2099-01-01T00:00:00Z' }
  const { terms, meanwhile } = together(base, mine, theirs)
  expect(terms).toEqual({ ...mine, ends_at: theirs.ends_at })
  expect(meanwhile.clashes).toEqual(['name', 'branches'])
  expect(meanwhile.changes).toEqual(['ends_at'])
})

test('who changed the same to the same is asked nothing', () => {
  const mine = { ...base, ends_at: '2099-01-01T00:00:00.000Z' }
  expect(together(base, mine, { ...base, ends_at: '2099-01-01T08:00:00+08:00' }).meanwhile).toMatchObject({ clashes: [], changes: [] })
  expect(isSamePart('ends_at', base, mine)).toBe(false)
})
