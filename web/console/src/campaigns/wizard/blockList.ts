import type { Definition } from '@banyan/shared/api'
import type { Twin } from '@banyan/shared/language'

/** The blocks of a page, from top to bottom, as the merchant lays them out. */
export type Block = Definition['page']['blocks'][number]
export type Kind = 'hero' | 'prize' | 'progress' | 'action' | 'friends' | 'rules' | 'text' | 'image'
export type Group = 'reward' | 'rule' | 'share'

export const GROUP_OF: Record<Kind, Group> = {
  prize: 'reward', progress: 'reward', friends: 'reward',
  rules: 'rule', text: 'rule',
  hero: 'share', action: 'share', image: 'share',
}
/** Every page shows these, in the order laid out: who invites, the way to act and the rules cannot be left out. */
export const NEEDED: readonly Kind[] = ['hero', 'prize', 'progress', 'action', 'friends', 'rules']
/** What a page may have more of. */
export const ADDABLE: readonly Kind[] = ['prize', 'text', 'image']
export const MOST_BLOCKS = 20

export const kindOf = (block: Block | undefined): Kind => block?.kind as Kind

/** What the phone shows: the blocks as laid out, and before the rules what every page has besides; the head is first. */
export function laidOut(blocks: readonly Block[]): Block[] {
  const missing: Block[] = NEEDED.filter((kind) => !blocks.some((block) => block.kind === kind)).map((kind) => ({ kind }))
  const rules = blocks.findIndex((block) => block.kind === 'rules')
  const at = rules < 0 ? blocks.length : rules
  const all = [...blocks.slice(0, at), ...missing, ...blocks.slice(at)]
  return [...all.filter((block) => block.kind === 'hero'), ...all.filter((block) => block.kind !== 'hero')]
}

/** Where a block dropped at `to` comes to stand: below the head, which stays where it is. */
export function placeFor(blocks: readonly Block[], from: number, to: number): number {
  if (kindOf(blocks[from]) === 'hero') return from
  const first = kindOf(blocks[0]) === 'hero' ? 1 : 0
  return Math.max(first, Math.min(blocks.length - 1, to))
}

export function moved(blocks: readonly Block[], from: number, to: number): Block[] {
  const next = [...blocks]
  const [one] = next.splice(from, 1)
  if (one) next.splice(placeFor(blocks, from, to), 0, one)
  return next
}

/** Only what the page can do without: the last of a needed kind stays. */
export function canRemove(blocks: readonly Block[], at: number): boolean {
  const kind = kindOf(blocks[at])
  return !NEEDED.includes(kind) || blocks.filter((block) => block.kind === kind).length > 1
}

export function removed(blocks: readonly Block[], at: number): Block[] {
  return canRemove(blocks, at) ? blocks.filter((_, nth) => nth !== at) : [...blocks]
}

/** The new block stands just above the rules, which end most pages. */
export function added(blocks: readonly Block[], block: Block): { blocks: Block[]; at: number } {
  if (blocks.length >= MOST_BLOCKS) return { blocks: [...blocks], at: -1 }
  const rules = blocks.findIndex((one) => one.kind === 'rules')
  const at = rules < 0 ? blocks.length : rules
  return { blocks: [...blocks.slice(0, at), block, ...blocks.slice(at)], at }
}

const EMPTY = (): { zh: string; en: string } => ({ zh: '', en: '' })

/** A block of `kind` with nothing said in it yet; a picture brings its file. */
export function blankBlock(kind: Kind, file = ''): Block {
  if (kind === 'text') return { kind, text: EMPTY(), title: EMPTY() }
  if (kind === 'image') return { kind, file, alt: EMPTY() }
  return { kind }
}

/** The row over which a pointer at height `y` is; `middles` are the middles of the rows, from top to bottom. */
export function rowAt(middles: readonly number[], y: number): number {
  let nearest = 0
  for (const [at, middle] of middles.entries()) if (Math.abs(middle - y) < Math.abs((middles[nearest] ?? 0) - y)) nearest = at
  return nearest
}

const EDGE = 72
const FASTEST = 12

/** By how many pixels a frame the page goes on while a block is held at height `y` of a screen: down, up, or 0. */
export function edgeSpeed(y: number, height: number): number {
  const deep = (into: number): number => Math.ceil(FASTEST * Math.min(1, into / EDGE))
  if (y < EDGE) return -deep(EDGE - y)
  return y > height - EDGE ? deep(y - height + EDGE) : 0
}

/** The merchant's own words in a block, whatever it is. */
export function wordsOf(block: Block): Twin | null | undefined {
  return (block.text ?? block.label ?? block.alt ?? block.title ?? block.badge) as Twin | null | undefined
}
