import type { PathwayTerms, WantedBranch } from './pathways'

export type Part = keyof PathwayTerms

/** What somebody else changed in a path meanwhile, and which of it this member changed as well. */
export interface Meanwhile {
  mine: PathwayTerms
  theirs: PathwayTerms
  /** Both changed these, each otherwise. */
  clashes: Part[]
  /** Only they changed these. */
  changes: Part[]
}

const PARTS = ['name', 'title', 'ends_at', 'branches'] as const satisfies readonly Part[]
const line = (one: WantedBranch) => [one.segment, one.campaign_id, one.level_key]
const momentOf = (at: string | null) => (at === null ? null : new Date(at).getTime())

/** Whether a part says the same in both: a moment however it is written. */
export function isSamePart(part: Part, one: PathwayTerms, other: PathwayTerms): boolean {
  if (part === 'name') return one.name === other.name
  if (part === 'title') return one.title.zh === other.title.zh && one.title.en === other.title.en
  if (part === 'ends_at') return momentOf(one.ends_at) === momentOf(other.ends_at)
  return JSON.stringify(one.branches.map(line)) === JSON.stringify(other.branches.map(line))
}

/** What a part says in `from`, put in the place of what `into` says of it. */
export function withPart(part: Part, into: PathwayTerms, from: PathwayTerms): PathwayTerms {
  return JSON.parse(JSON.stringify({ ...into, [part]: from[part] })) as PathwayTerms
}

/**
 * Puts what somebody typed on top of what is newest: `base` is what they began with. Nothing typed is
 * lost; where both changed the same part it says what was typed, and the clash says so.
 */
export function together(base: PathwayTerms, mine: PathwayTerms, newest: PathwayTerms): { terms: PathwayTerms; meanwhile: Meanwhile } {
  const theirs = PARTS.filter((part) => !isSamePart(part, base, newest))
  const changes = theirs.filter((part) => isSamePart(part, base, mine))
  const clashes = theirs.filter((part) => !changes.includes(part) && !isSamePart(part, mine, newest))
  return { terms: changes.reduce((terms, part) => withPart(part, terms, newest), mine), meanwhile: { mine, theirs: newest, clashes, changes } }
}
