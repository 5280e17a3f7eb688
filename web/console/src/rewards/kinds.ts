import type { Page } from '@banyan/shared/api'
import { say } from '@banyan/shared/language'

export type PayoutState = 'created' | 'rejected' | 'submitting' | 'unknown' | 'succeeded' | 'failed'

export interface Payout {
  id: string
  person_id: string
  method: 'sandbox' | 'wechat_transfer' | 'manual'
  currency: string
  amount_minor: number
  state: PayoutState
  needs_approval: boolean
  created_by: string
  approvals_needed: number
  approved_by: string | null
  seconded_by: string | null
  recorded_by: string | null
  is_agreed: boolean
  request_number: string
  provider_number: string | null
  problem: string | null
  tries: number
  created_at: string
  submitted_at: string | null
  ended_at: string | null
  is_stuck: boolean
  owed_minor: number
  payee: string
}
export type PayoutPage = Page<Payout> & { approval: Approval }
/** Who may agree to payouts besides me, and up to what amount nobody has to. */
export interface Approval {
  limit_minor: number
  others: string[]
  names: Record<string, string>
  me: string
}

export interface Debt {
  grant_id: string
  campaign_id: string
  person_id: string
  reason_zh: string
  reason_en: string
  currency: string
  made_minor: number
  owed_minor: number
  forgiven_minor: number
  made_at: string
  settled_at: string | null
}

export interface PayoutTerms {
  methods: Payout['method'][]
  least_minor: number
  per_person_day_minor: number
  per_day_minor: number
  approve_above_minor: number
  per_person_day_count: number
  scene: string
  day_quota_minor: number
}
export interface TermsPage {
  terms: PayoutTerms
  asked: PayoutTerms | null
  asked_by: string | null
  asked_at: string | null
  may_confirm: boolean
  confirmers: string[]
}
export interface Plan {
  id: string
  name: string
  currency: string
  total_minor: number
  free_minor: number
  spent_minor: number
  warn_at_bps: number
  is_warned: boolean
  tasks: { campaign_id: string; total_minor: number; spent_minor: number }[]
}
export interface ExchangePlace {
  id: string
  key: string
  kind: 'coupon' | 'gift' | 'content'
  name_zh: string
  name_en: string
  price_points: number
  value_minor: number
  from_minor: number
  left: number | null
  is_on: boolean
}
export interface ExchangeShelf {
  items: ExchangePlace[]
  budget: { total_minor: number; spent_minor: number }
}
export interface Gift {
  grant_id: string
  person_id: string
  name_zh: string
  name_en: string
  state: 'asked' | 'shipped' | 'collected'
  address: { name: string; phone: string; address: string } | null
  company: string | null
  number: string | null
  claimed_at: string
  sent_at: string | null
}

export function payoutState(payout: Payout): string {
  if (payout.state === 'created' && !payout.is_agreed) return payout.approved_by ? say('还差一位同意', 'One more to approve') : say('等待审批', 'Needs approval')
  return {
    created: say('等待打款', 'To be paid'),
    rejected: say('已拒绝', 'Turned down'),
    submitting: say('打款中', 'Being paid'),
    unknown: say('结果未知', 'Not known'),
    succeeded: say('已到账', 'Paid'),
    failed: say('失败，已退回', 'Failed, given back'),
  }[payout.state]
}

export function payoutTone(payout: Payout): string {
  if (payout.is_stuck || payout.state === 'failed') return 'rose'
  if (payout.state === 'succeeded') return 'leaf'
  return payout.state === 'rejected' ? '' : 'sun'
}

export function methodName(method: Payout['method']): string {
  return { sandbox: say('沙箱', 'Sandbox'), wechat_transfer: say('微信零钱', 'WeChat balance'), manual: say('人工转账', 'By hand') }[method]
}

/** A new id made here, so that a repeated save is the same one. */
export const newId = (): string => crypto.randomUUID()
