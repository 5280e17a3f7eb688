/** GET /api/admin/leaderboard: campaigns, templates and plays by what came of them. Twins of `banyan/app/leaderboard.py`. */
import type { Twin } from '../src/language.ts'
import type { CampaignState, Growth } from './types.ts'

export type BoardBy = 'campaign' | 'template' | 'play'
export type BoardPeriod = '30' | '90' | 'all'
export type BoardSort = 'new_people' | 'k' | 'cost_per_new_person' | 'roi' | 'participants'
export type BoardOrder = 'asc' | 'desc'

export interface Effect {
  participants: number
  new_people: number
  /** Fewer people than a comparison needs: K, the cost per new person and ROI are not told. */
  too_few: boolean
  k: Growth
  cost_minor: number
  cost_per_new_person_minor: number | null
  output_minor: number
  roi: number | null
}
export interface LeaderboardRow {
  /** The campaign's id, the template's or the play's key; empty: made without a template. */
  key: string
  name: Twin
  /** Empty where the campaigns have several. */
  play: string
  state: CampaignState | null
  campaigns: number
  effect: Effect
}
export interface Leaderboard {
  items: LeaderboardRow[]
  published: number
  /** False: there are older campaigns that are not compared. */
  is_whole: boolean
}
