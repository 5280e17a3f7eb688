import { defineAsyncComponent } from 'vue'
import { offerOf, page } from '../../page/page'
import { t } from '../../words'
import type { PhonePlay } from '..'

interface TeamSettings {
  leader_offer?: string | null
  tiers?: { people: number }[]
}

const settings = (): TeamSettings => (page.state.campaign?.settings_public ?? {}) as unknown as TeamSettings

export const groupBuy: PhonePlay = {
  Quest: defineAsyncComponent(() => import('./Quest.vue')),
  Action: defineAsyncComponent(() => import('./Action.vue')),
  tellsItself: true,
  start: 'join_too',
  invitation: () => '',
  support: (owner) => t('assist', { name: owner }),
  ownerOffer: () => offerOf(settings().leader_offer),
  closesWhenFull: true,
  tellsItsEnd: true,
  ownerNeeds: () => settings().tiers?.[0]?.people ?? null,
  friendOffer: () => null,
}
