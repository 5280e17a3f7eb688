// What the server says about the page behind one link. The first copy arrives inside the HTML answer.

export interface Words {
  zh: string
  en: string
}

export type Said = Words | string | null | undefined

export interface Offer {
  key: string
  name: Said
  kind: 'coupon' | 'points'
  value_minor: number
  points: number
  left: number | null
  valid_days: number
  terms: Said
}

export type BlockKind = 'hero' | 'prize' | 'progress' | 'action' | 'friends' | 'rules' | 'text' | 'image'

export interface Block {
  kind: BlockKind
  offer?: string
  place?: Said
  title?: Said
  text?: Said
  src?: string
  alt?: Said
  width?: number
  height?: number
}

export type Theme = 'leaf' | 'sun' | 'sky' | 'rose'

export interface PageLayout {
  theme: Theme
  title: Said
  subtitle: Said
  blocks: Block[]
}

export interface ReferralSettings {
  tiers?: { people: number; offer: string }[]
  friend_offer?: string | null
}

export interface AssistSettings {
  helpers_needed?: number
  offer?: string
  helper_offer?: string | null
}

export type CampaignState = 'draft' | 'published' | 'live' | 'paused' | 'ended' | 'settled'

export interface Campaign {
  id: string
  name: string
  play: string
  state: CampaignState
  starts_at?: string | null
  ends_at: string | null
  page: PageLayout
  offers: Offer[]
  settings_public: ReferralSettings & AssistSettings & { hours_to_finish?: number | null }
  rules: { zh: string[]; en: string[] }
  host: { name: string; contact: string }
}

export interface Tier {
  people: number
  offer_key: string
  reached: boolean
}

export interface PublicQuest {
  id: string
  owner_masked: string
  have: number
  need: number | null
  tiers: Tier[]
  state: string
  ends_at: string | null
}

export interface Grant {
  id: string
  offer: Said
  kind: 'coupon' | 'points'
  value_minor: number
  points: number
  code: string | null
  state: string
  reason: Said
  granted_at: string
  expires_at: string | null
}

export interface Supporter {
  name_masked: string
  at: string
  counted: boolean
  reason: string | null
  message: Said
}

export interface OwnQuest extends PublicQuest {
  share_url: string
  share_code: string
  supporters: Supporter[]
  grants: Grant[]
}

export interface Me {
  person_id: string
  name_masked: string
  is_new: boolean
}

export interface Support {
  counted: boolean
  reason: string | null
  message: Said
  grants?: Grant[]
}

export interface SupportAnswer extends Support {
  grants: Grant[]
  quest: PublicQuest
}

export interface NotCounted {
  at: string
  who_masked: string
  reason: string | null
  message?: Said
}

export interface Mine {
  me: Me
  quests: OwnQuest[]
  grants: Grant[]
  not_counted: NotCounted[]
}

export interface PageState {
  link: { code: string; kind: 'campaign' | 'quest'; channel: string | null } | null
  workspace: { name: string; slug: string; is_sandbox: boolean; currency?: string } | null
  campaign: Campaign | null
  surface: { key: string; allowed: boolean; message: Said } | null
  quest: PublicQuest | null
  me: Me | null
  my_quest: OwnQuest | null
  my_support: Support | null
  problem: { code: string; title: string } | null
}
