import { ref, type Ref } from 'vue'
import { tellProblem } from './toast'

/** What somebody presses: done once at a time, `busy` meanwhile, and what goes wrong is told. */
export function useActing(): { busy: Ref<boolean>; act: (does: () => Promise<unknown>) => Promise<void> } {
  const busy = ref(false)
  async function act(does: () => Promise<unknown>): Promise<void> {
    if (busy.value) return
    busy.value = true
    try {
      await does()
    } catch (problem) {
      tellProblem(problem)
    } finally {
      busy.value = false
    }
  }
  return { busy, act }
}
