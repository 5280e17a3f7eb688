import { language } from '@banyan/shared/language'
import { filled, type Params } from '../../words'

const zh = {
  from: '{name}的红包',
  wishes: '先到先得，金额已提前分好',
  open: '开红包',
  opening: '正在打开',
  got: '抢到',
  in_cash: '几秒内存入「我的」现金余额',
  nth: '第 {n} 位抢到',
  left: '还剩 {left} 份，共 {of} 份',
  of_total: '共 {total}',
  gone: '抢完了',
  gone_text: '{of} 份都已被领走。',
  not_new: '这个红包只给新朋友',
  share: '转发给朋友',
  share_note: '转发不增加份数，也不影响金额。',
  mine: '查看我的现金',
  no_reward: '每人一份，无需邀请他人',
}

const en: typeof zh = {
  from: 'A packet from {name}',
  wishes: 'First come, first served; the amounts are decided already',
  open: 'Open the packet',
  opening: 'Opening',
  got: 'You got',
  in_cash: 'In your cash under “Mine” within seconds',
  nth: 'Share number {n}',
  left: '{left} of {of} {of|share|shares} left',
  of_total: '{total} in all',
  gone: 'All gone',
  gone_text: '{of|The one share has|All shares have} been taken.',
  not_new: 'This packet is for new people only',
  share: 'Pass it on',
  share_note: 'Passing it on adds no share and changes no amount.',
  mine: 'See my cash',
  no_reward: 'One share each, nobody has to be invited',
}

/** A phrase of this play in the page's language. */
export function w(key: keyof typeof zh, params: Params = {}): string {
  return filled((language.value === 'zh' ? zh : en)[key], params)
}
