import type { BuyerOrder } from '@banyan/shared/buying'
import type { Invoice } from '@banyan/shared/store'
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import type { Failure } from '../../api'
import { announce } from '../../page/page'
import { shopApi } from '../api'
import { refused, shop, viaShopId } from '../shop'
import { go } from '../view'
import { s } from '../words'

const LOOKS_EVERY_MS = 2_000
/** After that it looks less and less often: the buyer may have walked away from paying. */
const SLOWER = 1.3
const SELDOM_MS = 20_000

interface OrderInView {
  page: Ref<BuyerOrder | null>
  failure: Ref<Failure | null>
  busy: Ref<boolean>
  invoices: Ref<Invoice[]>
  read: () => Promise<void>
  cancel: () => Promise<void>
  confirm: () => Promise<void>
  again: () => Promise<void>
}

/** One order: read, read again while money is under way, and what its buyer can do with it. */
export function useOrder(id: () => string): OrderInView {
  const page = ref<BuyerOrder | null>(null)
  const invoices = ref<Invoice[]>([])
  const failure = ref<Failure | null>(null)
  const busy = ref(false)
  let timer = 0
  let pause = LOOKS_EVERY_MS
  let gone = false

  function keep(next: BuyerOrder): void {
    const last = page.value?.order.state
    page.value = next
    if (last === 'placed' && next.order.state === 'paid') announce(s('paid_title'))
    clearTimeout(timer)
    const moving =
      (next.order.state === 'placed' && next.payments.some((one) => one.state === 'open')) ||
      next.refunds.some((one) => ['approved', 'sending', 'unknown'].includes(one.state))
    if (!moving || gone) return
    timer = window.setTimeout(read, pause)
    pause = Math.min(pause * SLOWER, SELDOM_MS)
  }

  async function read(): Promise<void> {
    failure.value = null
    try {
      keep(await shopApi.order(id()))
      // Invoices exist only for what was paid.
      if (page.value?.order.paid_at) invoices.value = (await shopApi.invoices(id())).items
    } catch (error) {
      failure.value = refused(error, s('orders_reason'), read)
    }
  }

  async function act(run: () => Promise<BuyerOrder>, done: string, repeat: () => Promise<void>): Promise<void> {
    if (busy.value) return
    busy.value = true
    failure.value = null
    try {
      keep(await run())
      announce(done)
    } catch (error) {
      const found = refused(error, s('orders_reason'), repeat)
      // What the page shows is older than the order: it is read again, and the refusal says why.
      if (found && !found.repeatable) await read()
      failure.value = found
      if (found) announce(found.text)
    } finally {
      busy.value = false
    }
  }

  const cancel = (): Promise<void> => act(() => shopApi.cancel(id(), 'cancelled by buyer'), s('cancelled'), cancel)
  const confirm = (): Promise<void> => act(() => shopApi.confirm(id()), s('confirmed'), confirm)

  /** Puts what can still be bought into the cart, line by line. */
  async function again(): Promise<void> {
    const lines = page.value?.order.lines ?? []
    if (busy.value) return
    busy.value = true
    let refusals = 0
    for (const line of lines) {
      try {
        shop.cart = await shopApi.putIn(line.sku_id, line.quantity, viaShopId.value)
      } catch {
        refusals += 1
      }
    }
    busy.value = false
    if (refusals === lines.length) return announce(s('again_none'))
    announce(refusals ? s('again_some', { n: refusals }) : s('again_done'))
    go('cart')
  }

  /** Somebody who comes back from a wallet wants to know at once. */
  function seen(): void {
    pause = LOOKS_EVERY_MS
    if (document.visibilityState === 'visible' && shop.me) void read()
  }

  document.addEventListener('visibilitychange', seen)
  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', seen)
  })
  watch([id, () => shop.me?.person_id], ([, person]) => person && read(), { immediate: true })
  return { page, failure, busy, invoices, read, cancel, confirm, again }
}
