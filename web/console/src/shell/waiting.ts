import type { Today } from '@banyan/shared/api'
import { useQuery } from '@pinia/colada'
import { call } from './call'

/** What happened today and what waits for a person; asked again whenever somebody returns to the window. */
export function useToday() {
  return useQuery({ key: ['today'], query: ({ signal }) => call<Today>('/today', { signal }) })
}
