import type { Twin } from '@banyan/shared/language'
import { section as campaigns } from '../campaigns/section'
import { section as compliance } from '../compliance/section'
import { section as leaderboard } from '../leaderboard/section'
import { section as levels } from '../levels/section'
import { section as messages } from '../messages/section'
import { section as orders } from '../orders/section'
import { section as people } from '../people/section'
import { section as rewards } from '../rewards/section'
import { section as store } from '../store/section'
import { section as templates } from '../templates/section'
import { section as today } from '../today/section'
import { section as workspaces } from '../workspaces/section'
import type { Section } from './section'

/** In the order of the rail. */
export const SECTIONS: readonly Section[] = [
  today, campaigns, leaderboard, templates, people, levels, store, orders, rewards, messages, compliance, workspaces,
]

export const GROUPS: readonly { key: Section['group']; title: Twin | null }[] = [
  { key: null, title: null },
  { key: 'customers', title: { zh: '客户', en: 'Customers' } },
  { key: 'business', title: { zh: '经营', en: 'Business' } },
  { key: 'guard', title: { zh: '守护', en: 'Guard' } },
  { key: 'settings', title: { zh: '设置', en: 'Settings' } },
]
