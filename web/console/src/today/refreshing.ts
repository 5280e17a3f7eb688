import { onBeforeUnmount, onMounted } from 'vue'

/** Asks again every `everyMs` while the page is looked at, and at once when somebody comes back to it. */
export function useRefreshing(ask: () => unknown, everyMs: number): void {
  let timer: ReturnType<typeof setInterval> | undefined
  const askWhenSeen = () => {
    if (!document.hidden) void ask()
  }
  onMounted(() => {
    timer = setInterval(askWhenSeen, everyMs)
    document.addEventListener('visibilitychange', askWhenSeen)
  })
  onBeforeUnmount(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', askWhenSeen)
  })
}
