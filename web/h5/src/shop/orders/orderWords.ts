import type { Order, OrderStep } from '@banyan/shared/orders'
import { known, s, type ShopWord } from '../words'

/** Where an order stands, in words; what is collected in the shop is neither sent nor received. */
export function stateWords(order: Pick<Order, 'state' | 'fulfilment'>): string {
  const collected = order.fulfilment === 'collection' ? known('state', `${order.state}_collection`) : null
  return collected ?? s(`state_${order.state}`)
}

/** Who took a step: `person:0190…` → 你. */
export function actorWords(actor: string): string {
  return known('by', actor.split(':')[0] ?? '') ?? s('by_system')
}

// Why a step was taken is kept in the system's own words; those a buyer has a use for are said.
const REASONS: Record<string, ShopWord> = {
  expired: 'reason_expired',
  moved: 'reason_moved',
  refunded: 'reason_refunded',
  collected: 'reason_collected',
  'return window over': 'reason_late',
}

export function reasonOfStep(reason: string): string {
  const key = REASONS[reason]
  return key ? s(key) : ''
}

const WAY = ['placed', 'paid', 'shipped', 'delivered', 'completed'] as const
const WAY_COLLECTED = ['placed', 'paid', 'delivered', 'completed'] as const

export interface StepShown {
  state: string
  word: string
  at: string | null
  who: string
  why: string
}

/** The order as one straight line: the steps it took, then those still ahead. */
export function lineOf(order: Order, steps: OrderStep[]): StepShown[] {
  const isCollected = order.fulfilment === 'collection'
  const word = (state: string): string => (isCollected ? known('step', `${state}_collection`) : null) ?? known('step', state) ?? state
  const first: StepShown = { state: 'placed', word: word('placed'), at: order.placed_at, who: s('by_person'), why: '' }
  const taken = steps
    .filter((step) => step.to_state !== 'placed')
    .map((step) => ({ state: step.to_state, word: word(step.to_state), at: step.at, who: step.to_state === 'paid' && step.actor === 'system' ? s('by_provider') : actorWords(step.actor), why: reasonOfStep(step.reason) }))
  if (order.state === 'closed' || order.state === 'completed') return [first, ...taken]
  const way: readonly string[] = isCollected ? WAY_COLLECTED : WAY
  const here = order.state === 'part_shipped' ? 'paid' : order.state
  const ahead = way.slice(way.indexOf(here) + 1).map((state) => ({ state, word: word(state), at: null, who: '', why: '' }))
  return [first, ...taken, ...ahead]
}

/** The next thing only the buyer can do, which the page shows as its one big button. */
export function nextOf(order: Order): 'pay' | 'confirm' | 'again' | null {
  if (order.state === 'placed') return 'pay'
  if (order.state === 'shipped') return 'confirm'
  return order.state === 'completed' || order.state === 'closed' || order.state === 'delivered' ? 'again' : null
}
