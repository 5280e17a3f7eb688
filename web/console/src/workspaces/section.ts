import type { Section } from '../shell/section'

export const section: Section = {
  title: { zh: '设置', en: 'Settings' },
  icon: 'settings',
  permission: null,
  group: 'settings',
  path: '/settings',
  routes: [
    { path: '/settings', component: () => import('./SettingsPage.vue') },
  ],
}
