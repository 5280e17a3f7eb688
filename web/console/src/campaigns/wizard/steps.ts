import { ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** Which of the three steps is shown; the address keeps it. */
export function useSteps() {
  const route = useRoute()
  const router = useRouter()
  const step = ref(Math.min(3, Math.max(1, Number(route.query.step) || 1)))
  function go(to: number): void {
    step.value = to
    void router.replace({ query: { ...route.query, step: String(to) } })
    window.scrollTo({ top: 0 })
  }
  return { step, go }
}
