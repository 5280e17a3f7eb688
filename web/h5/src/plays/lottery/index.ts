import { defineAsyncComponent } from 'vue'
import { offerOf } from '../../page/page'
import { t } from '../../words'
import type { PhonePlay } from '..'

export const lottery: PhonePlay = {
  Quest: defineAsyncComponent(() => import('./Quest.vue')),
  Action: defineAsyncComponent(() => import('./Action.vue')),
  tellsItself: true,
  start: 'join_too',
  invitation: () => '',
  support: (owner) => t('assist', { name: owner }),
  // All prizes stand on the card with their odds; none is put before the others.
  ownerOffer: () => offerOf(null),
  closesWhenFull: false,
  ownerNeeds: () => null,
  friendOffer: () => null,
}
