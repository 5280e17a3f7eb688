import type { Section } from '../shell/section'

export const section: Section = {
  title: { zh: '微店', en: 'Store' },
  icon: 'store',
  permission: 'store.read',
  group: 'business',
  path: '/store',
  routes: [
    { path: '/store', component: () => import('./ProductsPage.vue') },
    { path: '/store/products/:id', component: () => import('./ProductPage.vue'), props: true },
    { path: '/store/import', component: () => import('./ImportPage.vue'), meta: { permission: 'store.write' } },
    { path: '/store/categories', component: () => import('./CategoriesPage.vue') },
    { path: '/store/discounts', component: () => import('./DiscountsPage.vue') },
    { path: '/store/shops', component: () => import('./ShopsPage.vue') },
    { path: '/store/shops/:id', component: () => import('./ShopPage.vue'), props: true },
  ],
}
