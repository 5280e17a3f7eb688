import type { Section } from '../shell/section'

export const section: Section = {
  title: { zh: '模板库', en: 'Templates' },
  icon: 'templates',
  permission: 'campaigns.read',
  group: null,
  path: '/templates',
  routes: [
    { path: '/templates', component: () => import('./TemplatesPage.vue') },
  ],
}
