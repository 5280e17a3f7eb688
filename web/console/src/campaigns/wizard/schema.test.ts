import { setLanguage } from '@banyan/shared/language'
import { afterEach, describe, expect, it } from 'vitest'
import { fieldsOf } from './schema'

const schema = {
  type: 'object',
  properties: {
    tiers: { type: 'array', title: '阶梯', items: {} },
    friend_offer: { anyOf: [{ type: 'string', title: '好友奖品', description: '新朋友得到的', 'x-widget': 'offer', 'x-en': { title: 'Friend’s offer', description: 'for the friend' } }, { type: 'null' }], default: null },
    cap: { type: 'integer', minimum: 1, maximum: 9, title: '每人最多', description: '每人最多', 'x-en': { title: 'Cap' } },
    new_only: { type: 'boolean', title: '只计新朋友' },
    mode: { enum: ['a', 'b'], title: '方式' },
  },
}

describe('fieldsOf', () => {
  afterEach(() => setLanguage('zh'))

  it('draws what has an input and leaves lists to their editors', () => {
    setLanguage('zh')
    expect(fieldsOf(schema).map((field) => [field.key, field.kind, field.optional])).toEqual([
      ['friend_offer', 'offer', true], ['cap', 'count', false], ['new_only', 'switch', false], ['mode', 'choice', false],
    ])
  })

  it('keeps bounds and says a help only when it adds something', () => {
    setLanguage('zh')
    const [friend, cap] = fieldsOf(schema)
    expect(friend!.help).toBe('新朋友得到的')
    expect(cap).toMatchObject({ least: 1, most: 9, help: '' })
  })

  it('speaks the chosen language', () => {
    setLanguage('en')
    expect(fieldsOf(schema)[0]!.title).toBe('Friend’s offer')
  })
})
