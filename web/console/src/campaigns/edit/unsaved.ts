import type { Definition } from '@banyan/shared/api'

/** What a member typed into a campaign and neither saved nor asked for, kept in this browser. */
export interface Unsaved {
  /** The campaign's version it was typed into. */
  version: number
  /** What stood there before, and what was made of it. */
  base: Definition
  mine: Definition
  at: string
}

const keyOf = (member: string, campaign: string) => `banyan.edit.${member}.${campaign}`

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

/** What is kept of it, null when there is nothing that can be read. */
export function unsavedOf(member: string, campaign: string): Unsaved | null {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(member, campaign)) ?? 'null') as Unsaved | null
    return kept && typeof kept.version === 'number' && kept.base.play.key === kept.mine.play.key ? kept : null
  } catch {
    return null
  }
}
