import { defineAsyncComponent } from 'vue'
import { offerOf } from '../../page/page'
import { t } from '../../words'
import type { PhonePlay } from '..'

export const redPacket: PhonePlay = {
  Quest: defineAsyncComponent(() => import('./Quest.vue')),
  Action: defineAsyncComponent(() => import('./Action.vue')),
  tellsItself: true,
  start: 'join_too',
  invitation: () => '',
  support: (owner) => t('assist', { name: owner }),
  // The packet itself is the prize, and it stands on the page whole.
  ownerOffer: () => offerOf(null),
  closesWhenFull: false,
  ownerNeeds: () => null,
  friendOffer: () => null,
}
