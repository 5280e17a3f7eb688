import type { Definition } from '@banyan/shared/api'
import { changesOf, isRecord, isSame, isTwin, type Changed } from './changes'

/** One thing that two people changed, each otherwise. */
export interface Clash {
  path: string
  mine: unknown
  theirs: unknown
}

/** What somebody else changed meanwhile, and which of it this member changed as well. */
export interface Meanwhile {
  changes: Changed[]
  clashes: Clash[]
}

const nameOf = (value: unknown): unknown => (isRecord(value) ? (value.key ?? value.kind ?? value.id) : value)
const areText = (list: readonly unknown[]): list is string[] => list.every((one) => typeof one === 'string')

/** Lists whose places hold the same things, so that each can be looked at by itself. */
function areAlike(...[first = [], ...others]: (readonly unknown[])[]): boolean {
  return others.every((list) => list.length === first.length && list.every((one, at) => isRecord(one) && nameOf(one) === nameOf(first[at])))
}

function joined(path: string, base: unknown, mine: unknown, theirs: unknown, clashes: Clash[]): unknown {
  if (isSame(mine, base)) return theirs
  if (isSame(theirs, base) || isSame(mine, theirs)) return mine
  if (isRecord(mine) && isRecord(theirs) && !isTwin(mine)) {
    const before = isRecord(base) ? base : {}
    const keys = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])]
    return Object.fromEntries(keys.map((key) => [key, joined(path ? `${path}.${key}` : key, before[key], mine[key], theirs[key], clashes)]))
  }
  if (Array.isArray(base) && Array.isArray(mine) && Array.isArray(theirs)) {
    // Choices of many, as channels: what either took or left out is taken or left out.
    if (areText(base) && areText(mine) && areText(theirs)) return [...theirs.filter((one) => mine.includes(one) || !base.includes(one)), ...mine.filter((one) => !base.includes(one) && !theirs.includes(one))]
    if (areAlike(base, mine, theirs)) return mine.map((one, at) => joined(`${path}.${at}`, base[at], one, theirs[at], clashes))
  }
  clashes.push({ path, mine: mine ?? null, theirs: theirs ?? null })
  return mine
}

/**
 * Puts what somebody typed on top of what is newest: `base` is what they began with. Nothing typed is
 * lost; where both changed the same thing it says what was typed, and the clash says what is newest.
 */
export function together(base: Definition, mine: Definition, newest: Definition): { definition: Definition; meanwhile: Meanwhile } {
  const clashes: Clash[] = []
  const made = joined('', base, mine, newest, clashes)
  return { definition: JSON.parse(JSON.stringify(made)) as Definition, meanwhile: { changes: changesOf(base, newest), clashes } }
}
