import { call } from '../shell/call'

/** How often one person is written to about campaigns at most, and between which hours of the merchant's clock. */
export interface Limits {
  a_month_most: number
  from_hour: number
  to_hour: number
}
/** GET and PUT /api/admin/message-limits */
export interface LimitsPage {
  limits: Limits
  /** What law and platforms allow: nothing looser can be chosen. */
  loosest: Limits
}

export const readLimits = ({ signal }: { signal: AbortSignal }) => call<LimitsPage>('/message-limits', { signal })

/** The whole numbers from the first to the last. */
export const upTo = (first: number, last: number): number[] => Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)

/** Both hours within each other: moving one never turns the day upside down. */
export function within(limits: Limits, loosest: Limits): { from: number[]; to: number[] } {
  return { from: upTo(loosest.from_hour, limits.to_hour - 1), to: upTo(limits.from_hour + 1, loosest.to_hour) }
}
