import type { Words } from '../page/state'

// The server sends the words with the reason; these stand in where an answer names only the code.
const REASONS: Record<string, Words> = {
  own_quest: { zh: '不能为自己助力', en: 'You cannot support your own quest' },
  already_helped: { zh: '已经支持过一次', en: 'Already supported once' },
  not_new: { zh: '只计新朋友', en: 'Only new people count' },
  cycle: { zh: '互相邀请不计入', en: 'Inviting each other does not count' },
  out_of_time: { zh: '超过了时间', en: 'Too late' },
  cap_reached: { zh: '已达到上限', en: 'The limit was reached' },
  person_cap_reached: { zh: '已达到每人上限', en: 'The limit per person was reached' },
  budget_spent: { zh: '活动奖励已发完', en: 'All rewards were given' },
  day_budget_spent: { zh: '今天的奖励已发完', en: "Today's rewards were given" },
  offer_exhausted: { zh: '奖品已发完', en: 'The prize ran out' },
  quest_full: { zh: '人数已满', en: 'Already complete' },
  quest_over: { zh: '任务已经结束', en: 'It was over' },
}

/** The words for a reason code, or null when this page does not know it. */
export function reasonWords(code: string | null): Words | null {
  return (code && REASONS[code]) || null
}
