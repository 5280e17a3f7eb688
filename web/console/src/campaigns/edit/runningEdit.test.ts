import type { Campaign, Definition } from '@banyan/shared/api'
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent } from 'vue'
import { useRunningEdit } from './runningEdit'

const definition = { name: '请朋友喝拿铁', budget: { total_minor: 1000 }, play: { key: 'referral', settings: {} }, surfaces: ['own_web'] } as unknown as Definition
const campaign = (version: number, changes: object = {}, asked: { path: string; value: unknown }[] | null = null) =>
  ({ id: 'c', version, definition: { ...definition, ...changes }, asked_edit: asked && { by: '周掌柜', is_mine: true, at: '2026-11-22T07:00:00Z', changes: asked } }) as unknown as Campaign

type Edit = ReturnType<typeof useRunningEdit>
const open: (() => void)[] = []

/** The page of an edit, as one member has it open. */
function page(loaded: Campaign, member = 'lin'): Edit {
  const opened: Edit[] = []
  const shown = mount(defineComponent({ setup: () => { opened.push(useRunningEdit(() => 'c', () => member, () => undefined)) }, template: '<i />' }))
  open.push(() => { shown.unmount() })
  const [edit] = opened
  if (!edit) throw new Error('it was not set up')
  edit.load(loaded)
  return edit
}
const close = () => { open.splice(0).forEach((end) => { end() }) }

describe('an edit that was not asked for', () => {
  beforeEach(() => {
    localStorage.clear()
    // What the server would say of it is no matter here.
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('away')))
  })
  afterEach(() => {
    close()
    vi.unstubAllGlobals()
  })

  it('is there again when the page is opened anew, for who typed it only', () => {
    page(campaign(1)).definition.value!.name = '周末喝拿铁'
    close()
    const again = page(campaign(1))
    expect([again.definition.value?.name, !!again.restored.value, again.meanwhile.value]).toEqual(['周末喝拿铁', true, null])
    expect(page(campaign(1), 'zhou').definition.value?.name).toBe('请朋友喝拿铁')
  })

  it('is let go by one press, and comes back by the next', () => {
    page(campaign(1)).definition.value!.name = '周末喝拿铁'
    close()
    const again = page(campaign(1))
    const undo = again.discard()
    expect([again.changes.value.length, again.restored.value, localStorage.length]).toEqual([0, null, 0])
    undo()
    expect([again.definition.value?.name, localStorage.length]).toEqual(['周末喝拿铁', 1])
  })

  it('stays on top of what somebody else saved while it was closed', () => {
    page(campaign(1)).definition.value!.name = '周末喝拿铁'
    close()
    const again = page(campaign(2, { name: '冬天喝拿铁', budget: { total_minor: 2000 } }))
    expect([again.definition.value?.name, again.definition.value?.budget.total_minor]).toEqual(['周末喝拿铁', 2000])
    expect(again.meanwhile.value?.clashes).toEqual([{ path: 'name', mine: '周末喝拿铁', theirs: '冬天喝拿铁' }])
    expect(again.meanwhile.value?.changes.map((one) => one.path)).toEqual(['name', 'budget.total_minor'])
  })

  it('loses nothing when somebody else saves while it is open, not even what waited for a review', () => {
    const edit = page(campaign(1, {}, [{ path: 'surfaces', value: ['own_web', 'app'] }]))
    edit.definition.value!.name = '周末喝拿铁'
    edit.catchUp(campaign(2, { budget: { total_minor: 2000 } }))
    expect(edit.definition.value).toEqual({ ...definition, name: '周末喝拿铁', surfaces: ['own_web', 'app'], budget: { total_minor: 2000 } })
    expect([edit.isAsked.value, edit.base.value?.version]).toEqual([false, 2])
    edit.apply([{ path: 'name', value: '请朋友喝拿铁' }, { path: 'surfaces', value: ['own_web'] }])
    expect([edit.changes.value, localStorage.length]).toEqual([[], 0])
  })

  it('stays on top of what a colleague asks for meanwhile, and lets go of what they take back', () => {
    const theirs = campaign(1, {}, [{ path: 'surfaces', value: ['own_web', 'app'] }])
    theirs.asked_edit!.is_mine = false
    const edit = page(campaign(1))
    edit.definition.value!.name = '周末喝拿铁'
    edit.catchUp(theirs)
    expect(edit.definition.value).toEqual({ ...definition, name: '周末喝拿铁', surfaces: ['own_web', 'app'] })
    expect(edit.meanwhile.value?.changes.map((one) => one.path)).toEqual(['surfaces'])
    edit.catchUp(campaign(1))
    expect(edit.definition.value).toEqual({ ...definition, name: '周末喝拿铁' })
  })

  it('is still there when a colleague turns it down', () => {
    const edit = page(campaign(1, {}, [{ path: 'surfaces', value: ['own_web', 'app'] }]))
    edit.catchUp(campaign(1))
    expect([edit.definition.value?.surfaces, edit.isUnsaved.value, edit.meanwhile.value]).toEqual([['own_web', 'app'], true, null])
  })

  it('is not kept once it is asked for', () => {
    const edit = page(campaign(1))
    edit.definition.value!.surfaces = ['own_web', 'app']
    expect(localStorage.length).toBe(1)
    edit.load(campaign(1, {}, [{ path: 'surfaces', value: ['own_web', 'app'] }]))
    expect([edit.isAsked.value, localStorage.length]).toEqual([true, 0])
  })

  it('is nothing where a kept one cannot be read', () => {
    localStorage.setItem('banyan.edit.lin.c', '{"version": 1}')
    expect(page(campaign(1)).changes.value).toEqual([])
  })
})
