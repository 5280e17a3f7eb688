import { defineAsyncComponent } from 'vue'
import { offerOf, page, role } from '../page/page'
import type { Offer } from '../page/state'
import type { PhonePlay } from '../plays'
import { t } from '../words'

/** A play whose owner earns by what they do themselves; its parts are fetched when such a page is open. */
export function ownDoing(Quest: PhonePlay['Quest'], tellsItsEnd = true, first?: 'enter_offer' | 'scan_offer' | 'daily_offer' | 'first_part'): PhonePlay {
  // What the first step brings stands above, for whoever has not begun by somebody's link.
  const prize = (): Offer | null => {
    const settings = page.state.campaign?.settings_public as Record<string, string | null | undefined> | undefined
    return first && role.value !== 'friend' ? offerOf(settings?.[first]) : null
  }
  return {
    Quest,
    Action: defineAsyncComponent(() => import('./Action.vue')),
    start: 'start_referral',
    invitation: (_owner, _prize, gift) => (gift ? t('invitation_gift', { offer: gift }) : ''),
    support: (_owner, gift) => (gift ? t('accept_for', { offer: gift }) : t('accept')),
    closesWhenFull: false,
    tellsItsEnd,
    ownerOffer: prize,
    ownerNeeds: () => null,
    friendOffer: () => offerOf(page.state.campaign?.settings_public.friend_offer),
  }
}
