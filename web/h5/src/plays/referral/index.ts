import { offerOf, page } from '../../page/page'
import { t } from '../../words'
import type { PhonePlay } from '..'
import Quest from './Quest.vue'
import { nextTier } from './tiers'

export const referral: PhonePlay = {
  Quest,
  start: 'start_referral',
  support: (_owner, gift) => (gift ? t('accept_for', { offer: gift }) : t('accept')),
  ownerOffer: (quest) => offerOf(nextTier(quest)?.offer_key),
  ownerNeeds: (quest) => nextTier(quest)?.people ?? null,
  friendOffer: () => offerOf(page.state.campaign?.settings_public.friend_offer),
}
