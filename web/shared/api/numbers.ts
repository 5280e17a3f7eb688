/** What analytics tells of a campaign: ratios are 0…1, intervals are [lowest, highest]. */
import type { Twin } from '../src/language.ts'
import type { Channel } from './types.ts'

export interface Measure {
  key: string
  name: Twin
  definition: Twin
  formula: string
}
export interface Growth {
  value: number | null
  low: number | null
  high: number | null
  observed: number
  censored: number
  method: string
  generation_hours: number | null
}
export type FunnelKey = 'seen' | 'clicked' | 'started' | 'shared' | 'friend_clicked' | 'converted'
export interface ChannelNumbers {
  channel: Channel | 'seed' | 'path'
  clicks: number
  participants: number
  /** Of them, who came by the channel itself and not by a friend. */
  direct: number
  new_people: number
  sharers: number
  share_rate: number | null
  conversion_rate: number | null
  k: number | null
  cost_per_new_person_minor: number | null
}
export interface Numbers {
  as_of: string
  fresh_ms: number
  participants: number
  participants_last_hour: number
  sharers: number
  share_rate: number | null
  converters: number
  conversion_rate: number | null
  new_people: number
  k: Growth
  cost_minor: number
  cost_per_new_person_minor: number | null
  output_minor: number
  roi: number | null
  budget: {
    total_minor: number
    spent_minor: number
    day_total_minor: number | null
    day_spent_minor: number | null
    warned: boolean
  }
  funnel: { key: FunnelKey; count: number; rate_from_previous: number | null }[]
  channels: ChannelNumbers[]
  generations: number[]
  refusals: { reason: string; count: number }[]
}
export interface SeriesPoint {
  at: string
  participants: number
  clicks: number
  new_people: number
}
/** [id, index of parent or -1, generation, masked name, people brought, joined at (unix seconds)] */
export type TreeNode = [string, number, number, string, number, number]
export interface Tree {
  nodes: TreeNode[]
  total: number
  generations: number
}
