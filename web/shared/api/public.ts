/** What the public API tells a participant's page. */
import type { Twin } from '../src/language.ts'
import type { CampaignState, Channel, OfferKind, PageLayout, Rules, Surface } from './types.ts'

export interface TierProgress {
  people: number
  offer_key: string
  reached: boolean
}
export interface PublicQuest {
  id: string
  owner_masked: string
  have: number
  need: number | null
  tiers: TierProgress[]
  state: string
  ends_at: string | null
}
/** In whose team an order sits, and what became of a payment that came too late for its own. */
export interface OrderPlace {
  order_id: string
  campaign_id: string
  quest_id: string
  state: string
  share_code: string | null
  owner_masked: string
  may_move: boolean
  late: 'moved' | 'kept' | 'sent_back' | null
  from_share_code: string | null
  from_owner_masked: string | null
  moved_at: string | null
}
export interface Grant {
  id: string
  offer: { key: string; name: Twin }
  kind: OfferKind
  value_minor: number
  points: number
  code: string | null
  state: string
  reason: Twin
  granted_at: string
  expires_at: string | null
}
export interface Supporter {
  name_masked: string
  at: string
  counted: boolean
  reason: string | null
  message: Twin | null
  /** What somebody who came still has to do before they count. */
  waits?: Twin | null
}
/** Something to do in one's own quest. */
export interface QuestAct {
  step: string
  label: Twin
  every: string
  proof: string
  done: number
  most: number | null
  is_open: boolean
}
export interface QuestNote {
  code: string
  words: Twin
  value: number
}
export interface OwnQuest extends PublicQuest {
  share_url: string
  share_code: string
  supporters: Supporter[]
  grants: Grant[]
  acts?: QuestAct[]
  notes?: QuestNote[]
}
export interface PublicOffer {
  key: string
  name: Twin
  kind: OfferKind
  value_minor: number
  points: number
  left: number | null
  valid_days: number
  /** Of a coupon, how it is used, as the rules say it. */
  use: Twin
  terms: Twin
}
export interface PageState {
  link: { code: string; kind: 'campaign' | 'quest'; channel: Channel | null }
  workspace: { name: string; slug: string; currency: string; is_sandbox: boolean }
  campaign: {
    id: string
    name: string
    play: string
    state: CampaignState
    ends_at: string | null
    page: PageLayout
    offers: PublicOffer[]
    settings_public: Record<string, unknown>
    rules: Rules
    host: { name: string; contact: string }
  }
  surface: { key: Surface; allowed: boolean; message: Twin | null }
  quest: PublicQuest | null
  me: { person_id: string; name_masked: string; is_new: boolean } | null
  my_quest: OwnQuest | null
  my_support: { counted: boolean; reason: string | null; message: Twin | null } | null
  problem: { code: string; title: string } | null
}
