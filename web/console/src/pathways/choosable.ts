import type { CampaignRow, Page } from '@banyan/shared/api'
import { say } from '@banyan/shared/language'
import { useQuery } from '@pinia/colada'
import { computed } from 'vue'
import { call } from '../shell/call'
import { segmentName, type Choosable, type WantedBranch } from './pathways'

/** What a line can lead to and ask for: campaigns that are open and the path's `own`, and the ladder's levels. */
export function useChoosable(own: () => readonly Choosable[]) {
  const { data: campaigns } = useQuery({ key: ['campaigns', 'for paths'], query: ({ signal }) => call<Page<CampaignRow>>('/campaigns', { signal }) })
  const open = computed(() => campaigns.value?.items.filter((row) => ['live', 'published', 'paused'].includes(row.state)) ?? [])
  const choosable = computed<Choosable[]>(() => [...open.value, ...own().filter((one) => !open.value.some((row) => row.id === one.id))])
  const { data: ladder } = useQuery({ key: ['levels', 'for paths'], query: ({ signal }) => call<{ levels: { level: { key: string; name_zh: string; name_en: string } }[] }>('/levels', { signal }).catch(() => ({ levels: [] })) })
  const levels = computed(() => ladder.value?.levels.map((row) => row.level) ?? [])

  /** A line as one reads it: who, and where to. */
  function told(branch: WantedBranch): string {
    const level = levels.value.find((one) => one.key === branch.level_key)
    const who = segmentName(branch.segment) + (branch.level_key ? ` ${level ? say(level.name_zh, level.name_en || level.name_zh) : branch.level_key}` : '')
    return `${who} → ${choosable.value.find((one) => one.id === branch.campaign_id)?.name ?? say('（还没选活动）', '(no campaign yet)')}`
  }

  return { campaigns, choosable, levels, told }
}
