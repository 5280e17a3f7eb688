import type { Me, Permission } from '@banyan/shared/api'
import { Problem } from '@banyan/shared/problem'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { call } from './call'

export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  const asked = ref(false)
  const currency = computed(() => me.value?.workspace.currency ?? 'CNY')

  /** Asks the server once who is signed in; null when nobody is. */
  async function restore(): Promise<Me | null> {
    if (asked.value) return me.value
    try {
      me.value = await call<Me>('/session')
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error
      me.value = null
    }
    asked.value = true
    return me.value
  }

  async function signIn(email: string, password: string): Promise<void> {
    me.value = await call<Me>('/session', { method: 'POST', body: { email, password } })
    asked.value = true
  }

  async function signOut(): Promise<void> {
    await call('/session', { method: 'DELETE' })
    forget()
  }

  function forget(): void {
    me.value = null
  }

  function may(permission: Permission | null): boolean {
    return permission === null || (me.value?.permissions.includes(permission) ?? false)
  }

  return { me, currency, restore, signIn, signOut, forget, may }
})
