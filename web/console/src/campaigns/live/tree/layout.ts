import type { TreeNode } from '@banyan/shared/api'

export interface Box {
  left: number
  right: number
  top: number
  bottom: number
}

/** Where everybody stands, in a plane whose centre is the campaign. Index i is node i of the tree. */
export interface Layout {
  size: number
  xs: Float32Array
  ys: Float32Array
  /** Angle seen from the centre; a branch leaves its parent along it. */
  angles: Float32Array
  parents: Int32Array
  generations: Uint8Array
  /** First child, next sibling: -1 where there is none. For walking by keyboard. */
  firstChild: Int32Array
  nextSibling: Int32Array
  /** What everybody stands in. */
  box: Box
}

/** The first branches are the longest; each generation's are shorter, as on a tree. */
const STEP = 58
const SHORTER = 0.87
const SHORTEST = 17
/** Area of the plane that one person gets. */
const ROOM = 34
const DISC_SPACING = 8
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5))
/** A branch fans out by at most this, so that it looks like a branch and not like a ring. */
const WIDEST_FAN = 2.1
/** In a small tree a branch may spread over its neighbours' empty space; from this many people on it may not. */
const CROWDED = 4_000

/** Evenly spread in 0…1 and always the same for the same index: no chance between two drawings. */
export function scatter(index: number): number {
  let x = Math.imul(index + 1, 2654435761) >>> 0
  x = Math.imul(x ^ (x >>> 15), 2246822519) >>> 0
  return ((x ^ (x >>> 13)) >>> 0) / 4294967296
}

interface Kin {
  firstChild: Int32Array
  nextSibling: Int32Array
  roots: number[]
  /** Parents before children. */
  order: Int32Array
  weights: Float32Array
}

function kinOf(parents: Int32Array): Kin {
  const size = parents.length
  const firstChild = new Int32Array(size).fill(-1)
  const nextSibling = new Int32Array(size).fill(-1)
  const roots: number[] = []
  for (let i = size - 1; i >= 0; i--) {
    const parent = parents[i]!
    if (parent < 0) roots.push(i)
    else {
      nextSibling[i] = firstChild[parent]!
      firstChild[parent] = i
    }
  }
  roots.reverse()
  const order = new Int32Array(size)
  let filled = 0
  for (const root of roots) order[filled++] = root
  for (let at = 0; at < filled; at++)
    for (let child = firstChild[order[at]!]!; child >= 0; child = nextSibling[child]!) order[filled++] = child
  const weights = new Float32Array(size)
  for (let at = filled - 1; at >= 0; at--) {
    const i = order[at]!
    // A leaf weighs 1; a branch a little less than its leaves together, so that a giant leaves room for others.
    weights[i] = weights[i]! > 0 ? 0.6 + weights[i]! ** 0.94 : 1
    const parent = parents[i]!
    if (parent >= 0) weights[parent]! += weights[i]!
  }
  return { firstChild, nextSibling, roots, order: order.subarray(0, filled), weights }
}

/**
 * Outer radius of each generation's band: at least a step beyond the last, and wide enough that its people have room
 * in its area. So a large tree fills its disc instead of standing on thin rings.
 */
function bandsOf(generations: Uint8Array, order: Int32Array, start: number): number[] {
  const crowd: number[] = []
  for (const i of order) crowd[generations[i]!] = (crowd[generations[i]!] ?? 0) + 1
  const bands: number[] = [start]
  for (let g = 1; g < crowd.length; g++) {
    const before = bands[g - 1]!
    bands[g] = Math.max(before + Math.max(SHORTEST, STEP * SHORTER ** (g - 1)), Math.sqrt(before ** 2 + (crowd[g] ?? 0) * ROOM))
  }
  return bands
}

const SMALLEST_HALF = 40

function boxOf(xs: Float32Array, ys: Float32Array): Box {
  const box = { left: -SMALLEST_HALF, right: SMALLEST_HALF, top: -SMALLEST_HALF, bottom: SMALLEST_HALF }
  for (let i = 0; i < xs.length; i++) {
    box.left = Math.min(box.left, xs[i]!)
    box.right = Math.max(box.right, xs[i]!)
    box.top = Math.min(box.top, ys[i]!)
    box.bottom = Math.max(box.bottom, ys[i]!)
  }
  return box
}

/**
 * Lays a tree of who brought whom out around its centre, in linear time. One seed stands in the middle. Several
 * seeds form a sunflower head: those who brought nobody inside, those with branches on its rim.
 */
export function layOut(nodes: readonly TreeNode[]): Layout {
  const size = nodes.length
  const parents = new Int32Array(size)
  for (let i = 0; i < size; i++) {
    const parent = nodes[i]![1]
    parents[i] = parent >= 0 && parent < size && parent !== i ? parent : -1
  }
  const { firstChild, nextSibling, roots, order, weights } = kinOf(parents)
  const generations = new Uint8Array(size)
  for (const i of order) generations[i] = parents[i]! < 0 ? 0 : Math.min(255, generations[parents[i]!]! + 1)

  const xs = new Float32Array(size)
  const ys = new Float32Array(size)
  const angles = new Float32Array(size)
  const spans = new Float32Array(size)
  const place = (i: number, angle: number, radius: number) => {
    angles[i] = angle
    xs[i] = Math.cos(angle) * radius
    ys[i] = Math.sin(angle) * radius
  }

  const lone = roots.length === 1
  const fertile = roots.filter((root) => firstChild[root]! >= 0)
  const barren = roots.filter((root) => firstChild[root]! < 0)
  const disc = DISC_SPACING * Math.sqrt(barren.length)
  const rim = lone ? 0 : Math.max(disc + 14, 26, (fertile.length * 13) / (2 * Math.PI))
  barren.forEach((root, at) => place(root, at * GOLDEN_ANGLE, lone ? 0 : DISC_SPACING * Math.sqrt(at + 0.5)))

  const total = fertile.reduce((sum, root) => sum + weights[root]!, 0)
  let turn = -Math.PI / 2
  for (const root of fertile) {
    const share = (weights[root]! / total) * 2 * Math.PI
    spans[root] = lone ? 2 * Math.PI : Math.min(share, WIDEST_FAN)
    place(root, turn + share / 2, rim)
    turn += share
  }

  const spread = 1 + 0.24 * Math.max(0, 1 - size / CROWDED)
  const bands = bandsOf(generations, order, rim)
  for (const i of order) {
    const child = firstChild[i]!
    if (child < 0) continue
    let sum = 0
    for (let c = child; c >= 0; c = nextSibling[c]!) sum += weights[c]!
    let from = angles[i]! - spans[i]! / 2
    for (let c = child; c >= 0; c = nextSibling[c]!) {
      const share = (weights[c]! / sum) * spans[i]!
      const g = generations[c]!
      const inner = bands[g - 1]!
      const radius = inner + (bands[g]! - inner) * (0.3 + 0.78 * scatter(c))
      place(c, from + share * (0.5 + (scatter(c + size) - 0.5) * 0.3), radius)
      spans[c] = Math.min(share * spread, WIDEST_FAN)
      from += share
    }
  }
  return { size, xs, ys, angles, parents, generations, firstChild, nextSibling, box: boxOf(xs, ys) }
}
