import { mount } from '@vue/test-utils'
import { language } from '@banyan/shared/language'
import { beforeEach, expect, test } from 'vitest'
import { show } from '../../page/page'
import type { PageState } from '../../page/state'
import { sale, type Sale } from '../../sale/sale'
import OwnerDone from './OwnerDone.vue'

const quest = { id: 'q', owner_masked: '林**', have: 2, need: 2, tiers: [], state: 'open', ends_at: null, share_code: 'Q', supporters: [] }
const sold: Sale = {
  good: { sku_id: 's', product_id: 'p', shop_slug: 'tea', name: { zh: '茶', en: 'Tea' }, list_price_minor: 10_000, reference_minor: null, currency: 'CNY', picture: null },
  price_minor: 4_000, left: 9, of: null, stage: 'open', settled_price_minor: null, seats: [], cuts: [3_000, 3_000], teams: [], my_order: null,
}
const shown = (state: string, of: Partial<Sale> = {}): ReturnType<typeof mount> => {
  sale.of = { ...sold, ...of }
  show({
    campaign: { play: 'bargain', settings_public: { floor_minor: 4_000, cuts_needed: 2 }, offers: [] },
    workspace: { name: '', slug: '', currency: 'CNY', is_sandbox: true }, my_quest: { ...quest, state },
  } as unknown as PageState)
  return mount(OwnerDone)
}

beforeEach(() => { language.value = 'en' })

test('at the bottom the big button buys at the price reached', () => {
  expect(shown('open').get('button.big').text()).toBe('Buy for ¥40')
})

test('an order that waits is paid, one that is paid is looked at', () => {
  const place = { share_code: null, owner_masked: '', late: null }
  const order = { order_id: 'o', quest_id: 'q', state: 'reserved', payable_minor: 4_000, expires_at: '', may_move: false, place }
  expect(shown('open', { price_minor: null, my_order: order }).get('a.big').text()).toBe('Pay ¥40')
  const paid = shown('won', { price_minor: null, my_order: { ...order, state: 'confirmed' } }).get('a.big')
  expect([paid.text(), paid.attributes('href')]).toEqual(['See my order', '/h5/shop/tea#order=o'])
})

test('when time is up it leads to the shop', () => {
  const over = shown('lost', { price_minor: null }).get('a.big')
  expect([over.text(), over.attributes('href')]).toEqual(['Buy it in the shop for ¥100', '/h5/shop/tea#product=p'])
})
