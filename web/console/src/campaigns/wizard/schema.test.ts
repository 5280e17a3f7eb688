import { setLanguage } from '@banyan/shared/language'
import { afterEach, describe, expect, it } from 'vitest'
import { blank, fieldsOf } from './schema'

const schema = {
  type: 'object',
  properties: {
    tiers: { type: 'array', title: '阶梯', items: {} },
    friend_offer: { anyOf: [{ type: 'string', title: '好友奖品', description: '新朋友得到的', 'x-widget': 'offer', 'x-en': { title: 'Friend’s offer', description: 'for the friend' } }, { type: 'null' }], default: null },
    cap: { type: 'integer', minimum: 1, maximum: 9, title: '每人最多', description: '每人最多', 'x-en': { title: 'Cap' } },
    new_only: { type: 'boolean', title: '只计新朋友' },
    mode: { enum: ['a', 'b'], title: '方式' },
    price: { type: 'integer', minimum: 1, title: '价格', 'x-widget': 'minor' },
    prizes: { type: 'array', title: '奖品', maxItems: 3, items: { type: 'object', properties: { offer: { type: 'string', title: '奖品', 'x-widget': 'offer' }, odds: { type: 'integer', minimum: 5, title: '概率' }, words: { type: 'array', minItems: 2, items: { type: 'string' }, title: '选项' } } } },
    steps: { type: 'array', title: '梯级', items: { type: 'object', properties: { people: { type: 'integer' }, offer: { type: 'string', 'x-widget': 'offer' } } } },
    goods: { type: 'array', title: '商品', maxItems: 9, 'x-widget': 'products', items: { type: 'object', properties: { id: { type: 'string' }, name: { type: 'string' } } } },
    rates: { type: 'array', title: '比例', items: { type: 'object', properties: { rate: { type: 'integer', minimum: 1 }, sorts: { type: 'array', 'x-widget': 'categories', items: { type: 'object' } } } } },
    second: { anyOf: [{ type: 'object', title: '二级', properties: { rate: { type: 'integer', minimum: 1, title: '比例' } } }, { type: 'null' }] },
  },
}

describe('fieldsOf', () => {
  afterEach(() => setLanguage('zh'))

  it('draws what has an input, lists and groups by what they are made of', () => {
    setLanguage('zh')
    expect(fieldsOf(schema).map((field) => [field.key, field.kind, field.optional])).toEqual([
      ['friend_offer', 'offer', true], ['cap', 'count', false], ['new_only', 'switch', false], ['mode', 'choice', false],
      ['price', 'money', false], ['prizes', 'list', false], ['steps', 'tiers', false], ['goods', 'products', false], ['rates', 'list', false], ['second', 'group', true],
    ])
    const prizes = fieldsOf(schema).find((field) => field.key === 'prizes')!
    expect(prizes.most).toBe(3)
    expect(prizes.fields.map((field) => [field.key, field.kind])).toEqual([['offer', 'offer'], ['odds', 'count'], ['words', 'lines']])
  })

  it('keeps bounds and says a help only when it adds something', () => {
    setLanguage('zh')
    const [friend, cap] = fieldsOf(schema)
    expect(friend!.help).toBe('新朋友得到的')
    expect(cap).toMatchObject({ least: 1, most: 9, help: '' })
  })

  it('begins a new entry with what it needs', () => {
    const prizes = fieldsOf(schema).find((field) => field.key === 'prizes')!
    expect(blank(prizes.fields)).toEqual({ offer: '', odds: 5, words: ['', ''] })
    expect(blank(fieldsOf(schema).find((field) => field.key === 'rates')!.fields)).toEqual({ rate: 1, sorts: [] })
  })

  it('speaks the chosen language', () => {
    setLanguage('en')
    expect(fieldsOf(schema)[0]!.title).toBe('Friend’s offer')
  })
})
