import { pick, type Twin } from '@banyan/shared/language'

/** GET /api/admin/campaigns/{id}/sale?cursor= */
export interface SalePage {
  play: string
  numbers: {
    open: number
    won: number
    lost: number
    orders: number
    waiting: number
    returning: number
    pieces: number
    revenue_minor: number
    refunded_minor: number
    moved: number
    left: number | null
    of: number | null
  }
  items: TeamRow[]
  next: string | null
}

export interface TeamRow {
  quest_id: string
  owner_masked: string
  stage: string
  state: string
  have: number
  need: number | null
  orders: number
  moved_in: number
  revenue_minor: number
  started_at: string
  ends_at: string | null
}

/** The plays through which something is bought. */
export const SELLING = ['group_buy', 'bargain', 'flash_sale']

const STAGES: Record<string, Twin & { tone: string }> = {
  forming: { zh: '拼团中', en: 'Forming', tone: 'sun' },
  full: { zh: '满员待付', en: 'Full, paying', tone: 'sun' },
  settled: { zh: '已成团', en: 'Formed', tone: '' },
  refunding: { zh: '未成团，退款中', en: 'Failed, refunding', tone: 'rose' },
  closed: { zh: '未成团，已退款', en: 'Failed, refunded', tone: 'plain' },
  open: { zh: '进行中', en: 'Open', tone: 'sun' },
  won: { zh: '已成交', en: 'Sold', tone: '' },
  lost: { zh: '未成交', en: 'Not sold', tone: 'plain' },
}
export const stageName = (stage: string): string => pick(STAGES[stage]) || stage
export const stageTone = (stage: string): string => STAGES[stage]?.tone ?? 'plain'
