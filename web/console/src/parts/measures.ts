import type { Measure, Page } from '@banyan/shared/api'
import { useQuery } from '@pinia/colada'
import { computed } from 'vue'
import { call } from '../shell/call'

/** The trade's definitions of its numbers, as the server computes them. */
export function useMeasures() {
  const { data } = useQuery({
    key: ['measures'],
    query: async ({ signal }) => {
      const answer = await call<Measure[] | Page<Measure>>('/measures', { signal })
      return Array.isArray(answer) ? answer : answer.items
    },
    staleTime: Infinity,
  })
  return computed(() => new Map((data.value ?? []).map((measure) => [measure.key, measure])))
}
