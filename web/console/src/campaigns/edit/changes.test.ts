import type { Definition } from '@banyan/shared/api'
import { language } from '@banyan/shared/language'
import { beforeEach, describe, expect, it } from 'vitest'
import { applyChanges } from '../wizard/changes'
import { asIn, changesOf, partName, told, whichOf } from './changes'

const RUNS = {
  name: '请朋友喝拿铁',
  period: { starts_at: null, ends_at: '2026-12-01T00:00:00Z' },
  budget: { total_minor: 1_000_000, per_day_minor: null },
  surfaces: ['own_web'],
  play: { key: 'referral', settings: { reward_cap_per_person: 3 } },
  offers: [{ key: 'latte', name: { zh: '拿铁', en: 'Latte' }, value_minor: 500, quantity: null }],
  page: { blocks: [{ kind: 'hero' }, { kind: 'rules' }] },
} as unknown as Definition

describe('what an edit changes', () => {
  beforeEach(() => { language.value = 'zh' })

  it('is one entry for each thing, with what it was', () => {
    const edit = applyChanges(RUNS, [
      { path: 'budget.total_minor', value: 2_000_000 },
      { path: 'offers.0.value_minor', value: 600 },
      { path: 'surfaces', value: ['own_web', 'mini_program'] },
      { path: 'offers.0.name', value: { zh: '大杯拿铁', en: 'Large latte' } },
    ])
    expect(changesOf(RUNS, edit).map((one) => [one.path, told(one.path, one.before, 'CNY'), told(one.path, one.after, 'CNY')])).toEqual([
      ['budget.total_minor', '¥10,000.00', '¥20,000.00'],
      ['surfaces', '自有网页', '自有网页、小程序'],
      ['offers.0.name', '拿铁', '大杯拿铁'],
      ['offers.0.value_minor', '¥5.00', '¥6.00'],
    ])
  })

  it('is nothing where a form has only opened a field', () => {
    const opened = applyChanges(RUNS, [{ path: 'terms', value: { zh: '', en: '' } }, { path: 'page.blocks.0.badge', value: { zh: '', en: '' } }])
    expect(changesOf(RUNS, opened)).toEqual([])
  })

  it('counts a list that became longer as one', () => {
    const more = applyChanges(RUNS, [{ path: 'page.blocks', value: [{ kind: 'hero' }, { kind: 'text' }, { kind: 'rules' }] }])
    expect(changesOf(RUNS, more).map((one) => one.path)).toEqual(['page.blocks'])
  })

  it('is put back by what ran', () => {
    const less = applyChanges(RUNS, [{ path: 'offers.0.value_minor', value: 1 }, { path: 'period.ends_at', value: '2026-11-01T00:00:00Z' }])
    const back = applyChanges(less, [asIn(RUNS, 'offers.0.value_minor'), asIn(RUNS, 'period.ends_at')])
    expect(changesOf(RUNS, back)).toEqual([])
    expect(changesOf(RUNS, less)).toHaveLength(2)
  })

  it('is named by the smallest part that has a name', () => {
    expect(['budget.total_minor', 'offers.0.value_minor', 'offers[1].level_key', 'page.blocks.2', 'strange'].map(partName)).toEqual(['总预算', '奖品 1 · 面值', '奖品 2 · 会员等级', '页面的块 3', 'strange'])
    expect(['budget.total_minor', 'offers.0.terms.zh', 'play.settings.tiers.0.people'].map(whichOf)).toEqual(['', 'zh', 'settings.tiers.0.people'])
  })
})
