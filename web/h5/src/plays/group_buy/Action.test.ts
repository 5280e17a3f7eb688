import { language } from '@banyan/shared/language'
import { mount } from '@vue/test-utils'
import { beforeEach, expect, test } from 'vitest'
import { page } from '../../page/page'
import type { PublicQuest } from '../../page/state'
import { sale, type Sale } from '../../sale/sale'
import Action from './Action.vue'

const quest = { id: 'here', owner_masked: '王**', have: 1, need: 3, tiers: [], state: 'open', ends_at: null } as PublicQuest

function shown(order: Partial<NonNullable<Sale['my_order']>>) {
  page.state = { ...page.state, me: null, quest, my_quest: null } as typeof page.state
  const good = { shop_slug: 'tea' } as Sale['good']
  const my_order = { order_id: 'o', state: 'paid', payable_minor: 9_000, expires_at: '', may_move: true, ...order }
  sale.of = { good, price_minor: 9_000, stage: 'forming', seats: [], cuts: [], teams: [], my_order } as unknown as Sale
  return mount(Action)
}

beforeEach(() => { language.value = 'zh' })

test('who was moved reads in whose team they are, and gets there by one tap', () => {
  const action = shown({ quest_id: 'there', place: { share_code: 'abc', owner_masked: '李**', late: 'moved' } })
  expect(action.get('[role=status]').text()).toContain('已为您改入 李** 的团')
  expect(action.get('[role=status] a').attributes('href')).toBe('/h5/l/abc')
})

test('the page of the new team says why one is in it', () => {
  const action = shown({ quest_id: 'here', place: { share_code: 'abc', owner_masked: '王**', late: 'moved' } })
  expect(action.get('[role=status]').text()).toBe('按您下单时的同意，您的订单已改入这个团')
})

test('an order in time is told nothing of it', () => {
  const action = shown({ quest_id: 'here', place: { share_code: 'abc', owner_masked: '王**', late: null } })
  expect(action.find('[role=status]').exists()).toBe(false)
})
