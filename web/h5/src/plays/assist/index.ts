import { offerOf, page } from '../../page/page'
import type { PublicSettings } from '../../page/state'
import { t } from '../../words'
import type { PhonePlay } from '..'
import Quest from './Quest.vue'

const settings = (): PublicSettings => page.state.campaign?.settings_public ?? {}

export const assist: PhonePlay = {
  Quest,
  start: 'start_assist',
  invitation: (owner, prize) => (prize ? t('invitation_help', { name: owner, offer: prize }) : ''),
  support: (owner) => t('assist', { name: owner }),
  ownerOffer: () => offerOf(settings().offer),
  closesWhenFull: true,
  ownerNeeds: (quest) => quest?.need ?? settings().helpers_needed ?? null,
  friendOffer: () => offerOf(settings().helper_offer),
}
