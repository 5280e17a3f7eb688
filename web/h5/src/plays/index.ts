import type { Component } from 'vue'
import type { Offer, PublicQuest } from '../page/state'
import type { WordKey } from '../words/zh'
import { affiliate } from './affiliate'
import { assist } from './assist'
import { bargain } from './bargain'
import { cause } from './cause'
import { checkIn } from './check_in'
import { content } from './content'
import { flashSale } from './flash_sale'
import { groupBuy } from './group_buy'
import { inStore } from './in_store'
import { live } from './live'
import { lottery } from './lottery'
import { redPacket } from './red_packet'
import { poster } from './poster'
import { quiz } from './quiz'
import { referral } from './referral'

/** One play as a participant meets it. The folder's name is the play's key on the server. */
export interface PhonePlay {
  /** How far it is: the progress card. */
  Quest: Component<{ quest: PublicQuest | null; own: boolean }>
  /** What is pressed, where a play has more than to start, invite and support. */
  Action?: Component
  /** What its owner presses once everything has come together, or it is over. */
  OwnerDone?: Component
  /** Whether its card says everything: it stands first, and nothing is told of friends or of a goal. */
  tellsItself?: boolean
  start: WordKey
  /** The merchant's words on the button are for beginning only: whoever has begun invites. */
  labelBegins?: boolean
  /** The headline a friend reads: the merchant's own speaks to whoever invites. */
  invitation: (owner: string, prize: string, gift: string) => string
  /** What a friend presses; `gift` is the name of what they get, empty when nothing. */
  support: (owner: string, gift: string) => string
  /** What the owner of a quest is on the way to. */
  ownerOffer: (quest: PublicQuest | null) => Offer | null
  /** How many people `offer` takes. */
  ownerNeeds: (quest: PublicQuest | null, offer: Offer | null) => number | null
  friendOffer: () => Offer | null
  /** Whether a quest that has what it needs takes no more people. */
  closesWhenFull: boolean
  /** Its card tells how it ended; the page says nothing of prizes then. */
  tellsItsEnd?: boolean
}

export const PLAYS: Record<string, PhonePlay> = { affiliate, referral, assist, group_buy: groupBuy, bargain, flash_sale: flashSale, lottery, red_packet: redPacket, check_in: checkIn, content, live, in_store: inStore, quiz, cause, poster }

/** The play of a campaign; a page for a play this build does not know still shows its prize and rules. */
export function playOf(key: string | undefined): PhonePlay {
  return PLAYS[key ?? ''] ?? referral
}
