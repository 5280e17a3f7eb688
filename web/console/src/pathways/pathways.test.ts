import { expect, test } from 'vitest'
import { hasEnded, isWhole, type WantedBranch } from './pathways'

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

test('a path ends at its moment, and without one never', () => {
  const at = Date.parse('2026-12-01T00:00:00Z')
  expect(hasEnded(null, at)).toBe(false)
  expect(hasEnded('2026-12-01T00:00:00Z', at)).toBe(true)
  expect(hasEnded('2026-12-01T00:00:01Z', at)).toBe(false)
})
