import { pick, say, type Twin } from '@banyan/shared/language'
import type { MoneyCase, OrderState, PaymentState, Refund, RefundState } from '@banyan/shared/orders'
import type { Invoice } from '@banyan/shared/store'

type Toned = Twin & { tone: string }

const ORDERS: Record<OrderState, Toned> = {
  placed: { zh: '待付款', en: 'To be paid', tone: 'plain' },
  paid: { zh: '待发货', en: 'To ship', tone: 'sun' },
  part_shipped: { zh: '部分发货', en: 'Part shipped', tone: 'sun' },
  shipped: { zh: '已发货', en: 'On the way', tone: '' },
  delivered: { zh: '已送达', en: 'Delivered', tone: '' },
  completed: { zh: '已完成', en: 'Completed', tone: 'plain' },
  closed: { zh: '已关闭', en: 'Closed', tone: 'plain' },
}
export const ORDER_STATES = Object.keys(ORDERS) as OrderState[]
export const orderStateName = (state: OrderState | string): string => pick(ORDERS[state as OrderState]) || state
export const orderStateTone = (state: OrderState): string => ORDERS[state]?.tone ?? 'plain'

const REFUNDS: Record<RefundState, Toned> = {
  asked: { zh: '等你决定', en: 'Waits for you', tone: 'sun' },
  approved: { zh: '已同意', en: 'Agreed', tone: '' },
  sending: { zh: '正在退', en: 'On its way', tone: '' },
  unknown: { zh: '渠道没有答复', en: 'No answer yet', tone: 'sun' },
  done: { zh: '已退回', en: 'Refunded', tone: 'plain' },
  failed: { zh: '没有退成', en: 'Not made', tone: 'rose' },
  rejected: { zh: '已拒绝', en: 'Turned down', tone: 'plain' },
}
export const REFUND_STATES = Object.keys(REFUNDS) as RefundState[]
export const refundStateName = (state: RefundState): string => pick(REFUNDS[state]) || state
export const refundStateTone = (state: RefundState): string => REFUNDS[state]?.tone ?? 'plain'

const KINDS: Record<Refund['kind'], Twin> = {
  asked_by_buyer: { zh: '买家申请', en: 'Asked by the buyer' },
  by_merchant: { zh: '商户主动退', en: 'Given by the merchant' },
  by_rule: { zh: '活动规则自动退', en: 'By the rules of a campaign' },
  surplus: { zh: '多付的，自动退回', en: 'Paid too much, returned by itself' },
}
export const refundKindName = (kind: Refund['kind']): string => pick(KINDS[kind]) || kind

const PAYMENTS: Record<PaymentState, Toned> = {
  open: { zh: '等付款', en: 'Waiting', tone: 'plain' },
  captured: { zh: '已收款', en: 'Received', tone: '' },
  surplus: { zh: '多付，退回中', en: 'Too much, going back', tone: 'sun' },
  closed: { zh: '已关闭', en: 'Closed', tone: 'plain' },
  failed: { zh: '没付成', en: 'Not paid', tone: 'rose' },
}
export const paymentStateName = (state: PaymentState): string => pick(PAYMENTS[state]) || state
export const paymentStateTone = (state: PaymentState): string => PAYMENTS[state]?.tone ?? 'plain'

const PROVIDERS: Record<string, Twin> = {
  sandbox: { zh: '沙箱支付', en: 'Sandbox' },
  wechat_pay: { zh: '微信支付', en: 'WeChat Pay' },
  alipay: { zh: '支付宝', en: 'Alipay' },
}
export const providerName = (key: string): string => pick(PROVIDERS[key]) || key

const INVOICES: Record<Invoice['state'], Toned> = {
  asked: { zh: '待开', en: 'To be issued', tone: 'sun' },
  issued: { zh: '已开', en: 'Issued', tone: '' },
  voided: { zh: '已红冲', en: 'Voided', tone: 'plain' },
  rejected: { zh: '未开', en: 'Turned down', tone: 'plain' },
}
export const invoiceStateName = (state: Invoice['state']): string => pick(INVOICES[state]) || state
export const invoiceStateTone = (state: Invoice['state']): string => INVOICES[state]?.tone ?? 'plain'

