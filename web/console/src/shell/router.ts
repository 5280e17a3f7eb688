import type { Permission } from '@banyan/shared/api'
import { pick } from '@banyan/shared/language'
import { createRouter, createWebHistory } from 'vue-router'
import Absent from './Absent.vue'
import { onSignedOut } from './call'
import { SECTIONS } from './sections'
import { useSession } from './session'

declare module 'vue-router' {
  interface RouteMeta {
    /** Open without a session. */
    open?: boolean
    /** Drawn without rail and top bar. */
    bare?: boolean
    title?: { zh: string; en: string }
    permission?: Permission | null
  }
}

export const router = createRouter({
  history: createWebHistory('/console/'),
  scrollBehavior: (to, from, kept) => kept ?? (to.path === from.path ? false : { top: 0 }),
  routes: [
    {
      path: '/sign-in',
      name: 'sign-in',
      component: () => import('../workspaces/SignIn.vue'),
      meta: { open: true, bare: true, title: { zh: '登录', en: 'Sign in' } },
    },
    ...SECTIONS.flatMap((section) =>
      section.routes.map((route) => ({
        ...route,
        meta: { title: section.title, permission: section.permission, ...route.meta },
      })),
    ),
    {
      path: '/:rest(.*)*',
      name: 'absent',
      component: Absent,
      meta: { title: { zh: '没有这一页', en: 'No such page' } },
    },
  ],
})

router.beforeEach(async (to) => {
  const session = useSession()
  const me = await session.restore()
  if (to.meta.open) return me && to.name === 'sign-in' ? '/' : true
  if (!me) return { name: 'sign-in', query: to.fullPath === '/' ? {} : { back: to.fullPath } }
  return true
})

router.afterEach((to) => {
  document.title = `${pick(to.meta.title)} · Banyan 榕`
})

onSignedOut(() => {
  useSession().forget()
  const at = router.currentRoute.value
  if (at.name !== 'sign-in') void router.push({ name: 'sign-in', query: { back: at.fullPath } })
})
