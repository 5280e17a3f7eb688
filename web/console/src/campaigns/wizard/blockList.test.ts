import { describe, expect, it } from 'vitest'
import { added, blankBlock, canRemove, edgeSpeed, laidOut, MOST_BLOCKS, moved, removed, rowAt, type Block } from './blockList'

const kinds = (blocks: readonly Block[]): string[] => blocks.map((block) => block.kind)
const page = (...of: string[]): Block[] => of.map((kind) => ({ kind }))
const WHOLE = page('hero', 'prize', 'progress', 'action', 'friends', 'rules')

describe('the blocks of a page', () => {
  it('are what the phone shows, also where little is laid out', () => {
    expect(kinds(laidOut([]))).toEqual(kinds(WHOLE))
    expect(kinds(laidOut(page('action', 'text', 'rules', 'hero')))).toEqual(['hero', 'action', 'text', 'prize', 'progress', 'friends', 'rules'])
  })

  it('move up and down, never above the head, and the head never', () => {
    expect(kinds(moved(WHOLE, 3, 1))).toEqual(['hero', 'action', 'prize', 'progress', 'friends', 'rules'])
    expect(kinds(moved(WHOLE, 1, 9))).toEqual(['hero', 'progress', 'action', 'friends', 'rules', 'prize'])
    expect(kinds(moved(WHOLE, 2, 0))).toEqual(['hero', 'progress', 'prize', 'action', 'friends', 'rules'])
    expect(kinds(moved(WHOLE, 0, 4))).toEqual(kinds(WHOLE))
    expect(kinds(WHOLE)[0]).toBe('hero')
  })

  it('can be removed where the page does without', () => {
    const two = [...page('hero', 'prize', 'prize'), ...page('text', 'action', 'rules')]
    expect(two.map((_, at) => canRemove(two, at))).toEqual([false, true, true, true, false, false])
    expect(kinds(removed(two, 3))).toEqual(['hero', 'prize', 'prize', 'action', 'rules'])
    expect(removed(WHOLE, 5)).toEqual(WHOLE)
  })

  it('are added above the rules, up to the most a page has', () => {
    const { blocks, at } = added(WHOLE, blankBlock('text'))
    expect([at, kinds(blocks)]).toEqual([5, ['hero', 'prize', 'progress', 'action', 'friends', 'text', 'rules']])
    expect(blankBlock('image', 'f1')).toEqual({ kind: 'image', file: 'f1', alt: { zh: '', en: '' } })
    const full = Array.from({ length: MOST_BLOCKS }, () => blankBlock('text'))
    expect(added(full, blankBlock('text'))).toEqual({ blocks: full, at: -1 })
  })

  it('go on under a finger at the edge of the screen, faster the nearer it is', () => {
    expect([400, 72, 728].map((y) => edgeSpeed(y, 800))).toEqual([0, 0, 0])
    expect([36, 0, -50, 764, 800, 900].map((y) => edgeSpeed(y, 800))).toEqual([-6, -12, -12, 6, 12, 12])
  })

  it('are dropped on the row that is nearest', () => {
    expect([-50, 24, 26, 74, 76, 500].map((y) => rowAt([0, 50, 100], y))).toEqual([0, 0, 1, 1, 2, 2])
  })
})
