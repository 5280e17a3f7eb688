import type { Campaign } from '@banyan/shared/api'
import { useQuery, useQueryCache } from '@pinia/colada'
import { type MaybeRefOrGetter, toValue } from 'vue'
import { call } from '../shell/call'

/** One campaign, and the commands that change it. Every command leaves the server's answer in the cache. */
export function useCampaign(id: MaybeRefOrGetter<string>) {
  const cache = useQueryCache()
  const path = () => `/campaigns/${toValue(id)}`
  const query = useQuery({ key: () => ['campaign', toValue(id)], query: ({ signal }) => call<Campaign>(path(), { signal }) })

  function keep(campaign: Campaign): Campaign {
    cache.setQueryData(['campaign', campaign.id], campaign)
    void cache.invalidateQueries({ key: ['list', '/campaigns'] })
    void cache.invalidateQueries({ key: ['today'] })
    return campaign
  }
  const post = async (what: string, body?: unknown) => keep(await call<Campaign>(path() + what, { method: 'POST', body }))

  return {
    ...query,
    keep,
    publish: () => post('/publication'),
    pause: (reason: string) => post('/pause', { reason }),
    resume: async () => keep(await call<Campaign>(`${path()}/pause`, { method: 'DELETE' })),
    end: (reason: string) => post('/ending', { reason }),
    settle: () => post('/settlement'),
    remove: async () => {
      await call(path(), { method: 'DELETE' })
      void cache.invalidateQueries({ key: ['list', '/campaigns'] })
      void cache.invalidateQueries({ key: ['today'] })
    },
  }
}
