import { defineAsyncComponent } from 'vue'
import { offerOf, page } from '../../page/page'
import { t } from '../../words'
import type { PhonePlay } from '..'

const leader = (): string => String((page.state.campaign?.settings_public as { leader_offer?: string | null } | undefined)?.leader_offer ?? '')

export const groupBuy: PhonePlay = {
  Quest: defineAsyncComponent(() => import('./Quest.vue')),
  Action: defineAsyncComponent(() => import('./Action.vue')),
  start: 'join_too',
  invitation: () => '',
  support: (owner) => t('assist', { name: owner }),
  ownerOffer: () => offerOf(leader()),
  closesWhenFull: true,
  ownerNeeds: () => null,
  friendOffer: () => null,
}
