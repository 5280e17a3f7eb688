import type { Order, OrderStep } from '@banyan/shared/orders'
import { language } from '@banyan/shared/language'
import { beforeEach, describe, expect, it } from 'vitest'
import { lineOf, nextOf, stateWords } from './orderWords'

const order = (state: Order['state'], fulfilment: Order['fulfilment'] = 'delivery'): Order =>
  ({ state, fulfilment, placed_at: '2026-11-22T00:00:00Z' }) as Order
const step = (to_state: OrderStep['to_state'], actor: string, reason: string): OrderStep =>
  ({ from_state: '', to_state, actor, reason, at: '2026-11-22T00:01:00Z' })

beforeEach(() => (language.value = 'zh'))

describe('the line of an order', () => {
  it('says what was done by whom, then what is still ahead', () => {
    const line = lineOf(order('shipped'), [step('paid', 'system', 'captured'), step('shipped', 'member:1', 'SF1')])
    expect(line.map(({ word, who }) => [word, who])).toEqual([
      ['下单', '你'], ['付款', '支付渠道'], ['发货', '商家'], ['收货', ''], ['完成', ''],
    ])
  })

  it('has nothing ahead once it is closed, and says why', () => {
    const line = lineOf(order('closed'), [step('closed', 'system', 'expired')])
    expect(line.map(({ word, why }) => [word, why])).toEqual([['下单', ''], ['关闭', '超时未付款']])
  })

  it('is not sent when it is collected', () => {
    expect(lineOf(order('paid', 'collection'), [step('paid', 'system', 'captured')]).map(({ word }) => word)).toEqual(['下单', '付款', '到店取货', '完成'])
    expect(stateWords(order('paid', 'collection'))).toBe('已付款，等你到店')
  })
})

describe('nextOf', () => {
  it('offers what only the buyer can do', () => {
    expect([nextOf(order('placed')), nextOf(order('paid')), nextOf(order('shipped')), nextOf(order('closed'))]).toEqual(['pay', null, 'confirm', 'again'])
  })
})
