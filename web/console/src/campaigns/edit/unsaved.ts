import type { Campaign, CampaignState, Definition } from '@banyan/shared/api'
import { Problem } from '@banyan/shared/problem'
import { call } from '../../shell/call'

const KEPT_DAYS = 30
const ROOT = 'banyan.edit.'

/** What a member typed into a campaign and neither saved nor asked for, kept in this browser. */
export interface Unsaved {
  /** The campaign's version it was typed into. */
  version: number
  /** What stood there before, and what was made of it. */
  base: Definition
  mine: Definition
  at: string
}

const keyOf = (member: string, campaign: string) => `${ROOT}${member}.${campaign}`

/** Keeps it over reloads. False when this browser keeps nothing. */
export function keepUnsaved(member: string, campaign: string, unsaved: Unsaved): boolean {
  try {
    localStorage.setItem(keyOf(member, campaign), JSON.stringify(unsaved))
    return true
  } catch {
    return false
  }
}

export function dropUnsaved(member: string, campaign: string): void {
  try {
    localStorage.removeItem(keyOf(member, campaign))
  } catch {
    // Where nothing is kept there is nothing to drop.
  }
}

/** What is kept of it, null when there is nothing that can be read or it is too old. */
export function unsavedOf(member: string, campaign: string): Unsaved | null {
  try {
    return read(localStorage.getItem(keyOf(member, campaign)), Date.now())
  } catch {
    return null
  }
}

/** Lets go of everything nobody comes back to: what is older than 30 days or cannot be read, of whoever used this browser. */
export function dropOld(now: number): void {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(ROOT) && !read(localStorage.getItem(key), now)) localStorage.removeItem(key)
    }
  } catch {
    // Where nothing is kept there is nothing to drop.
  }
}

/** Lets go of what was typed into campaigns that are over or gone; those nobody can be asked about now stay. */
export async function dropOver(member: string): Promise<void> {
  for (const campaign of keptBy(member)) {
    if (isOver(await stateOf(campaign))) dropUnsaved(member, campaign)
  }
}

/** Whether nothing can be changed in a campaign any more; null: it is gone. */
export function isOver(state: CampaignState | null | undefined): boolean {
  return state === null || state === 'ended' || state === 'settled'
}

function keptBy(member: string): string[] {
  try {
    const mine = keyOf(member, '')
    return Object.keys(localStorage).filter((key) => key.startsWith(mine)).map((key) => key.slice(mine.length))
  } catch {
    return []
  }
}

/** Null: there is no such campaign; undefined: nobody knows. */
async function stateOf(campaign: string): Promise<CampaignState | null | undefined> {
  try {
    return (await call<Campaign>(`/campaigns/${campaign}`)).state
  } catch (problem) {
    return problem instanceof Problem && problem.status === 404 ? null : undefined
  }
}

function read(text: string | null, now: number): Unsaved | null {
  try {
    const kept = JSON.parse(text ?? 'null') as Unsaved | null
    const isWhole = kept && typeof kept.version === 'number' && kept.base.play.key === kept.mine.play.key
    return isWhole && now - Date.parse(kept.at) < KEPT_DAYS * 86_400_000 ? kept : null
  } catch {
    return null
  }
}
