import type { Campaign, Definition } from '@banyan/shared/api'
import { mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { defineComponent, nextTick } from 'vue'
import { useDraft } from './draft'

const definition = { name: '请朋友喝拿铁', budget: { total_minor: 1000 }, play: { key: 'referral', settings: {} } } as unknown as Definition
const campaign = (version: number, changes: object = {}) => ({ id: 'c', version, definition: { ...definition, ...changes }, problems: [] }) as unknown as Campaign

afterEach(() => { vi.unstubAllGlobals() })

it('keeps what was typed when a colleague has changed the same draft, and saves both', async () => {
  const puts: unknown[] = []
  vi.stubGlobal('fetch', (_: string, asked: RequestInit) => {
    if (asked.method === 'PUT') puts.push(JSON.parse(String(asked.body)))
    const conflict = asked.method === 'PUT' && puts.length === 1
    const said = conflict ? { status: 409, code: 'version_conflict', title: '别人刚刚改过', params: {} } : campaign(3)
    return Promise.resolve(new Response(JSON.stringify(said), { status: conflict ? 409 : 200, headers: { 'content-type': conflict ? 'application/problem+json' : 'application/json' } }))
  })
  const made: ReturnType<typeof useDraft>[] = []
  const page = mount(defineComponent({ setup: () => { made.push(useDraft(() => 'c', () => undefined)) }, template: '<i />' }))
  const draft = made[0]!
  draft.load(campaign(1))
  await nextTick()
  draft.definition.value!.name = '周末喝拿铁'
  await nextTick()
  expect([await draft.save(), draft.saving.value]).toEqual([false, 'conflict'])
  draft.catchUp(campaign(2, { budget: { total_minor: 2000 } }))
  await nextTick()
  expect(await draft.save()).toBe(true)
  expect(puts[1]).toEqual({ version: 2, definition: { ...definition, name: '周末喝拿铁', budget: { total_minor: 2000 } } })
  expect(draft.meanwhile.value?.changes.map((one) => one.path)).toEqual(['budget.total_minor'])
  page.unmount()
})
