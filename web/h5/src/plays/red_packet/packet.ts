// The packet of the page, and the one wish a person has of it.
import type { Twin } from '@banyan/shared/language'
import { money } from '@banyan/shared/money'
import { request } from '@banyan/shared/request'
import { computed, reactive, watch } from 'vue'
import { failureOf, requestKey } from '../../api'
import { announce, linkCode, page } from '../../page/page'
import type { Packet, Share } from '../../page/state'
import { doing } from '../../quest/quest'
import { askToSignIn } from '../../sheet/sheets'
import { why } from '../../words'
import { w } from './words'

interface GrabAnswer {
  counted: boolean
  reason: string | null
  message: Twin
  share: Share | null
  left: number | null
}

interface Settings {
  total_minor?: number
  shares?: number
}

export const packet = reactive({
  /** Just opened by this tap: the only time it moves. */
  isFresh: false,
  refusal: '',
  isWanted: false,
})

const settings = computed(() => (page.state.campaign?.settings_public ?? {}) as unknown as Settings)

export const shown = computed<Packet>(
  () =>
    page.state.packet ?? {
      shares: settings.value.shares ?? 0,
      left: settings.value.shares ?? 0,
      total_minor: settings.value.total_minor ?? 0,
      mine: null,
    },
)

export function amount(minor: number): string {
  return money(minor, page.state.workspace?.currency ?? 'CNY')
}

// Kept until an answer comes: a lost answer asked for again is the same wish.
let key = ''

export async function grab(): Promise<void> {
  if (page.preview || doing.busy) return
  if (!page.state.me) {
    packet.isWanted = true
    return askToSignIn('play')
  }
  doing.busy = true
  doing.failure = null
  key ||= requestKey()
  try {
    const answer = await request<GrabAnswer>(`/api/public/campaigns/${encodeURIComponent(linkCode.value)}/grabs`, {
      method: 'POST',
      headers: { 'Idempotency-Key': key },
    })
    key = ''
    keep(answer)
  } catch (error) {
    const failure = failureOf(error)
    if (failure.code === 'sign_in') {
      packet.isWanted = true
      askToSignIn('play')
    } else doing.failure = failure
  } finally {
    doing.busy = false
  }
}

function keep(answer: GrabAnswer): void {
  const before = shown.value
  page.state.packet = { ...before, left: answer.left ?? before.left, mine: answer.share ?? before.mine }
  packet.isFresh = answer.counted
  packet.refusal = answer.share ? '' : (answer.reason ?? '')
  if (answer.share) announce(`${w('got')} ${amount(answer.share.amount_minor)}`, false)
  else announce(why(answer.reason, answer.message), false)
}

// Whoever signed in to open it has pressed once already.
watch(
  () => page.state.me,
  (me) => {
    if (!me || !packet.isWanted) return
    packet.isWanted = false
    if (!shown.value.mine) void grab()
  },
)
