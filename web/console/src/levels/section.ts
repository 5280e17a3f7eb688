import type { Section } from '../shell/section'

export const section: Section = {
  title: { zh: '会员等级', en: 'Levels' },
  icon: 'levels',
  permission: 'rewards.read',
  group: 'customers',
  path: '/levels',
  routes: [
    { path: '/levels', component: () => import('./LevelsPage.vue') },
  ],
}
