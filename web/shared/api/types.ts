/** What the admin API sends and takes. Money is in minor units, times are ISO 8601 in UTC, ratios are 0…1. */
import type { Twin } from '../src/language.ts'

export * from './numbers.ts'

export type OfferKind = 'coupon' | 'points' | 'cash' | 'gift' | 'level' | 'content'

export interface Page<T> {
  items: T[]
  next: string | null
  total: number | null
}

export type Permission =
  | 'campaigns.read' | 'campaigns.write' | 'campaigns.publish' | 'people.read' | 'people.export' | 'rewards.read'
  | 'store.read' | 'store.write' | 'orders.read' | 'orders.write' | 'refunds.approve'
  | 'ledger.read' | 'members.manage' | 'keys.manage' | 'settings.manage' | 'outbox.read' | 'audit.read'
export type Role = 'owner' | 'operator' | 'finance' | 'viewer'

export interface Workspace {
  id: string
  slug: string
  name: string
  currency: string
  timezone: string
  is_sandbox: boolean
}
export interface Me {
  member: { id: string; name: string; email: string; role: Role }
  workspace: Workspace
  permissions: Permission[]
}
export interface Member {
  id: string
  name: string
  email: string
  role: Role
  is_active: boolean
  created_at: string
}
export interface AddedMember {
  member: Member
  /** Shown once; the member changes it. */
  initial_password: string
}
export interface ApiKey {
  id: string
  name: string
  /** How its token begins. */
  hint: string
  scopes: string[]
  created_at: string
  revoked_at: string | null
}
export interface NewApiKey {
  key: ApiKey
  /** Shown once; the server keeps only its hash. */
  token: string
}
export interface AuditRow {
  id: string
  at: string
  actor: string
  actor_name: string | null
  action: string
  subject: string
  detail: Record<string, unknown>
}

export type Surface =
  | 'own_web' | 'wechat_h5' | 'mini_program' | 'official_account' | 'wecom' | 'douyin' | 'app' | 'in_store'
export type Channel =
  | 'wechat_group' | 'moments' | 'official_account' | 'wecom' | 'douyin' | 'xiaohongshu' | 'weibo' | 'sms' | 'email'
  | 'offline' | 'web' | 'other'

/** What a campaign sells; `sku_id` null until the merchant has chosen a product. */
export interface Good {
  key: string
  name: Twin
  list_price_minor: number
  sku_id: string | null
}
export interface Offer {
  key: string
  kind: OfferKind
  name: Twin
  value_minor: number
  points: number
  cost_minor: number
  quantity: number | null
  valid_days: number
  terms: Twin
  per_person?: number | null
  coupon?: Coupon | null
  level_key?: string | null
  content?: { title: Twin; body: Twin; url: string } | null
}
/** How a coupon takes off: a share when `off_bps` is set, the offer's value being the most. */
export interface Coupon {
  from_minor: number
  off_bps: number
  product_ids: string[]
  category_ids: string[]
  stacks: boolean
}
export interface Tier {
  people: number
  offer: string
}
export interface PageLayout {
  theme: 'leaf' | 'sun' | 'sky' | 'rose'
  /** `large`: larger type, and a button that reads the page aloud. */
  reading?: 'normal' | 'large'
  title: Twin
  subtitle: Twin
  share?: { title: Twin; text: Twin }
  blocks: { kind: string; [key: string]: unknown }[]
}
export interface Definition {
  name: string
  goal: { metric: 'participants' | 'new_people'; target: number }
  strategy: string
  audience: { people_target: number; traits: string }
  period: { starts_at: string | null; ends_at: string }
  budget: { total_minor: number; per_day_minor: number | null; warn_at_bps: number; plan_id?: string | null; channels?: { channel: Channel; most_minor: number }[] }
  channels: Channel[]
  surfaces: Surface[]
  play: { key: string; settings: Record<string, unknown> }
  offers: Offer[]
  goods?: Good[]
  page: PageLayout
  attribution_days: number
  order_value_minor?: number | null
  terms: Twin
  host: { name: string; contact: string }
}

export type Severity = 'pass' | 'info' | 'warn' | 'review' | 'block'
export interface Change {
  path: string
  value: unknown
}
export interface Finding {
  rule_id: string
  severity: Severity
  /** `any` when it is so on every surface. */
  surface: Surface | 'any'
  clause: string
  path: string
  message_zh: string
  message_en: string
  evidence?: string
  verified_on?: string | null
  nearest_allowed: { kind: string; label_zh: string; label_en: string; changes: Change[] } | null
}
export interface Verdict {
  severity: Severity
  ruleset_version: string
  findings: Finding[]
  by_surface: Partial<Record<Surface, Severity>>
}
export interface WorstCase {
  total_minor: number
  ended_by: string
  /** `most` is null when only the budget ends it. */
  by_offer: { offer: string; most: number | null; cost_minor: number; total_minor: number }[]
  explanation: Twin
}
export interface Rules {
  zh: string[]
  en: string[]
}
export interface Judgement {
  verdict: Verdict
  worst_case: WorstCase
  rules: Rules
  problems: DefinitionProblem[]
}
export interface DefinitionProblem {
  path: string
  code: string
  message: string
  zh?: string
  en?: string
}
export interface RuleInForce {
  rule_id: string
  severity?: Severity
  evidence?: 'official_text' | 'reprint' | 'policy'
  verified_on?: string | null
  surfaces: Surface[]
  clause: string
  title: Twin
  summary: Twin
}

