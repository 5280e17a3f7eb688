import { defineAsyncComponent } from 'vue'
import { t } from '../../words'
import type { PhonePlay } from '..'

export const affiliate: PhonePlay = {
  Quest: defineAsyncComponent(() => import('./Quest.vue')),
  start: 'start_affiliate',
  invitation: () => '',
  support: () => t('follow_affiliate'),
  closesWhenFull: false,
  ownerOffer: () => null,
  ownerNeeds: () => null,
  friendOffer: () => null,
}