/** A case: what does not fit, and what a person does about it. */
const CASES: Record<MoneyCase['kind'], { title: Twin; advice: Twin }> = {
  amount_differs: {
    title: { zh: '金额对不上', en: 'The amounts differ' },
    advice: { zh: '到渠道的商户后台查这一笔的实收金额，把结论写在这里。', en: 'Look the amount up in the provider’s own console and write down what you find.' },
  },
  not_ours: {
    title: { zh: '渠道有，我们没有', en: 'The provider has it, we do not' },
    advice: { zh: '先重新取一次对账单；还在，就问渠道这笔钱是谁付的。', en: 'Fetch the statement again; if it stays, ask the provider whose money it is.' },
  },
  missing_at_provider: {
    title: { zh: '我们有，渠道没有', en: 'We have it, the provider does not' },
    advice: { zh: '可能记在第二天。明天的对账单里有了，这一条会自己关上。', en: 'It may stand in the next day. If tomorrow’s statement has it, this closes by itself.' },
  },
  state_differs: {
    title: { zh: '渠道已完成，我们还不知道', en: 'Done at the provider, not known here' },
    advice: { zh: '再问一次渠道；仍不一致，请联系渠道核实。', en: 'Ask the provider again; if it still differs, have them check.' },
  },
  notice_does_not_fit: {
    title: { zh: '收到的通知对不上', en: 'A notice does not fit' },
    advice: { zh: '通知没有入账。去渠道后台核对这一笔，再写下结论。', en: 'It was not booked. Compare with the provider’s console, then write down what you find.' },
  },
}
export const caseTitle = (kind: MoneyCase['kind']): string => pick(CASES[kind]?.title) || kind
export const caseAdvice = (kind: MoneyCase['kind']): string => pick(CASES[kind]?.advice)

const DETAILS: Record<string, Twin> = {
  'the provider has it, we do not': { zh: '渠道有这一笔，我们没有', en: 'the provider has it, we do not' },
  'another amount': { zh: '金额不一样', en: 'another amount' },
  'another amount than asked for': { zh: '和应付的金额不一样', en: 'another amount than asked for' },
  'another amount than was asked for': { zh: '和要退的金额不一样', en: 'another amount than was asked for' },
  'the provider has done it, we do not know': { zh: '渠道说做完了，我们没有收到', en: 'the provider has done it, we do not know' },
  "we have it, the provider's day does not": { zh: '我们有，渠道这一天没有', en: 'we have it, the provider’s day does not' },
  'no payment of ours has this number': { zh: '没有哪一笔付款是这个号', en: 'no payment of ours has this number' },
  'no refund of ours has this number': { zh: '没有哪一笔退款是这个号', en: 'no refund of ours has this number' },
  'paid into another account': { zh: '付到了别的账户', en: 'paid into another account' },
  'refunded from another account': { zh: '从别的账户退的', en: 'refunded from another account' },
  'paid twice under one number': { zh: '同一个号付了两次', en: 'paid twice under one number' },
}
/** What the books noticed, in words; an unknown one stays as it was written. */
export const detailText = (detail: string): string => pick(DETAILS[detail]) || detail

const REASONS: Record<string, Twin> = {
  confirmed: { zh: '确认收货', en: 'receipt confirmed' },
  collected: { zh: '到店核销', en: 'collected in the shop' },
  expired: { zh: '超时未付', en: 'not paid in time' },
  'not paid in time': { zh: '超时未付', en: 'not paid in time' },
  refunded: { zh: '全部退款', en: 'refunded in full' },
  moved: { zh: '付款晚到，已改入有空位的团', en: 'paid late, put into a team with a free seat' },
  no_seat: { zh: '付款晚到，没有名额', en: 'paid late, no seat was free' },
  'quest decided': { zh: '所在的团已有结果', en: 'its team was decided' },
  order_closed: { zh: '订单已关闭后才付到', en: 'paid after the order was closed' },
  paid_twice: { zh: '付了两次', en: 'paid twice' },
  'rest refunded': { zh: '余下的已退款', en: 'the rest was refunded' },
  'received by time': { zh: '超过十五天，自动收货', en: 'received by time, after fifteen days' },
  'return window over': { zh: '退货期已过', en: 'the return window is over' },
}
/** Why a step was taken; what people wrote stays as it is. */
export const reasonText = (reason: string): string => pick(REASONS[reason]) || providerName(reason)

const ACTORS: Record<string, Twin> = {
  member: { zh: '同事', en: 'A colleague' },
  key: { zh: '接口', en: 'An API key' },
  person: { zh: '买家', en: 'The buyer' },
  system: { zh: '系统', en: 'The system' },
}
/** `member:0190…` in words; `mine` is the id of whoever is signed in. */
export function actorName(actor: string, mine?: string): string {
  const [kind = '', id] = actor.split(':')
  if (kind === 'member' && id && id === mine) return say('你', 'You')
  return pick(ACTORS[kind]) || actor
}
