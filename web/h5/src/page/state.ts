// What the page shows: the server's page state, with what a page without one (preview, unknown link) has not.
import type { Twin } from '@banyan/shared/language'
import type * as server from '@banyan/shared/public'

export type { Grant, OwnQuest, PublicQuest, Supporter } from '@banyan/shared/public'

export type Words = Twin
export type Said = Words | null | undefined
export type Offer = server.PublicOffer
export type Tier = server.TierProgress

export type BlockKind = 'hero' | 'prize' | 'progress' | 'action' | 'friends' | 'rules' | 'text' | 'image'

/** One block of a page's layout; each kind uses the fields it has a use for. */
export interface Block {
  kind: BlockKind
  /** Of the prize: which offer the page puts first. */
  offer?: string | null
  /** Of the button: the merchant's own words for starting and inviting. */
  label?: Said
  badge?: Said
  title?: Said
  text?: Said
  /** Of the head: the id of a picture of the workspace. */
  image?: string | null
  /** Of an image: the id of a picture of the workspace. */
  file?: string
  alt?: Said
}

/** What the plays tell the public of their settings. */
export interface PublicSettings {
  tiers?: { people: number; offer: string }[]
  friend_offer?: string | null
  decrease?: { after_people: number; offer: string }[]
  helpers_needed?: number
  /** How many days before one's birthday this can be started; null: at any time. */
  birthday_days?: number | null
  offer?: string
  helper_offer?: string | null
  quests_per_person?: number
}

export type Campaign = Omit<server.PageState['campaign'], 'settings_public' | 'page'> & {
  starts_at?: string | null
  settings_public: PublicSettings
  page: { theme: server.PageState['campaign']['page']['theme']; reading?: 'normal' | 'large'; title: Said; subtitle: Said; share?: { title: Said; text: Said }; blocks: Block[] }
}

export type Me = NonNullable<server.PageState['me']>

/** What became of a support; the grants only in the answer to the tap itself. */
export type Support = NonNullable<server.PageState['my_support']> & { grants?: server.Grant[] }

export type SupportAnswer = Support & { grants: server.Grant[]; quest: server.PublicQuest }

export interface NotCounted {
  at: string
  who_masked: string
  reason: string | null
  message: Said
}

export interface Mine {
  me: Me
  quests: server.OwnQuest[]
  grants: server.Grant[]
  not_counted: NotCounted[]
  /** Orders whose payment came too late for their team. */
  late: server.OrderPlace[]
}

export interface Share {
  nth: number
  amount_minor: number
  grabbed_at: string
}

/** A red packet: how much of it is left, and the share that is mine. */
export interface Packet {
  shares: number
  left: number
  total_minor: number
  mine: Share | null
}

/** The commitment to a lottery's seed; the seed itself once the campaign is settled. */
export interface Draws {
  commitment: string
  drawn: number
  seed: string | null
}

export interface PageState {
  link: server.PageState['link'] | null
  workspace: server.PageState['workspace'] | null
  campaign: Campaign | null
  surface: server.PageState['surface'] | null
  quest: server.PublicQuest | null
  me: Me | null
  my_quest: server.OwnQuest | null
  my_support: Support | null
  problem: server.PageState['problem']
  packet?: Packet | null
  draws?: Draws | null
}
