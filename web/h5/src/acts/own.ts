import { defineAsyncComponent } from 'vue'
import { offerOf, page } from '../page/page'
import type { PhonePlay } from '../plays'
import { t } from '../words'

/** A play whose owner earns by what they do themselves; its parts are fetched when such a page is open. */
export function ownDoing(Quest: PhonePlay['Quest'], tellsItsEnd = true): PhonePlay {
  return {
    Quest,
    Action: defineAsyncComponent(() => import('./Action.vue')),
    start: 'start_referral',
    invitation: (_owner, _prize, gift) => (gift ? t('invitation_gift', { offer: gift }) : ''),
    support: (_owner, gift) => (gift ? t('accept_for', { offer: gift }) : t('accept')),
    closesWhenFull: false,
    tellsItsEnd,
    ownerOffer: () => null,
    ownerNeeds: () => null,
    friendOffer: () => offerOf(page.state.campaign?.settings_public.friend_offer),
  }
}
