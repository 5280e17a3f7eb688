import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { api } from '../api'
import { keepOwnQuest, page } from '../page/page'
import type { OwnQuest } from '../page/state'

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000

/**
 * Keeps the own quest fresh while somebody looks at it. The stream is closed while the page is hidden (a phone in a
 * pocket holds no connection); on return the quest is read once and the stream opened again.
 */
export function useLiveQuest(): { broken: Ref<boolean> } {
  const broken = ref(false)
  let source: EventSource | null = null
  let timer = 0
  let wait = FIRST_WAIT_MS

  const close = (): void => {
    clearTimeout(timer)
    source?.close()
    source = null
  }

  const open = (id: string): void => {
    close()
    source = new EventSource(`/api/public/quests/${encodeURIComponent(id)}/stream`)
    source.addEventListener('open', () => {
      wait = FIRST_WAIT_MS
      broken.value = false
    })
    source.addEventListener('quest', (event: MessageEvent<string>) => keepOwnQuest(JSON.parse(event.data) as OwnQuest))
    source.addEventListener('error', () => {
      // The browser's own retry gives up for good on an answer such as 503, so the pause between tries is ours.
      close()
      broken.value = true
      timer = window.setTimeout(() => void catchUp(id), wait)
      wait = Math.min(wait * 2, LONGEST_WAIT_MS)
    })
  }

  const catchUp = async (id: string): Promise<void> => {
    await api.quest(id).then(keepOwnQuest, () => undefined)
    if (id === page.state.my_quest?.id && !document.hidden) open(id)
  }

  const onVisibility = (): void => {
    const id = page.state.my_quest?.id
    if (document.hidden) close()
    else if (id) void catchUp(id)
  }

  const stop = watch(
    () => page.state.my_quest?.id,
    (id) => (id && !page.preview ? open(id) : close()),
    { immediate: true },
  )
  document.addEventListener('visibilitychange', onVisibility)
  onScopeDispose(() => {
    stop()
    close()
    document.removeEventListener('visibilitychange', onVisibility)
  })
  return { broken }
}
