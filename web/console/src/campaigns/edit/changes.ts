import type { Change, Channel, Definition, Surface } from '@banyan/shared/api'
import { pick, say, type Twin } from '@banyan/shared/language'
import { money } from '@banyan/shared/money'
import { moment } from '@banyan/shared/time'
import { CHANNELS, SURFACES } from '../words'

/** One thing an edit changes: where, from what, to what. */
export interface Changed {
  path: string
  before: unknown
  after: unknown
}

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Nothing is said there: a field that a form has only opened is no change. */
function isBlank(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return isRecord(value) && Object.values(value).every(isBlank)
}

export const isTwin = (value: unknown): value is Twin => isRecord(value) && 'zh' in value && 'en' in value && Object.keys(value).length === 2

/** Whether both say the same; what says nothing is the same as what is not there. */
export const isSame = (one: unknown, other: unknown): boolean => (isBlank(one) && isBlank(other)) || JSON.stringify(one) === JSON.stringify(other)

function differ(path: string, before: unknown, after: unknown, found: Changed[]): void {
  if (isSame(before, after)) return
  const lists = Array.isArray(before) && Array.isArray(after)
  if (lists && before.length === after.length && [...before, ...after].every(isRecord)) {
    before.forEach((one, at) => { differ(`${path}.${at}`, one, after[at], found) })
  } else if (isRecord(before) && isRecord(after) && !isTwin(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) differ(path ? `${path}.${key}` : key, before[key], after[key], found)
  } else found.push({ path, before, after })
}

/** Everything that `after` says otherwise than `before`, one entry for each thing. */
export function changesOf(before: Definition, after: Definition): Changed[] {
  const found: Changed[] = []
  differ('', before, after, found)
  return found
}

/** What to put where, so that the part at `path` says what `definition` says there. */
export function asIn(definition: Definition, path: string): Change {
  const value = path.split('.').reduce<unknown>((at, step) => (isRecord(at) || Array.isArray(at) ? (at as Record<string, unknown>)[step] : undefined), definition)
  return { path, value: value ?? null }
}

const PARTS: Record<string, Twin> = {
  name: { zh: '活动名', en: 'Name' },
  goal: { zh: '目标', en: 'Goal' },
  'goal.target': { zh: '目标人数', en: 'Target' },
  strategy: { zh: '策略', en: 'Strategy' },
  audience: { zh: '人群', en: 'Audience' },
  period: { zh: '时间', en: 'Period' },
  'period.ends_at': { zh: '结束时间', en: 'End' },
  'period.starts_at': { zh: '开始时间', en: 'Start' },
  budget: { zh: '预算', en: 'Budget' },
  'budget.total_minor': { zh: '总预算', en: 'Total budget' },
  'budget.per_day_minor': { zh: '每日预算', en: 'Budget a day' },
  channels: { zh: '渠道', en: 'Channels' },
  surfaces: { zh: '页面在哪里打开', en: 'Where it opens' },
  play: { zh: '玩法', en: 'Play' },
  offers: { zh: '奖品', en: 'Offers' },
  goods: { zh: '商品', en: 'Goods' },
  page: { zh: '页面', en: 'Page' },
  'page.title': { zh: '页面大标题', en: 'Headline' },
  'page.subtitle': { zh: '一句说明', en: 'One line below' },
  'page.blocks': { zh: '页面的块', en: 'Blocks of the page' },
  attribution_days: { zh: '归因天数', en: 'Attribution days' },
  order_value_minor: { zh: '客单价', en: 'Value of an order' },
  terms: { zh: '补充条款', en: 'Terms' },
  host: { zh: '主办方', en: 'Host' },
  'host.contact': { zh: '联系方式', en: 'Contact' },
  attestations: { zh: '商家的确认', en: 'What the merchant answers for' },
}

/** What the form calls the parts of an offer or of a product. */
const OF_ONE: Record<string, Twin> = {
  kind: { zh: '给什么', en: 'what is given' },
  name: { zh: '名称', en: 'name' },
  points: { zh: '积分', en: 'points' },
  value_minor: { zh: '面值', en: 'worth' },
  cost_minor: { zh: '成本', en: 'cost' },
  price_minor: { zh: '价格', en: 'price' },
  quantity: { zh: '最多几份', en: 'how many' },
  level_key: { zh: '会员等级', en: 'level' },
  valid_days: { zh: '有效天数', en: 'days valid' },
  per_person: { zh: '每人最多几份', en: 'most for one person' },
  terms: { zh: '使用说明', en: 'terms of use' },
  coupon: { zh: '用券条件', en: 'use of the coupon' },
  content: { zh: '内容', en: 'content' },
}

/** The part with a name that holds `path`, which of its list it is, and the steps that are left within. */
function named(path: string): { name: string; rest: string[] } {
  const steps = path.replace(/\[(\d+)\]/g, '.$1').split('.')
  for (let most = steps.length; most > 0; most--) {
    const part = PARTS[steps.slice(0, most).join('.')]
    if (!part) continue
    const [nth, field, ...rest] = steps.slice(most)
    if (!/^\d+$/.test(nth ?? '')) return { name: pick(part), rest: steps.slice(most) }
    const name = `${pick(part)} ${Number(nth) + 1}`
    const of = OF_ONE[field ?? '']
    return of ? { name: `${name} · ${pick(of)}`, rest } : { name, rest: field ? [field, ...rest] : [] }
  }
  return { name: path, rest: [] }
}

/** The name of the smallest part that has one: 总预算, 奖品 2 · 成本. */
export const partName = (path: string): string => named(path).name

/** Where in that part it is, if the name does not say it all. */
export const whichOf = (path: string): string => named(path).rest.join('.')

/** A value as people read it. */
export function told(path: string, value: unknown, currency: string): string {
  if (isBlank(value)) return say('无', 'none')
  if (typeof value === 'boolean') return value ? say('是', 'yes') : say('否', 'no')
  if (typeof value === 'number') return path.endsWith('_minor') ? money(value, currency) : String(value)
  if (typeof value === 'string') return path.endsWith('_at') ? moment(value) : value
  if (isTwin(value)) return pick(value)
  if (Array.isArray(value)) {
    const names = value.map((one) => (isRecord(one) ? isTwin(one.name) && pick(one.name) : path === 'surfaces' ? pick(SURFACES[one as Surface]) : path === 'channels' ? pick(CHANNELS[one as Channel]) : String(one)))
    return names.every(Boolean) ? names.join(say('、', ', ')) : say(`${value.length} 项`, `${value.length} ${value.length === 1 ? 'item' : 'items'}`)
  }
  return say('已改', 'changed')
}
