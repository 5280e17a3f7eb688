import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { api } from '../api'
import { keepOwnQuest, page, role } from '../page/page'
import type { OwnQuest } from '../page/state'

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000
const STEADY_AFTER_MS = 10_000

/**
 * Keeps the own quest fresh while somebody looks at it. The stream is closed while the page is hidden (a phone in a
 * pocket holds no connection); on return the quest is read once and the stream opened again.
 */
export function useLiveQuest(): { broken: Ref<boolean> } {
  const broken = ref(false)
  let source: EventSource | null = null
  let timer = 0
  let wait = FIRST_WAIT_MS
  let openedAt = 0

  const close = (): void => {
    clearTimeout(timer)
    source?.close()
    source = null
  }

  const open = (id: string): void => {
    close()
    source = new EventSource(`/api/public/quests/${encodeURIComponent(id)}/stream`)
    source.addEventListener('open', () => {
      openedAt = Date.now()
      broken.value = false
    })
    source.addEventListener('quest', (event: MessageEvent<string>) => keepOwnQuest(JSON.parse(event.data) as OwnQuest))
    source.addEventListener('error', () => {
      // The browser's own retry gives up for good on an answer such as 503, so the pause between tries is ours.
      close()
      if (openedAt && Date.now() - openedAt > STEADY_AFTER_MS) wait = FIRST_WAIT_MS
      else broken.value = wait > FIRST_WAIT_MS
      openedAt = 0
      // Spread, so that a restarted server is not met by every phone in the same instant.
      timer = window.setTimeout(() => void catchUp(id), wait * (0.5 + Math.random()))
      wait = Math.min(wait * 2, LONGEST_WAIT_MS)
    })
  }

  const catchUp = async (id: string): Promise<void> => {
    await api.quest(id).then(keepOwnQuest, () => undefined)
    if (id === page.state.my_quest?.id && role.value === 'owner' && !document.hidden) open(id)
  }

  const onVisibility = (): void => {
    const id = page.state.my_quest?.id
    if (document.hidden) close()
    else if (id && role.value === 'owner' && !page.preview) void catchUp(id)
  }

  const stop = watch(
    () => (role.value === 'owner' ? page.state.my_quest?.id : undefined),
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
