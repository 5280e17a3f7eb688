import type { Section } from '../shell/section'

export const section: Section = {
  title: { zh: '消息发件箱', en: 'Outbox' },
  icon: 'messages',
  permission: 'outbox.read',
  group: 'customers',
  path: '/outbox',
  routes: [
    { path: '/outbox', component: () => import('./OutboxPage.vue') },
  ],
}
