import type { Section } from '../shell/section'

export const section: Section = {
  title: { zh: '今日', en: 'Today' },
  icon: 'today',
  permission: null,
  group: null,
  path: '/',
  routes: [
    { path: '/', component: () => import('./TodayPage.vue') },
  ],
}
