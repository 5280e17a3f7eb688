import type { Campaign } from '@banyan/shared/api'
import { useQuery, useQueryCache } from '@pinia/colada'
import { type MaybeRefOrGetter, toValue } from 'vue'
import { call } from '../shell/call'

/** One campaign, and the commands that change it. Every command leaves the server's answer in the cache. */
export function useCampaign(id: MaybeRefOrGetter<string>) {
  const cache = useQueryCache()
  const path = () => `/campaigns/${toValue(id)}`
  const query = useQuery({ key: () => ['campaign', toValue(id)], query: ({ signal }) => call<Campaign>(path(), { signal }) })

  /** Lists that show campaigns are read anew. A later change breaks off an earlier reading: that is no failure. */
  function askAgain(): void {
    for (const key of [['list', '/campaigns'], ['today']]) cache.invalidateQueries({ key }).catch(() => undefined)
  }
  function keep(campaign: Campaign): Campaign {
    cache.setQueryData(['campaign', campaign.id], campaign)
    askAgain()
    return campaign
  }
  const post = async (what: string, body?: unknown) => keep(await call<Campaign>(path() + what, { method: 'POST', body }))

  return {
    ...query,
    keep,
    publish: () => post('/publication'),
    sign: (said: { reason: string; days: number; is_alone: boolean }) => post('/signatures', said),
    pause: (reason: string) => post('/pause', { reason }),
    resume: async () => keep(await call<Campaign>(`${path()}/pause`, { method: 'DELETE' })),
    end: (reason: string) => post('/ending', { reason }),
    settle: () => post('/settlement'),
    remove: async () => {
      await call(path(), { method: 'DELETE' })
      askAgain()
    },
  }
}
