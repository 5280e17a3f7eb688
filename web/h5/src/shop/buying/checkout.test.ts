import { describe, expect, it } from 'vitest'
import { keyOf, orderPlaced } from './checkout'
import { isSafe, methodFor } from './paying'

const wish = { lines: [{ sku_id: 'a', quantity: 1 }], fulfilment: 'collection' as const, address_id: null, via_shop_id: null, note: '' }

describe('the key of an order', () => {
  it('stays over retries of the same wish and changes with the wish or once the order exists', () => {
    const first = keyOf(wish)
    expect(keyOf({ ...wish })).toBe(first)
    const other = keyOf({ ...wish, note: '少冰' })
    expect(other).not.toBe(first)
    orderPlaced()
    expect(keyOf({ ...wish, note: '少冰' })).not.toBe(other)
  })
})

describe('paying', () => {
  it('picks the way that fits the browser', () => {
    expect(methodFor('wechat_pay', 'iPhone Mobile MicroMessenger/8')).toBe('jsapi')
    expect(methodFor('wechat_pay', 'iPhone Mobile')).toBe('h5')
    expect(methodFor('wechat_pay', 'X11; Linux')).toBe('native')
    expect(methodFor('alipay', 'X11; Linux')).toBe('page')
  })

  it('follows own and secure addresses only', () => {
    expect(isSafe('/h5/sandbox/pay/1')).toBe(true)
    expect(isSafe('https://openapi.alipay.com/x')).toBe(true)
    expect(isSafe('javascript:alert(1)')).toBe(false)
    expect(isSafe('http://elsewhere.example/x')).toBe(false)
  })
})
