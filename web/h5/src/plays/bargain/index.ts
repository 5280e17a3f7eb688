import { defineAsyncComponent } from 'vue'
import { t } from '../../words'
import type { PhonePlay } from '..'

export const bargain: PhonePlay = {
  Quest: defineAsyncComponent(() => import('./Quest.vue')),
  OwnerDone: defineAsyncComponent(() => import('./OwnerDone.vue')),
  start: 'start_bargain',
  labelBegins: true,
  invitation: () => '',
  support: (owner) => t('cut_for', { name: owner }),
  ownerOffer: () => null,
  closesWhenFull: true,
  tellsItsEnd: true,
  ownerNeeds: () => null,
  friendOffer: () => null,
}
