import type { BoardBy, BoardOrder, BoardPeriod, BoardSort, LeaderboardRow } from '@banyan/shared/leaderboard'

/** What is asked of the server: who is compared, over which time, by which column. */
export interface Ranking {
  by: BoardBy
  period: BoardPeriod
  sort: BoardSort
  order: BoardOrder
}

export const FIRST: Ranking = { by: 'campaign', period: '90', sort: 'new_people', order: 'desc' }
const BY: readonly BoardBy[] = ['campaign', 'template', 'play']
const PERIODS: readonly BoardPeriod[] = ['30', '90', 'all']
const SORTS: readonly BoardSort[] = ['new_people', 'k', 'cost_per_new_person', 'roi', 'participants']

/** The order in which a column shows its best first: the least cost, the most of everything else. */
export function bestFirst(sort: BoardSort): BoardOrder {
  return sort === 'cost_per_new_person' ? 'asc' : 'desc'
}

/** What pressing the head of a column asks for: its best first, and the other way when it was so already. */
export function pressed(ranking: Ranking, sort: BoardSort): Ranking {
  const best = bestFirst(sort)
  const order = ranking.sort === sort && ranking.order === best ? (best === 'asc' ? 'desc' : 'asc') : best
  return { ...ranking, sort, order }
}

/** The ranking an address names; what it does not name, or names wrongly, is as at first. */
export function readRanking(query: Record<string, unknown>): Ranking {
  const sort = SORTS.find((key) => key === query.sort) ?? FIRST.sort
  return {
    by: BY.find((key) => key === query.by) ?? FIRST.by,
    period: PERIODS.find((key) => key === query.period) ?? FIRST.period,
    sort,
    order: query.order === 'asc' || query.order === 'desc' ? query.order : bestFirst(sort),
  }
}

/** The part of an address that names a ranking; what is as at first is left out. */
export function writeRanking(ranking: Ranking): Record<string, string> {
  return {
    ...(ranking.by === FIRST.by ? {} : { by: ranking.by }),
    ...(ranking.period === FIRST.period ? {} : { period: ranking.period }),
    ...(ranking.sort === FIRST.sort ? {} : { sort: ranking.sort }),
    ...(ranking.order === bestFirst(ranking.sort) ? {} : { order: ranking.order }),
  }
}

/** The end of the scale on which all intervals of K are drawn: 1 is always on it, one wild interval does not flatten the others. */
export function scaleEnd(rows: readonly LeaderboardRow[]): number {
  const values = rows.flatMap((row) => row.effect.k.value ?? [])
  const highs = rows.flatMap((row) => row.effect.k.high ?? [])
  return Math.max(1.5, Math.min(Math.max(0, ...highs), 2 * Math.max(0, ...values)))
}
