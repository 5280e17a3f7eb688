import type { Change } from '@banyan/shared/api'

/** A copy of `value` with every change carried out. Paths are dotted; numbers index lists. */
export function applyChanges<T>(value: T, changes: readonly Change[]): T {
  const copy = JSON.parse(JSON.stringify(value)) as T
  for (const change of changes) {
    const steps = change.path.split('.')
    const last = steps.pop()
    if (last === undefined) continue
    let at: unknown = copy
    for (const step of steps) {
      if (typeof at !== 'object' || at === null) break
      at = (at as Record<string, unknown>)[step]
    }
    if (typeof at === 'object' && at !== null) (at as Record<string, unknown>)[last] = JSON.parse(JSON.stringify(change.value))
  }
  return copy
}
