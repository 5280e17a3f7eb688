import type { Numbers } from '@banyan/shared/api'
import { Problem } from '@banyan/shared/problem'
import { onBeforeUnmount, onMounted, ref, shallowRef, type MaybeRefOrGetter, toValue, watch } from 'vue'
import { adminAddress, call } from '../../shell/call'

export type Liveness = 'connecting' | 'live' | 'reconnecting'

const SLOWEST_RETRY_MS = 15_000

/** How long to wait before the n-th attempt to reconnect: 1, 2, 4 … 15 s. */
export function retryAfterMs(attempt: number): number {
  return Math.min(SLOWEST_RETRY_MS, 1000 * 2 ** Math.max(0, attempt - 1))
}

/**
 * A campaign's numbers, kept true by the server's stream. A broken stream is reopened by itself and the numbers
 * stay; a hidden page holds no connection and catches up when it is looked at again.
 */
export function useLiveNumbers(id: MaybeRefOrGetter<string>) {
  const numbers = shallowRef<Numbers | null>(null)
  const liveness = ref<Liveness>('connecting')
  const receivedAt = ref(0)
  const error = shallowRef<unknown>(null)
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0

  function take(next: Numbers): void {
    numbers.value = next
    receivedAt.value = Date.now()
    error.value = null
  }

  function close(): void {
    clearTimeout(timer)
    source?.close()
    source = null
  }

  function open(): void {
    close()
    if (document.hidden) return
    const mine = new EventSource(adminAddress(`/campaigns/${toValue(id)}/stream`))
    source = mine
    mine.addEventListener('numbers', (event) => {
      attempt = 0
      liveness.value = 'live'
      take(JSON.parse((event as MessageEvent<string>).data) as Numbers)
    })
    mine.onopen = () => { liveness.value = 'live' }
    mine.onerror = () => {
      if (source !== mine) return
      close()
      liveness.value = 'reconnecting'
      timer = setTimeout(open, retryAfterMs(++attempt))
    }
  }

  async function fetchOnce(): Promise<void> {
    const asked = toValue(id)
    try {
      const next = await call<Numbers>(`/campaigns/${asked}/numbers`)
      if (asked === toValue(id) && !numbers.value) take(next)
    } catch (failure) {
      if (!numbers.value && failure instanceof Problem) error.value = failure
    }
  }

  function start(): void {
    void fetchOnce()
    open()
  }
  const onVisibility = () => (document.hidden ? close() : open())

  onMounted(() => {
    start()
    document.addEventListener('visibilitychange', onVisibility)
    window.addEventListener('online', open)
  })
  onBeforeUnmount(() => {
    close()
    document.removeEventListener('visibilitychange', onVisibility)
    window.removeEventListener('online', open)
  })
  watch(() => toValue(id), () => {
    numbers.value = null
    liveness.value = 'connecting'
    start()
  })

  return { numbers, liveness, receivedAt, error, retry: start }
}
