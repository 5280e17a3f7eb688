import type { TreeNode } from '@banyan/shared/api'

export interface Kinship {
  seeds: number
  /** Part of all people that somebody brought: 0…1. */
  broughtShare: number
  /** The seed under which the chain is longest, and how many generations it has below that seed. */
  deepestName: string
  deepest: number
}

/** What the caption under the tree says. */
export function kinshipOf(nodes: readonly TreeNode[]): Kinship | null {
  if (!nodes.length) return null
  let seeds = 0
  let end = 0
  nodes.forEach((node, at) => {
    if (node[1] < 0) seeds++
    if (node[2] > nodes[end]![2]) end = at
  })
  let root = end
  let depth = 0
  while (nodes[root]![1] >= 0 && depth <= nodes.length) {
    root = nodes[root]![1]
    depth++
  }
  return { seeds, broughtShare: 1 - seeds / nodes.length, deepestName: depth ? nodes[root]![3] : '', deepest: depth }
}
