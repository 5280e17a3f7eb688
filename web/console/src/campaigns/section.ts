import type { Section } from '../shell/section'

export const section: Section = {
  title: { zh: '裂变活动', en: 'Campaigns' },
  icon: 'campaigns',
  permission: 'campaigns.read',
  group: null,
  path: '/campaigns',
  routes: [
    { path: '/campaigns', component: () => import('./CampaignsPage.vue') },
    { path: '/campaigns/paths', component: () => import('../pathways/PathwaysPage.vue') },
    { path: '/campaigns/:id', component: () => import('./live/CampaignPage.vue'), props: true },
    {
      path: '/campaigns/:id/edit',
      component: () => import('./wizard/WizardPage.vue'),
      props: true,
      meta: { permission: 'campaigns.write' },
    },
    {
      path: '/campaigns/:id/change',
      component: () => import('./edit/EditPage.vue'),
      props: true,
      meta: { permission: 'campaigns.write' },
    },
  ],
}
