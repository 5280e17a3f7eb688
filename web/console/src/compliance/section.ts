import type { Section } from '../shell/section'

export const section: Section = {
  title: { zh: '合规守护', en: 'Compliance' },
  icon: 'compliance',
  permission: 'campaigns.read',
  group: 'guard',
  path: '/compliance',
  routes: [
    { path: '/compliance', component: () => import('./CompliancePage.vue') },
  ],
}
