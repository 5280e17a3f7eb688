import { onScopeDispose, type Ref, ref, watch } from 'vue'

/** A search text: `typed` follows the keys, `q` follows a moment later, trimmed. */
export function useTyping(first = ''): { typed: Ref<string>; q: Ref<string> } {
  const typed = ref(first)
  const q = ref(first.trim())
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(typed, (text) => {
    clearTimeout(timer)
    timer = setTimeout(() => { q.value = text.trim() }, 220)
  })
  onScopeDispose(() => clearTimeout(timer))
  return { typed, q }
}
