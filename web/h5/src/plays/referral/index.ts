import { offerOf, page } from '../../page/page'
import type { PublicSettings } from '../../page/state'
import { t } from '../../words'
import type { PhonePlay } from '..'
import Quest from './Quest.vue'
import { nextTier, tiersOf } from './tiers'

const settings = (): PublicSettings => page.state.campaign?.settings_public ?? {}

export const referral: PhonePlay = {
  Quest,
  start: 'start_referral',
  invitation: (_owner, _prize, gift) => (gift ? t('invitation_gift', { offer: gift }) : ''),
  support: (_owner, gift) => (gift ? t('accept_for', { offer: gift }) : t('accept')),
  closesWhenFull: false,
  ownerOffer: (quest) => offerOf(nextTier(quest)?.offer_key ?? settings().decrease?.[0]?.offer),
  ownerNeeds: (quest, offer) => (tiersOf(quest).find((tier) => tier.offer_key === offer?.key) ?? nextTier(quest))?.people ?? null,
  friendOffer: () => offerOf(settings().friend_offer),
}
