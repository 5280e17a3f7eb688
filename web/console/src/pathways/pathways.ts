import type { CampaignState, Finding } from '@banyan/shared/api'
import { say, type Twin } from '@banyan/shared/language'

export type Segment = 'seed' | 'level' | 'bought' | 'everybody'
export interface PathBranch {
  whom: Twin
  campaign_id: string
  campaign: string
  play: string
  state: CampaignState
  clicks: number | null
  began: number | null
  participants: number | null
  new_people: number | null
  k: number | null
  cost_per_new_person_minor: number | null
}
/** What a rule says of a path, and what would be allowed in its place. */
export interface PathFinding extends Omit<Finding, 'nearest_allowed'> {
  nearest_allowed: Twin | null
}
export interface WantedBranch {
  segment: Segment
  campaign_id: string
  level_key: string | null
}
/** A campaign that a branch can lead to. */
export interface Choosable {
  id: string
  name: string
  play: string
}
/** What of a path can be edited; `ends_at`: until when it leads anybody. */
export interface PathwayTerms {
  name: string
  title: Twin
  branches: WantedBranch[]
  ends_at: string | null
}
export interface Pathway {
  id: string
  name: string
  title: Twin
  url: string
  made_at: string
  closed_at: string | null
  terms: PathwayTerms
  /** What forbids it now: visitors find it closed. */
  findings: PathFinding[]
  /** Of who goes where: the first is 1, each edit of the branches makes the next. */
  version: number
  branches: PathBranch[]
  /** What no line leads to since an edit; who began there is led there while it runs. */
  earlier: PathBranch[]
}

export const MOST_BRANCHES = 5

export function segmentName(segment: Segment): string {
  return {
    seed: say('种子用户', 'Seed users'),
    level: say('会员等级达到…', 'Members from a level up'),
    bought: say('在本店付过款的顾客', 'Who has paid for an order here'),
    everybody: say('其他所有人', 'Everybody else'),
  }[segment]
}

/** Whether a path with this end leads nobody any more at `now`. */
export function hasEnded(ends_at: string | null, now: number): boolean {
  return ends_at !== null && new Date(ends_at).getTime() <= now
}

/** Whether the branches are whole: the server says the rest. */
export function isWhole(branches: readonly WantedBranch[]): boolean {
  const campaigns = branches.map((branch) => branch.campaign_id)
  const kinds = branches.map((branch) => `${branch.segment} ${branch.level_key ?? ''}`)
  return (
    branches.length >= 2 &&
    campaigns.every(Boolean) &&
    new Set(campaigns).size === campaigns.length &&
    new Set(kinds).size === kinds.length &&
    branches.every((branch) => branch.segment !== 'level' || branch.level_key)
  )
}
