import { language } from '@banyan/shared/language'
import { filled, type Params } from '../words'

const zh = {
  title: '会员等级',
  none: '普通会员',
  until: '{date}前有效，期满按当时的条件重新评定；靠购买达到的，退款后不再达标即随之降回',
  discount: '全店 {fold} 折',
  points: '积分 {times} 倍',
  coupon: '升级时送 {amount} 券',
  to_next: '再满足任一条件，升为「{name}」',
  next_gives: '升级后：{gives}',
  spent: '消费',
  people: '带来好友',
  points_earned: '获得积分',
  spent_of: '{have} / {need}',
  more_spent: '还差 {n}',
  more_people: '还差 {n} 位',
  more_points: '还差 {n} 分',
  window: '按最近 {n} 天计',
  top: '您已是最高等级',
}

const en: Record<keyof typeof zh, string> = {
  title: 'Membership',
  none: 'Member',
  until: 'Yours until {date}, then looked at again. A level that a purchase earned goes back with its refund.',
  discount: '{percent} % off every order',
  points: '{times}× points',
  coupon: 'A {amount} coupon on reaching it',
  to_next: 'Any one of these makes you {name}',
  next_gives: 'Then: {gives}',
  spent: 'Spent',
  people: 'Friends brought',
  points_earned: 'Points earned',
  spent_of: '{have} / {need}',
  more_spent: '{n} to go',
  more_people: '{n} to go',
  more_points: '{n} to go',
  window: 'Counted over {n} {n|day|days}',
  top: 'You are at the highest level',
}

/** A phrase about levels in the page's language, filled as `t` fills. */
export function l(key: keyof typeof zh, params: Params = {}): string {
  return filled((language.value === 'zh' ? zh : en)[key], params)
}
