import type { TreeNode } from '@banyan/shared/api'
import type { Layout } from './layout'

const LASTS_MS = 700

/** Where people stand between one layout and the next: they glide, and newcomers grow out of whoever brought them. */
export class Growing {
  readonly xs: Float32Array
  readonly ys: Float32Array
  readonly #from: { xs: Float32Array; ys: Float32Array }
  readonly #to: Layout
  readonly #start: number
  #done: boolean

  constructor(nodes: readonly TreeNode[], to: Layout, before: { places: ReadonlyMap<string, number>; xs: Float32Array; ys: Float32Array } | null, now: number) {
    this.#to = to
    this.#start = now
    this.#done = before === null
    this.xs = Float32Array.from(to.xs)
    this.ys = Float32Array.from(to.ys)
    this.#from = { xs: new Float32Array(to.size), ys: new Float32Array(to.size) }
    if (!before) return
    for (let i = 0; i < to.size; i++) {
      const known = before.places.get(nodes[i]![0])
      const parent = to.parents[i]!
      if (known !== undefined) {
        this.#from.xs[i] = before.xs[known]!
        this.#from.ys[i] = before.ys[known]!
      } else if (parent >= 0) {
        this.#from.xs[i] = this.#from.xs[parent]!
        this.#from.ys[i] = this.#from.ys[parent]!
      }
    }
    this.advance(now)
  }

  /** Moves everybody to where they are at `now`; false once all have arrived. */
  advance(now: number): boolean {
    if (this.#done) return false
    const t = Math.min(1, (now - this.#start) / LASTS_MS)
    const eased = 1 - (1 - t) ** 3
    const { xs, ys } = this.#to
    for (let i = 0; i < this.#to.size; i++) {
      this.xs[i] = this.#from.xs[i]! + (xs[i]! - this.#from.xs[i]!) * eased
      this.ys[i] = this.#from.ys[i]! + (ys[i]! - this.#from.ys[i]!) * eased
    }
    this.#done = t >= 1
    return !this.#done
  }
}
