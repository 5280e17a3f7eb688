import { pick, say, type Twin } from '@banyan/shared/language'
import { fromMinor, money } from '@banyan/shared/money'
import type { Discount, DiscountKind } from '@banyan/shared/store'

const STATES: Record<Discount['state'], Twin & { tone: string }> = {
  waiting: { zh: '未开始', en: 'Not begun', tone: 'sun' },
  running: { zh: '进行中', en: 'Running', tone: '' },
  over: { zh: '已到期', en: 'Over', tone: 'plain' },
  ended: { zh: '已停用', en: 'Ended', tone: 'plain' },
}
export const discountStateName = (state: Discount['state']): string => pick(STATES[state])
export const discountStateTone = (state: Discount['state']): string => STATES[state].tone

/** What a discount takes off, said as shops say it: 满 100 减 20, 8.5 折. Minor units; hundredths of a percent. */
export function termsName(kind: DiscountKind, leastMinor: number, offMinor: number, offBps: number, currency: string): Twin {
  const from = fromMinor(leastMinor, currency)
  const whole = leastMinor > 0
  if (kind === 'amount_off') {
    const off = fromMinor(offMinor, currency)
    return { zh: whole ? `满 ${from} 减 ${off}` : `立减 ${off}`, en: whole ? `${off} off ${from} or more` : `${off} off` }
  }
  const share = (10_000 - offBps) / 1000
  const fold = `${Number(share.toFixed(2))} 折`
  const percent = `${Number((offBps / 100).toFixed(2))}% off`
  return { zh: whole ? `满 ${from} 打 ${fold}` : fold, en: whole ? `${percent} from ${from}` : percent }
}

/** The same for a table, with the currency's sign. */
export function termsText(row: Discount, currency: string): string {
  const off = row.kind === 'amount_off' ? say(`减 ${money(row.off_minor, currency)}`, `${money(row.off_minor, currency)} off`) : say(`打 ${Number(((10_000 - row.off_bps) / 1000).toFixed(2))} 折`, `${row.off_bps / 100}% off`)
  return row.from_minor ? say(`满 ${money(row.from_minor, currency)} ${off}`, `${off} from ${money(row.from_minor, currency)}`) : off
}
