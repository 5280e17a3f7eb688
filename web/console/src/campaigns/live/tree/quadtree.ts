/** Finds the point nearest to a place without looking at all of them. Built once per layout. */
interface Cell {
  x: number
  y: number
  half: number
  points: number[] | null
  quarters: Cell[] | null
}

const FULL = 12
const DEEPEST = 20

export class Quadtree {
  readonly #xs: ArrayLike<number>
  readonly #ys: ArrayLike<number>
  readonly #root: Cell

  constructor(xs: ArrayLike<number>, ys: ArrayLike<number>) {
    this.#xs = xs
    this.#ys = ys
    let half = 1
    for (let i = 0; i < xs.length; i++) half = Math.max(half, Math.abs(xs[i]!), Math.abs(ys[i]!))
    this.#root = { x: 0, y: 0, half, points: [], quarters: null }
    for (let i = 0; i < xs.length; i++) this.#insert(i)
  }

  #quarterOf(cell: Cell, i: number): Cell {
    return cell.quarters![(this.#xs[i]! > cell.x ? 1 : 0) + (this.#ys[i]! > cell.y ? 2 : 0)]!
  }

  #insert(i: number): void {
    let cell = this.#root
    let depth = 0
    while (cell.quarters) {
      cell = this.#quarterOf(cell, i)
      depth++
    }
    cell.points!.push(i)
    if (cell.points!.length <= FULL || depth >= DEEPEST) return
    const half = cell.half / 2
    const points = cell.points!
    cell.points = null
    cell.quarters = [-1, 1].flatMap((dy) =>
      [-1, 1].map((dx) => ({ x: cell.x + dx * half, y: cell.y + dy * half, half, points: [], quarters: null })),
    )
    for (const point of points) this.#quarterOf(cell, point).points!.push(point)
  }

  /** Index of the nearest point not farther than `within`, or -1. */
  nearest(x: number, y: number, within: number): number {
    let best = -1
    let limit = within * within
    const stack: Cell[] = [this.#root]
    while (stack.length) {
      const cell = stack.pop()!
      const gapX = Math.max(0, Math.abs(x - cell.x) - cell.half)
      const gapY = Math.max(0, Math.abs(y - cell.y) - cell.half)
      if (gapX * gapX + gapY * gapY > limit) continue
      if (cell.quarters) {
        stack.push(...cell.quarters)
        continue
      }
      for (const i of cell.points!) {
        const dx = this.#xs[i]! - x
        const dy = this.#ys[i]! - y
        const distance = dx * dx + dy * dy
        if (distance <= limit) {
          limit = distance
          best = i
        }
      }
    }
    return best
  }
}
