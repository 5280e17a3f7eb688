import { language } from '@banyan/shared/language'
import { filled, type Params } from '../../words'

const zh = {
  draw: '抽一次',
  draw_again: '再抽一次',
  drawing: '正在抽取',
  ready: '点下方按钮，即时开奖',
  won: '抽中',
  missed: '这次没有抽中',
  missed_text: '概率和数量都已公示，结果可以复核。',
  sold_out: '抽到的奖品已发完，按规则为未中奖',
  in_mine: '已放进「我的」',
  chances: '已抽 {done} 次，最多 {most} 次',
  daily: '每天一次，最多 {most} 次',
  no_chance: '机会已用完',
  tomorrow: '今天的机会已用，明天再来',
  prizes: '奖品与概率',
  prize: '奖品',
  odds: '概率',
  left: '剩余',
  none: '未中奖',
  check: '如何复核',
  check_text: '每次结果由发布前就定下的种子算出。种子现在保密，它的 SHA-256 已公布；结算后公开种子，任何人可用下面的程序复核。',
  commitment: '种子的 SHA-256',
  seed: '种子',
  program: '下载校验程序',
  record: '下载全部抽奖记录',
  share_note: '分享不增加机会，也不改变概率。',
  share: '告诉朋友',
}

const en: typeof zh = {
  draw: 'Draw',
  draw_again: 'Draw again',
  drawing: 'Drawing',
  ready: 'Press the button: it is drawn at once',
  won: 'You won',
  missed: 'No prize this time',
  missed_text: 'Odds and quantities are published and every result can be checked.',
  sold_out: 'That prize was all given: no prize, as the rules say',
  in_mine: 'It is under “Mine”',
  chances: '{done} of {most} {most|draw|draws} used',
  daily: 'Once a day, {most} {most|time|times} at most',
  no_chance: 'No chances left',
  tomorrow: 'Today’s chance is used; come back tomorrow',
  prizes: 'Prizes and odds',
  prize: 'Prize',
  odds: 'Odds',
  left: 'Left',
  none: 'No prize',
  check: 'How to check it',
  check_text: 'Every result follows from a seed fixed before publication. It is secret now and its SHA-256 is published; when the campaign is settled it is shown, and anybody can check with the program below.',
  commitment: 'SHA-256 of the seed',
  seed: 'The seed',
  program: 'Download the program',
  record: 'Download all draws',
  share_note: 'Sharing adds no chance and changes no odds.',
  share: 'Tell a friend',
}

/** A phrase of this play in the page's language. */
export function w(key: keyof typeof zh, params: Params = {}): string {
  return filled((language.value === 'zh' ? zh : en)[key], params)
}
