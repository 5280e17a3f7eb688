// What levels are, give and ask for, in words.
import { say } from '@banyan/shared/language'
import type { Level, Why } from '@banyan/shared/levels'
import { money } from '@banyan/shared/money'
import { whole } from '@banyan/shared/number'

const share = (bps: number): string => String(bps / 100)

export const nameOf = (level: Level): string => say(level.name_zh, level.name_en)

/** What a level gives, each a short phrase. */
export function gives(level: Level, currency: string): string[] {
  const given: string[] = []
  if (level.discount_bps) given.push(say(`全店 ${(10_000 - level.discount_bps) / 1000} 折`, `${share(level.discount_bps)}% off every order`))
  if (level.points_bps > 10_000) given.push(say(`积分 ${level.points_bps / 10_000} 倍`, `${level.points_bps / 10_000}× points`))
  if (level.coupon_minor) {
    const amount = money(level.coupon_minor, currency, true)
    const from = money(level.coupon_from_minor, currency, true)
    given.push(level.coupon_from_minor ? say(`升级礼券 ${amount}（满 ${from}）`, `a ${amount} coupon on reaching it (orders from ${from})`) : say(`升级礼券 ${amount}`, `a ${amount} coupon on reaching it`))
  }
  return given
}

/** How a level is reached, each a short phrase; any one is enough. */
export function asks(level: Level, currency: string): string[] {
  const asked: string[] = []
  if (level.spent_minor) asked.push(say(`消费满 ${money(level.spent_minor, currency, true)}`, `spends ${money(level.spent_minor, currency, true)}`))
  if (level.people) asked.push(say(`带来 ${whole(level.people)} 位好友`, `brings ${whole(level.people)} people`))
  if (level.points) asked.push(say(`得到 ${whole(level.points)} 积分`, `earns ${whole(level.points)} points`))
  return asked
}

export function whyName(why: Why): string {
  return {
    spent: say('消费达到', 'Spent enough'),
    people: say('带来的好友达到', 'Brought enough people'),
    points: say('积分达到', 'Earned enough points'),
    granted: say('活动赠送', 'Given by a campaign'),
    kept: say('到期复核，继续保留', 'Judged again and kept'),
    lapsed: say('保留期满，按现在的条件重新评定', 'Its days were over; judged by what is earned now'),
    refunded: say('购买已退款，不再达标', 'The purchase that earned it was refunded'),
    grant_over: say('赠送的等级到期或被收回', 'What a campaign gave has ended'),
    removed: say('等级被取消', 'The level was removed'),
    ladder_changed: say('等级体系调整', 'The levels were changed'),
  }[why]
}

/** A new level after `last`: twice of what it asks for. */
export function levelAfter(levels: readonly Level[]): Level {
  const last = levels.at(-1)
  const keys = new Set(levels.map((level) => level.key))
  let nth = levels.length + 1
  while (keys.has(`level_${nth}`)) nth += 1
  return {
    key: `level_${nth}`,
    name_zh: '',
    name_en: '',
    discount_bps: last?.discount_bps ?? 200,
    points_bps: last?.points_bps ?? 10_000,
    coupon_minor: 0,
    coupon_from_minor: 0,
    coupon_days: 30,
    spent_minor: (last?.spent_minor ?? 15_000) * 2,
    people: last?.people ? last.people * 2 : null,
    points: last?.points ? last.points * 2 : null,
    within_days: last?.within_days ?? 365,
    keeps_days: last?.keeps_days ?? 365,
  }
}
