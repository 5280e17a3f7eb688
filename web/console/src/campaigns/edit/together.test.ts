import type { Definition } from '@banyan/shared/api'
import { describe, expect, it } from 'vitest'
import { applyChanges } from '../wizard/changes'
import { together } from './together'

const RUNS = {
  name: '请朋友喝拿铁',
  budget: { total_minor: 1_000_000, per_day_minor: null },
  surfaces: ['own_web', 'wecom'],
  play: { key: 'referral', settings: { reward_cap_per_person: 3 } },
  offers: [{ key: 'latte', name: { zh: '拿铁', en: 'Latte' }, value_minor: 500 }, { key: 'half', name: { zh: '半价', en: 'Half' }, value_minor: 300 }],
  page: { title: { zh: '喝拿铁', en: 'A latte' }, blocks: [{ kind: 'hero' }, { kind: 'rules' }] },
} as unknown as Definition
const but = (...changes: [string, unknown][]) => applyChanges(RUNS, changes.map(([path, value]) => ({ path, value })))

describe('what was typed on top of what is newest', () => {
  it('keeps both where each changed something else', () => {
    const mine = but(['budget.total_minor', 2_000_000], ['offers.0.value_minor', 600])
    const theirs = but(['page.title', { zh: '周末喝拿铁', en: 'A weekend latte' }], ['offers.1.value_minor', 400])
    const made = together(RUNS, mine, theirs)
    expect(made.meanwhile.clashes).toEqual([])
    expect(made.definition).toEqual(but(['budget.total_minor', 2_000_000], ['offers.0.value_minor', 600], ['page.title', { zh: '周末喝拿铁', en: 'A weekend latte' }], ['offers.1.value_minor', 400]))
  })

  it('says what was typed where both changed the same, and names it', () => {
    const made = together(RUNS, but(['budget.total_minor', 2_000_000]), but(['budget.total_minor', 3_000_000]))
    expect(made.definition.budget.total_minor).toBe(2_000_000)
    expect(made.meanwhile.clashes).toEqual([{ path: 'budget.total_minor', mine: 2_000_000, theirs: 3_000_000 }])
  })

  it('is no clash where both say the same', () => {
    const same = but(['budget.total_minor', 2_000_000])
    const made = together(RUNS, same, same)
    expect([made.definition, made.meanwhile.clashes]).toEqual([same, []])
  })

  it('adds and leaves out what either chose', () => {
    const made = together(RUNS, but(['surfaces', ['own_web', 'wecom', 'mini_program']]), but(['surfaces', ['own_web', 'app']]))
    expect([made.definition.surfaces, made.meanwhile.clashes]).toEqual([['own_web', 'app', 'mini_program'], []])
  })

  it('never mixes one thing of a list into another', () => {
    const mine = but(['offers.1.value_minor', 400])
    const theirs = but(['offers', [RUNS.offers[0], { key: 'cake', name: { zh: '蛋糕', en: 'Cake' }, value_minor: 900 }]])
    const made = together(RUNS, mine, theirs)
    expect(made.meanwhile.clashes.map((clash) => clash.path)).toEqual(['offers'])
    expect(made.definition.offers).toEqual(mine.offers)
    expect(made.meanwhile.clashes[0]?.theirs).toEqual(theirs.offers)
  })
})
