import type { Section } from '../shell/section'

export const section: Section = {
  title: { zh: '订单', en: 'Orders' },
  icon: 'orders',
  permission: 'orders.read',
  group: 'business',
  path: '/orders',
  routes: [
    { path: '/orders', component: () => import('./OrdersPage.vue') },
    { path: '/orders/collection', component: () => import('./CollectionPage.vue'), meta: { permission: 'orders.write' } },
    { path: '/orders/refunds', component: () => import('./RefundsPage.vue') },
    { path: '/orders/disputes', component: () => import('./DisputesPage.vue') },
    { path: '/orders/invoices', component: () => import('./InvoicesPage.vue') },
    { path: '/orders/statements', component: () => import('./StatementsPage.vue') },
    { path: '/orders/statements/:provider/:day', component: () => import('./StatementDayPage.vue'), props: true },
    { path: '/orders/sandbox', component: () => import('./SandboxPage.vue') },
    { path: '/orders/:id', component: () => import('./OrderPage.vue'), props: true },
  ],
}
