import type { Section } from '../shell/section'

export const section: Section = {
  title: { zh: '客户', en: 'People' },
  icon: 'people',
  permission: 'people.read',
  group: 'customers',
  path: '/people',
  routes: [
    { path: '/people', component: () => import('./PeoplePage.vue') },
    { path: '/people/seeds', component: () => import('./SeedsPage.vue') },
    { path: '/people/:id', component: () => import('./PersonPage.vue'), props: true },
  ],
}
