import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openSheet } from '../../sheet/sheets'
import { page, show } from '../page'
import type { PageState } from '../state'
import ActionBlock from './ActionBlock.vue'

const quest = { id: 'q', owner_masked: '林**', have: 1, need: 3, tiers: [], state: 'open', ends_at: null }
const offer = { key: 'tee', name: { zh: 'T 恤', en: 'Tee' }, kind: 'coupon', value_minor: 100, points: 0, left: 3, valid_days: 1, use: { zh: '', en: '' }, terms: { zh: '', en: '' } } as const
const me = { person_id: 'p', name_masked: '陈**', is_new: true }
const state: PageState = {
  link: { code: 'L', kind: 'quest', channel: null },
  workspace: { name: '', slug: '', currency: 'CNY', is_sandbox: true },
  campaign: {
    id: 'c', name: 'c', play: 'assist', state: 'live', ends_at: null, settings_public: { helpers_needed: 3, offer: 'tee' },
    offers: [offer], page: { theme: 'leaf', title: null, subtitle: null, blocks: [] }, rules: { zh: [], en: [] }, host: { name: '', contact: '' },
  },
  surface: null, quest, me, my_quest: null, my_support: null, problem: null,
}

const answers: (() => Response)[] = []
const fetched = vi.fn<typeof fetch>(() => Promise.resolve((answers.shift() ?? (() => new Response('{}', { status: 500 })))()))
const json = (status: number, body: unknown, headers = {}): (() => Response) =>
  () => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })
const keys = (): (string | undefined)[] =>
  fetched.mock.calls.filter(([url]) => String(url).includes('/supports')).map(([, init]) => (init?.headers as Record<string, string>)['Idempotency-Key'])

beforeEach(() => {
  vi.stubGlobal('fetch', fetched)
  vi.stubGlobal('scrollTo', () => undefined)
  navigator.sendBeacon = () => true
  fetched.mockClear()
  answers.length = 0
  openSheet.value = null
  page.preview = false
  show(state)
})
afterEach(() => vi.unstubAllGlobals())

const press = async (): Promise<void> => {
  const block = mount(ActionBlock, { props: { block: { kind: 'action' } } })
  await block.get('.big').trigger('click')
  await flushPromises()
}

describe('the one button of a friend', () => {
  it('asks who they are before anything is sent', async () => {
    show({ ...state, me: null })
    await press()
    expect(openSheet.value).toBe('sign_in')
    expect(fetched).not.toHaveBeenCalled()
  })

  it('repeats a support whose answer was lost under the same key, and takes a new one for a new wish', async () => {
    const counted = { counted: true, reason: null, message: null, grants: [], quest: { ...quest, have: 2 } }
    answers.push(json(503, { code: 'store_down', title: '' }, { 'retry-after': '1' }), json(201, counted), json(201, counted))
    await press()
    await press()
    expect(page.state.quest?.have).toBe(2)
    show(state)
    await press()
    const [first, second, third] = keys()
    expect(first).toMatch(/^[0-9a-f]{32}$/)
    expect(second).toBe(first)
    expect(third).not.toBe(first)
  })

  it('does nothing in the preview', async () => {
    page.preview = true
    await press()
    expect(fetched).not.toHaveBeenCalled()
  })
})
