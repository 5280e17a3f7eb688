// What the page of a play that sells knows of its sale, and how it hands a buyer over to the checkout.
import type { Twin } from '@banyan/shared/language'
import { money } from '@banyan/shared/money'
import { request } from '@banyan/shared/request'
import { computed, onScopeDispose, reactive, watch } from 'vue'
import { api, failureOf } from '../api'
import { keepOwnQuest, linkCode, page, role } from '../page/page'
import { tell } from '../telemetry'
import { askToSignIn } from '../sheet/sheets'
import { doing } from '../quest/quest'

export interface Seat {
  name_masked: string
  is_paid: boolean
  is_owner: boolean
  is_me: boolean
  quantity: number
}

export interface Sale {
  good: {
    sku_id: string
    product_id: string
    shop_slug: string
    name: Twin
    list_price_minor: number
    reference_minor: number | null
    currency: string
    picture: { id: string; width: number; height: number } | null
  }
  price_minor: number | null
  left: number
  of: number | null
  stage: string
  settled_price_minor: number | null
  seats: Seat[]
  cuts: number[]
  teams: { share_code: string; owner_masked: string; have: number; need: number; ends_at: string | null }[]
  my_order: {
    order_id: string
    quest_id: string
    state: string
    payable_minor: number
    expires_at: string
    may_move: boolean
    place: { share_code: string | null; owner_masked: string; late: string | null }
  } | null
}

const AGAIN_MS = 5_000

export const sale = reactive({ of: null as Sale | null, failed: false, quantity: 1 })

export interface SaleSettings {
  tiers?: { people: number; price_minor: number }[]
  most_per_order?: number
  per_person?: number
  quantity?: number
  price_minor?: number
  start_price_minor?: number
  floor_minor?: number
  cuts_needed?: number
}

export const saleSettings = computed(() => (page.state.campaign?.settings_public ?? {}) as unknown as SaleSettings)

/** The link whose quest is looked at: the own one, or the one that was opened. */
const code = computed(() => (role.value === 'owner' ? page.state.my_quest?.share_code : undefined) ?? linkCode.value)

export function amount(minor: number): string {
  return money(minor, page.state.workspace?.currency ?? 'CNY', true)
}

export async function readSale(): Promise<void> {
  if (page.preview || !code.value) return
  try {
    sale.of = await request<Sale>(`/api/public/links/${encodeURIComponent(code.value)}/sale`)
    sale.failed = false
  } catch {
    // What was read before stays on the page; a first reading that fails is said.
    sale.failed = !sale.of
  }
}

/** Keeps the sale current while a component that shows it lives and somebody looks. */
export function useSale(): void {
  const look = (): void => {
    if (document.visibilityState === 'visible') void readSale()
  }
  const timer = setInterval(look, AGAIN_MS)
  document.addEventListener('visibilitychange', look)
  watch([code, () => page.state.me?.person_id], () => readSale(), { immediate: true })
  onScopeDispose(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
  })
}

function storage(): Storage | null {
  try {
    return globalThis.sessionStorage ?? null
  } catch {
    return null
  }
}

/** To the checkout, which asks the server for the price of this quest; a quest of one's own is begun first. */
export async function buy(questId: string | null, again = false): Promise<void> {
  const good = sale.of?.good
  if (page.preview || doing.busy || !good) return
  tell(linkCode.value, 'press')
  if (!page.state.me) return askToSignIn('buy')
  doing.busy = true
  doing.failure = null
  try {
    let target = questId
    if (!target) {
      const { quest } = await api.startQuest(linkCode.value, again)
      keepOwnQuest(quest)
      target = quest.id
    }
    const basket = {
      lines: [{ sku_id: good.sku_id, quantity: sale.quantity }],
      viaShopId: null,
      quest: {
        id: target,
        linkCode: page.state.my_quest?.id === target ? page.state.my_quest.share_code : linkCode.value,
        // Whether the checkout asks if a late payment may go to another team.
        moves: page.state.campaign?.play === 'group_buy',
      },
    }
    storage()?.setItem('banyan.checkout', JSON.stringify(basket))
    location.assign(`/h5/shop/${encodeURIComponent(good.shop_slug)}#checkout`)
  } catch (error) {
    const failure = failureOf(error)
    if (failure.code === 'sign_in') askToSignIn('buy')
    else doing.failure = failure
  } finally {
    doing.busy = false
  }
}

/** The page of my order in this campaign. */
export const orderAddress = computed(() => {
  const { good, my_order } = sale.of ?? {}
  return good && my_order ? `/h5/shop/${encodeURIComponent(good.shop_slug)}#order=${my_order.order_id}` : ''
})