export type CampaignState = 'draft' | 'published' | 'live' | 'paused' | 'ended' | 'settled'
export interface CampaignRow {
  id: string
  name: string
  play: string
  state: CampaignState
  starts_at: string | null
  ends_at: string | null
  k: number | null
  participants: number
  new_people: number
  budget_minor: number
  spent_minor: number
  verdict_severity: Severity
  updated_at: string
}
export interface Link {
  code: string
  url: string
  channel: Channel
  name: string
  created_at: string
}
/** GET /api/admin/campaigns/{id}/links */
export interface CountedLink extends Link {
  clicks: number
}
export interface Campaign {
  id: string
  state: CampaignState
  definition: Definition
  version: number
  verdict: Verdict
  worst_case: WorstCase
  rules: Rules
  problems: DefinitionProblem[]
  links: Link[]
  created_at: string
  published_at: string | null
  live_at: string | null
  ended_at: string | null
  settled_at: string | null
  pause_reason: string | null
  sign_off: SignOff
  /** Of what runs: an edit that waits for a review. */
  asked_edit?: { by: string; is_mine: boolean; at: string; changes: Change[] } | null
}
/** What comes of an edit of a running campaign. */
export interface EditFound extends Judgement {
  harms: { path: string; zh: string; en: string }[]
  sign_off: SignOff | null
}
/** Who has to sign before it runs, who did, and what members answered for. */
export interface SignOff {
  is_needed: boolean
  is_signed: boolean
  /** Whoever reads this may go on with what was signed. */
  may_publish: boolean
  rules: string[]
  signers: string[]
  signatures: { id: string; by: string; reason: string; rules: string[]; is_alone: boolean; signed_at: string; expires_at: string; holds: boolean }[]
  answers: { question: string; rule_id: string; zh: string; en: string; by: string; at: string | null; holds: boolean }[]
}
export interface Template {
  key: string
  industry: { key: string } & Twin
  goal: string
  play: string
  name: Twin
  summary: Twin
  best_practice: Twin
  surfaces: Surface[]
  fields_to_review: string[]
  expected: { basis?: string; share_rate_bps?: number; k_hundredths?: number; note?: Twin }
}
/** Campaigns of one trade that work together, in the order they are run. */
export interface TemplatePack {
  industry: string
  name: Twin
  advice: Twin
  steps: { template: string; when: Twin }[]
}
export interface Play {
  key: string
  name: Twin
  summary: Twin
  settings_schema: Record<string, unknown>
}

export interface Participant {
  person_id: string
  name_masked: string
  phone_masked: string
  generation: number
  brought: number
  state: string
  channel: Channel | null
  joined_at: string
}
export interface GrantRow {
  id: string
  person_id: string
  name_masked: string
  offer_name: Twin
  kind: OfferKind
  cost_minor: number
  rule: string
  reason: Twin
  state: string
  granted_at: string
}
export interface PersonRow {
  id: string
  name: string | null
  phone_masked: string | null
  created_at: string
  /** The channel of the first campaign they took part in. */
  came_by: string | null
  quests: number
  grants: number
}
export interface Person extends PersonRow {
  /** The newest hundred things they did and were given. */
  history?: { at: string; title: Twin; campaign_id: string | null; order_id: string | null }[]
}
export interface OutboxRow {
  id: string
  channel: string
  kind: string
  to_masked: string
  /** Null for a secret: a code is readable in a demo workspace only. */
  text: string | null
  state: 'queued' | 'sent' | 'failed' | 'stopped'
  created_at: string
  sent_at: string | null
}
export interface Account {
  id: string
  key: string
  unit: string
  balance_minor: number
  pending_minor: number
}
export interface Transfer {
  id: string
  debit: string
  credit: string
  amount_minor: number
  unit: string
  state: 'pending' | 'posted' | 'voided'
  reason: string
  created_at: string
}
/** Something that waits for a person: of a campaign, or at `path` of the console. */
export interface Waiting {
  kind: string
  title: Twin
  campaign_id: string | null
  path: string | null
  count: number
}
export interface Today {
  campaigns: CampaignRow[]
  waiting: Waiting[]
  totals: { participants: number; new_people: number; granted: number }
}
export interface Integrity {
  checked_at: string | null
  whole: boolean | null
  checks: { name: string; broken: number }[]
}
