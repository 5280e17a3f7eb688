import { say } from '@banyan/shared/language'
import { money } from '@banyan/shared/money'
import { some, whole } from '@banyan/shared/number'
import { channelName } from '../campaigns/words'

/**
 * An account's key in words. Keys are paths of the books, such as `campaign:<id>:day:2026-11-21`; `names` tells
 * what an id is called. A key this console does not know stays as it is: nothing is hidden.
 */
export function accountName(key: string, names: ReadonlyMap<string, string>): string {
  const [kind, id = '', part = '', more = ''] = key.split(':')
  if (kind === 'merchant') return say(`商户资金（${part || id}）`, `Merchant’s funds (${part || id})`)
  const called = names.get(id)
  if (kind === 'campaign') {
    const name = called ?? say('活动', 'campaign')
    if (part === 'budget') return say(`${name} · 预算`, `${name} · budget`)
    if (part === 'spent') return say(`${name} · 已用`, `${name} · spent`)
    if (part === 'packet') return say(`${name} · 红包`, `${name} · packet`)
    if (part === 'day') return say(`${name} · ${more} 当日`, `${name} · day of ${more}`)
  }
  if (kind === 'channel') {
    const name = `${called ?? say('活动', 'campaign')} · ${channelName(part)}`
    if (more === 'left') return say(`${name} · 额度余量`, `${name} · cap left`)
    if (more === 'used') return say(`${name} · 额度已用`, `${name} · cap used`)
    return say(`${name} · 额度`, `${name} · cap`)
  }
  if (kind === 'campaigns' && part === 'sale') {
    const name = called ?? say('活动', 'campaign')
    if (more === 'left') return say(`${name} · 可售件数`, `${name} · pieces left`)
    return more === 'taken' ? say(`${name} · 已订件数`, `${name} · pieces taken`) : say(`${name} · 投放件数`, `${name} · pieces announced`)
  }
  if (kind === 'offer') {
    const name = called ?? say('奖品', 'offer')
    if (part === 'left') return say(`${name} · 余量`, `${name} · left`)
    if (part === 'given') return say(`${name} · 已发`, `${name} · given`)
    if (part === 'made') return say(`${name} · 投放`, `${name} · made`)
  }
  if (kind === 'person' && part === 'cash') return say(`客户现金 …${id.slice(-6)}`, `Cash of …${id.slice(-6)}`)
  if (kind === 'person' && part === 'owes') return say(`客户待抵扣 …${id.slice(-6)}`, `Owed by …${id.slice(-6)}`)
  if (kind === 'debts') return say('待抵扣的另一侧', 'Other side of what is owed')
  if (kind === 'cash') return id === 'issued' ? say('已发现金', 'Cash given') : say('已提现', 'Cash paid out')
  if (kind === 'plan') return say(`预算计划 …${id.slice(-6)}`, `Plan …${id.slice(-6)}`)
  if (kind === 'points' && id === 'issued') return say('已发积分', 'Points given')
  if (kind === 'points') return id === 'spent' ? say('已用积分', 'Points spent') : say('过期积分', 'Points expired')
  if (kind === 'person' && part === 'points') return say(`客户积分 …${id.slice(-6)}`, `Points of …${id.slice(-6)}`)
  return key
}

const REASONS: Record<string, [string, string]> = {
  'grant.cost': ['发放奖励', 'Reward given'],
  'grant.quantity': ['占用名额', 'Place taken'],
  'grant.points': ['发放积分', 'Points given'],
  'grant.reversed': ['收回奖励', 'Reward taken back'],
  'grant.cash': ['现金到账', 'Cash given'],
  'grant.cash_reversed': ['现金扣回', 'Cash taken back'],
  'grant.channel': ['占用渠道额度', 'Counted to a channel'],
  'grant.channel_reversed': ['退回渠道额度', 'Given back to a channel'],
  'points.spent': ['使用积分', 'Points spent'],
  'points.expired': ['积分过期', 'Points expired'],
  'debt.made': ['记为待抵扣', 'Owed from now'],
  'debt.paid': ['已抵扣', 'Owed and paid'],
  'debt.forgiven': ['免除', 'Let go'],
  'debt.written_off': ['持有人注销，核销', 'Written off: its person was deleted'],
  'payout.held': ['提现冻结', 'Held for a payout'],
  'payout.paid': ['提现到账', 'Paid out'],
  'payout.not_paid': ['提现退回', 'Not paid out'],
  'packet.filled': ['装入红包', 'Put into the packet'],
  'packet.returned': ['红包余额退回', 'Rest of the packet returned'],
  'channel.capped': ['设定渠道额度', 'Channel capped'],
  'sale.announced': ['投放件数', 'Pieces announced'],
  'plan.funded': ['调整预算计划', 'Plan funded'],
  'budget.funded': ['划入预算', 'Budget set aside'],
  'budget.lowered': ['调低预算', 'Budget lowered'],
  'budget.returned': ['退回余额', 'Rest returned'],
  'budget.day_opened': ['划入当日', 'Day opened'],
  'budget.day_closed': ['当日余额退回', 'Day closed'],
}

/** A transfer's reason in words; an unknown one keeps its code. */
export function reasonOf(code: string): string {
  const words = REASONS[code]
  return words ? say(...words) : code
}

/** An amount of an account: money where the unit is a currency, else a count with its unit. */
export function amountOf(minor: number, unit: string): string {
  if (/^[A-Z]{3}$/.test(unit)) return money(minor, unit)
  if (unit.startsWith('debt:')) return money(minor, unit.slice(5))
  if (unit === 'points') return say(`${whole(minor)} 分`, `${some(minor, 'point')}`)
  return unit.startsWith('offer:') ? say(`${whole(minor)} 份`, whole(minor)) : `${whole(minor)} ${unit}`
}
