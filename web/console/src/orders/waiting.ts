import type { Page } from '@banyan/shared/api'
import type { Dispute, Refund, Stuck } from '@banyan/shared/orders'
import type { Invoice } from '@banyan/shared/store'
import { useQuery, useQueryCache } from '@pinia/colada'
import { computed } from 'vue'
import { call } from '../shell/call'

const count = (page: Page<unknown> | undefined) => page?.total ?? page?.items.length ?? 0

/** What an operator must act on: refunds and payments that are stuck, and open cases. */
export function useStuck() {
  return useQuery({ key: ['orders', 'stuck'], query: ({ signal }) => call<Stuck>('/payments/stuck', { signal }) })
}

/** How much waits on each page of the orders' folder. */
export function useWaiting() {
  const { data: stuck } = useStuck()
  const { data: refunds } = useQuery({ key: ['orders', 'asked'], query: ({ signal }) => call<Page<Refund>>('/refunds', { query: { state: 'asked' }, signal }) })
  const { data: disputes } = useQuery({ key: ['orders', 'disputes'], query: ({ signal }) => call<Page<Dispute>>('/disputes', { query: { state: 'open' }, signal }) })
  const { data: invoices } = useQuery({ key: ['orders', 'invoices'], query: ({ signal }) => call<Page<Invoice>>('/invoices', { query: { state: 'asked' }, signal }) })
  return {
    refunds: computed(() => count(refunds.value) + (stuck.value?.refunds.length ?? 0)),
    disputes: computed(() => count(disputes.value)),
    invoices: computed(() => count(invoices.value)),
    cases: computed(() => (stuck.value?.cases.length ?? 0) + (stuck.value?.payments.length ?? 0)),
  }
}

/** Call it after a command: everything that shows orders, refunds or cases is asked for again. */
export function useRefreshingOrders(): () => Promise<void> {
  const cache = useQueryCache()
  return async () => {
    await Promise.all([
      cache.invalidateQueries({ key: ['orders'] }),
      cache.invalidateQueries({ key: ['today'] }),
      ...['/orders', '/refunds', '/disputes', '/invoices', '/statements'].map((path) => cache.invalidateQueries({ key: ['list', path] })),
    ])
  }
}
