import { beforeEach, describe, expect, it } from 'vitest'
import { keepOwnQuest, page, quest, role, show, standing } from './page'
import type { Campaign, OwnQuest, PageState } from './state'

const campaign = {
  id: 'c', name: 'c', play: 'referral', state: 'live', ends_at: null, settings_public: {},
  offers: [{ key: 'cup', name: { zh: '', en: '' }, kind: 'coupon', value_minor: 100, points: 0, left: 3, valid_days: 1, use: { zh: '', en: '' }, terms: { zh: '', en: '' } }],
  page: { theme: 'leaf', title: null, subtitle: null, blocks: [] }, rules: { zh: [], en: [] }, host: { name: '', contact: '' },
} satisfies Campaign

const theirs = { id: 'theirs', owner_masked: '林**', have: 1, need: 3, tiers: [], state: 'open', ends_at: null }
const supporter = { name_masked: '周**', at: '2026-11-21T10:00:00Z', counted: true, reason: null, message: null }
const mine: OwnQuest = { ...theirs, id: 'mine', share_url: '/s/A', share_code: 'A', supporters: [supporter], grants: [] }

function visit(over: Partial<PageState>): void {
  show({ ...page.state, quest: null, my_quest: null, me: null, surface: null, problem: null, campaign, ...over })
}

beforeEach(() => {
  page.facingOwn = false
})

describe('who looks', () => {
  it('is a newcomer on the merchant’s link, a friend on somebody’s, an owner on their own', () => {
    visit({})
    expect([role.value, quest.value]).toEqual(['newcomer', null])
    visit({ quest: theirs })
    expect([role.value, quest.value?.id]).toEqual(['friend', 'theirs'])
    visit({ quest: mine, my_quest: mine })
    expect(role.value).toBe('owner')
    visit({ my_quest: mine })
    expect(role.value).toBe('owner')
  })

  it('stays a friend on a friend’s link with a quest of their own, until they turn to it', () => {
    visit({ quest: theirs, my_quest: mine })
    expect(role.value).toBe('friend')
    page.facingOwn = true
    expect([role.value, quest.value?.id]).toEqual(['owner', 'mine'])
  })
})

describe('what can be done', () => {
  it.each([
    ['open', {}],
    ['unknown', { campaign: null, problem: { code: 'unknown_link', title: '' } }],
    ['paused', { campaign: { ...campaign, state: 'paused' } }],
    ['ended', { campaign: { ...campaign, state: 'settled' } }],
    ['ended', { problem: { code: 'campaign_ended', title: '' } }],
    ['not_begun', { campaign: { ...campaign, state: 'published' } }],
    ['blocked', { surface: { key: 'wechat_h5', allowed: false, message: null } }],
    ['sold_out', { campaign: { ...campaign, offers: campaign.offers.map((offer) => ({ ...offer, left: 0 })) } }],
    ['refused', { problem: { code: 'something_newer', title: '以后再来' } }],
  ] as [string, Partial<PageState>][])('is %s', (expected, over) => {
    visit(over)
    expect(standing.value).toBe(expected)
  })
})

describe('live progress', () => {
  it('is not set back by an older picture that arrives late', () => {
    visit({ my_quest: mine })
    const newer = { ...mine, have: 2, supporters: [supporter, { ...supporter, name_masked: '赵**' }] }
    keepOwnQuest(newer)
    keepOwnQuest(mine)
    expect(page.state.my_quest?.have).toBe(2)
  })
})
