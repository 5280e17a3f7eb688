import type { Section } from '../shell/section'

export const section: Section = {
  title: { zh: '效果榜', en: 'Leaderboard' },
  icon: 'leaderboard',
  permission: 'campaigns.read',
  group: null,
  path: '/leaderboard',
  routes: [
    { path: '/leaderboard', component: () => import('./LeaderboardPage.vue') },
  ],
}
