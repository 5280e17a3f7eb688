import { expect, it } from 'vitest'
import { upTo, within } from './limits'

const LOOSEST = { a_month_most: 4, from_hour: 8, to_hour: 21 }

it('offers only hours that the rules allow and that leave an hour between', () => {
  expect(within({ ...LOOSEST, from_hour: 10, to_hour: 12 }, LOOSEST)).toEqual({ from: [8, 9, 10, 11], to: upTo(11, 21) })
  expect(within(LOOSEST, LOOSEST)).toEqual({ from: upTo(8, 20), to: upTo(9, 21) })
})
