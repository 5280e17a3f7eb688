import type { Words } from '../page/state'

// Why something did not count, for the places where the server names only the code.
const REASONS: Record<string, Words> = {
  own_link: { zh: '自己不能为自己助力', en: 'You cannot help yourself' },
  self_support: { zh: '自己不能为自己助力', en: 'You cannot help yourself' },
  already_supported: { zh: '已经助力过一次', en: 'Already helped once' },
  second_support: { zh: '已经助力过一次', en: 'Already helped once' },
  not_new: { zh: '已是老会员', en: 'Already a member' },
  cycle: { zh: '互相助力不计入', en: 'Helping each other does not count' },
  out_of_time: { zh: '超过了时间', en: 'Too late' },
  too_late: { zh: '超过了时间', en: 'Too late' },
  quest_over: { zh: '邀请已经结束', en: 'The invitation was over' },
  cap_reached: { zh: '已达到上限', en: 'The limit was reached' },
  person_cap_reached: { zh: '已达到每人上限', en: 'The limit per person was reached' },
  helps_cap_reached: { zh: '助力次数已用完', en: 'No helps left' },
  budget_spent: { zh: '活动奖励已发完', en: 'All rewards were given' },
  day_budget_spent: { zh: '今天的奖励已发完', en: "Today's rewards were given" },
  offer_exhausted: { zh: '奖品已发完', en: 'The prize ran out' },
  quest_full: { zh: '已经凑满', en: 'Already complete' },
  campaign_paused: { zh: '活动暂停中', en: 'The campaign was paused' },
  campaign_ended: { zh: '活动已结束', en: 'The campaign had ended' },
}

/** The words for a reason code, or null when this page does not know it. */
export function reasonWords(code: string | null): Words | null {
  return (code && REASONS[code]) || null
}
