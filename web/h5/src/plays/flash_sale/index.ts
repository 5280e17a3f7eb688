import { defineAsyncComponent } from 'vue'
import { t } from '../../words'
import type { PhonePlay } from '..'

export const flashSale: PhonePlay = {
  Quest: defineAsyncComponent(() => import('./Quest.vue')),
  Action: defineAsyncComponent(() => import('./Action.vue')),
  tellsItself: true,
  start: 'join_too',
  invitation: () => '',
  support: (owner) => t('assist', { name: owner }),
  ownerOffer: () => null,
  closesWhenFull: true,
  tellsItsEnd: true,
  ownerNeeds: () => null,
  friendOffer: () => null,
}
