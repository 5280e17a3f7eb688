import { expect, test } from 'vitest'
import { FACTS, factMeans, factSaid, leastOf } from './seeds'

test('what is no number from one on is no reason', () => {
  expect(['', ' ', '0', '-3', 'x', '2.9', '5'].map(leastOf)).toEqual([null, null, null, null, null, 2, 5])
})

test('every fact says what it counts and how much somebody has', () => {
  for (const fact of FACTS) {
    expect(factMeans(fact)).toBeTruthy()
    expect(factSaid(fact, 7)).toContain('7')
  }
})
