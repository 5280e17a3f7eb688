import { expect, test } from 'vitest'
import { isWhole, type WantedBranch } from './pathways'

const branch = (segment: WantedBranch['segment'], campaign_id: string, level_key: string | null = null): WantedBranch => ({ segment, campaign_id, level_key })

test('a path is whole with two kinds of visitor and two campaigns', () => {
  expect(isWhole([branch('bought', 'a'), branch('everybody', 'b')])).toBe(true)
  expect(isWhole([branch('everybody', 'b')])).toBe(false)
  expect(isWhole([branch('bought', 'a'), branch('everybody', 'a')])).toBe(false)
  expect(isWhole([branch('bought', ''), branch('everybody', 'b')])).toBe(false)
  expect(isWhole([branch('level', 'a'), branch('everybody', 'b')])).toBe(false)
  expect(isWhole([branch('level', 'a', 'gold'), branch('level', 'c', 'silver'), branch('everybody', 'b')])).toBe(true)
  expect(isWhole([branch('seed', 'a'), branch('seed', 'c'), branch('everybody', 'b')])).toBe(false)
})
