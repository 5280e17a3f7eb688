import type { TreeNode } from '@banyan/shared/api'
import { describe, expect, it } from 'vitest'
import { layOut } from './layout'
import { kinshipOf } from './kinship'

function person(id: number, parent: number, generation: number): TreeNode {
  return [`p${id}`, parent, generation, '陈**', 0, 1_700_000_000 + id]
}
/** 12 seeds; person i was brought by person ⌊(i − 12) / 3⌋. */
function forest(size: number): TreeNode[] {
  const nodes: TreeNode[] = []
  for (let i = 0; i < size; i++) {
    const parent = i < 12 ? -1 : Math.floor((i - 12) / 3)
    nodes.push(person(i, parent, parent < 0 ? 0 : nodes[parent]![2] + 1))
  }
  return nodes
}

describe('layOut', () => {
  it('puts a lone seed in the middle and its friends around it', () => {
    const layout = layOut([person(0, -1, 0), person(1, 0, 1), person(2, 0, 1)])
    expect([layout.xs[0], layout.ys[0]].map((at) => Math.round(at!) + 0)).toEqual([0, 0])
    expect(Math.hypot(layout.xs[1]!, layout.ys[1]!)).toBeGreaterThan(10)
    expect(Math.hypot(layout.xs[1]! - layout.xs[2]!, layout.ys[1]! - layout.ys[2]!)).toBeGreaterThan(10)
  })

  it('places each generation farther out than the one before it', () => {
    const nodes = forest(400)
    const layout = layOut(nodes)
    nodes.forEach((node, i) => {
      if (node[1] < 0) return
      const own = Math.hypot(layout.xs[i]!, layout.ys[i]!)
      expect(own).toBeGreaterThan(Math.hypot(layout.xs[node[1]]!, layout.ys[node[1]]!) * 0.9)
    })
  })

  it('gives everybody a place of their own, also with ten thousand people', () => {
    const layout = layOut(forest(10_000))
    const places = new Set<string>()
    for (let i = 0; i < layout.size; i++) {
      expect(Number.isFinite(layout.xs[i]!)).toBe(true)
      expect(layout.xs[i]!).toBeGreaterThanOrEqual(layout.box.left)
      expect(layout.ys[i]!).toBeLessThanOrEqual(layout.box.bottom)
      places.add(`${layout.xs[i]!.toFixed(2)}/${layout.ys[i]!.toFixed(2)}`)
    }
    expect(places.size).toBeGreaterThan(9_950)
  })

  it('draws the same people in the same places', () => {
    expect(layOut(forest(60)).xs).toEqual(layOut(forest(60)).xs)
  })

  it('survives nobody, and a parent that is not in the list', () => {
    expect(layOut([]).size).toBe(0)
    expect(layOut([person(0, 7, 1), person(1, 1, 1)]).parents).toEqual(Int32Array.from([-1, -1]))
  })

  it('links children and siblings for the keyboard', () => {
    const layout = layOut([person(0, -1, 0), person(1, 0, 1), person(2, 0, 1), person(3, 1, 2)])
    expect(layout.firstChild[0]).toBe(1)
    expect(layout.nextSibling[1]).toBe(2)
    expect(layout.nextSibling[2]).toBe(-1)
    expect(layout.firstChild[1]).toBe(3)
  })
})

describe('kinshipOf', () => {
  it('names the seed of the longest chain', () => {
    const nodes = [person(0, -1, 0), person(1, -1, 0), person(2, 1, 1), person(3, 2, 2)]
    nodes[1]![3] = '李**'
    expect(kinshipOf(nodes)).toEqual({ seeds: 2, broughtShare: 0.5, deepestName: '李**', deepest: 2 })
  })

  it('has nothing to say of nobody', () => {
    expect(kinshipOf([])).toBeNull()
  })
})
