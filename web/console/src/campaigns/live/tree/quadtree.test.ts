import { describe, expect, it } from 'vitest'
import { Quadtree } from './quadtree'
import { scatter } from './layout'

describe('Quadtree', () => {
  const size = 3000
  const xs = Float32Array.from({ length: size }, (_, i) => (scatter(i) - 0.5) * 900)
  const ys = Float32Array.from({ length: size }, (_, i) => (scatter(i + size) - 0.5) * 700)
  const tree = new Quadtree(xs, ys)

  function slowly(x: number, y: number, within: number): number {
    let best = -1
    let limit = within
    for (let i = 0; i < size; i++) {
      const distance = Math.hypot(xs[i]! - x, ys[i]! - y)
      if (distance <= limit) {
        limit = distance
        best = i
      }
    }
    return best
  }

  it('finds what looking at every point finds', () => {
    for (let at = 0; at < 400; at++) {
      const x = (scatter(at * 7 + 1) - 0.5) * 1100
      const y = (scatter(at * 11 + 3) - 0.5) * 900
      const found = tree.nearest(x, y, 30)
      const expected = slowly(x, y, 30)
      const distance = (i: number) => (i < 0 ? -1 : Math.hypot(xs[i]! - x, ys[i]! - y))
      expect(distance(found)).toBeCloseTo(distance(expected), 4)
    }
  })

  it('finds nothing beyond the limit', () => {
    expect(tree.nearest(5000, 5000, 30)).toBe(-1)
  })

  it('holds any number of people in one place', () => {
    const same = new Quadtree(new Float32Array(500).fill(3), new Float32Array(500).fill(3))
    expect(same.nearest(3, 3, 1)).toBeGreaterThanOrEqual(0)
  })
})
