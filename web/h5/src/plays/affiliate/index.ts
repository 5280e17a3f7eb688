import { defineAsyncComponent } from 'vue'
import type { PhonePlay } from '..'

export const affiliate: PhonePlay = {
  Quest: defineAsyncComponent(() => import('./Quest.vue')),
  Action: defineAsyncComponent(() => import('./Action.vue')),
  start: 'start_affiliate',
  invitation: () => '',
  support: () => '',
  closesWhenFull: false,
  ownerOffer: () => null,
  ownerNeeds: () => null,
  friendOffer: () => null,
}
