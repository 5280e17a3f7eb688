import type { Section } from '../shell/section'

export const section: Section = {
  title: { zh: '奖励与账本', en: 'Rewards and ledger' },
  icon: 'rewards',
  permission: 'ledger.read',
  group: 'business',
  path: '/rewards',
  routes: [
    { path: '/rewards', component: () => import('./RewardsPage.vue') },
  ],
}
