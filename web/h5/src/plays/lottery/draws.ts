// My draws: how many are left, what the last one brought, and the next one.
import type { Twin } from '@banyan/shared/language'
import { request } from '@banyan/shared/request'
import { computed, reactive, watch } from 'vue'
import { api, failureOf, requestKey } from '../../api'
import { announce, keepOwnQuest, linkCode, offerOf, page } from '../../page/page'
import type { OwnQuest } from '../../page/state'
import { doing } from '../../quest/quest'
import { askToSignIn } from '../../sheet/sheets'
import { say, why } from '../../words'
import { w } from './words'

interface ActAnswer {
  counted: boolean
  reason: string | null
  message: Twin
  grants: { offer: { key: string } }[]
  quest: OwnQuest
}

interface Told {
  acts?: { step: string; done: number; most: number | null; is_open: boolean }[]
  notes?: { code: string; words: Twin; value: number }[]
}

export interface Prize {
  offer: string
  odds_ppm: number
}

interface Settings {
  prizes?: Prize[]
  every?: 'times' | 'day'
  draws_per_person?: number
}

export const settings = computed(() => (page.state.campaign?.settings_public ?? {}) as unknown as Settings)
export const draws = reactive({ isFresh: false, refusal: '', isWanted: false, nth: 0 })

const told = computed(() => (page.state.my_quest ?? {}) as unknown as Told)
export const act = computed(() => told.value.acts?.find((one) => one.step === 'drew') ?? null)
export const done = computed(() => act.value?.done ?? 0)
export const most = computed(() => act.value?.most ?? settings.value.draws_per_person ?? 1)
export const isOpen = computed(() => act.value?.is_open ?? true)

/** What the last draw brought: an offer's key, "" for nothing, null before the first. */
export const last = computed(() => {
  const outcomes = told.value.notes?.filter((note) => note.code === 'outcome') ?? []
  const newest = outcomes[outcomes.length - 1]
  return newest ? newest.words.zh : null
})
export const wasSoldOut = computed(() => last.value === '' && !!told.value.notes?.some((note) => note.code === 'sold_out'))

// Kept until an answer comes: a lost answer asked for again is the same draw.
let key = ''

export async function draw(): Promise<void> {
  if (page.preview || doing.busy) return
  if (!page.state.me) {
    draws.isWanted = true
    return askToSignIn('play')
  }
  doing.busy = true
  doing.failure = null
  draws.isFresh = false
  key ||= requestKey()
  try {
    if (!page.state.my_quest) keepOwnQuest((await api.startQuest(linkCode.value, false)).quest)
    const answer = await request<ActAnswer>(`/api/public/quests/${page.state.my_quest?.id ?? ''}/acts`, {
      method: 'POST',
      body: { step: 'drew' },
      headers: { 'Idempotency-Key': key },
    })
    key = ''
    keepOwnQuest(answer.quest)
    page.facingOwn = true
    draws.isFresh = answer.counted
    draws.nth += 1
    draws.refusal = answer.counted ? '' : (answer.reason ?? '')
    const given = answer.grants[0] ? offerOf(answer.grants[0].offer.key) : null
    if (given?.left) given.left -= 1
    const won = answer.grants[0] ? say(offerOf(answer.grants[0].offer.key)?.name) : ''
    announce(answer.counted ? (won ? `${w('won')} ${won}` : w('missed')) : why(answer.reason, answer.message), false)
  } catch (error) {
    const failure = failureOf(error)
    if (failure.code === 'sign_in') {
      draws.isWanted = true
      askToSignIn('play')
    } else doing.failure = failure
  } finally {
    doing.busy = false
  }
}

/** Parts per million as a percentage, without idle zeros. */
export function percent(ppm: number): string {
  return `${(ppm / 10_000).toFixed(4).replace(/\.?0+$/, '')}%`
}

watch(
  () => page.state.me,
  (me) => {
    if (!me || !draws.isWanted) return
    draws.isWanted = false
    void draw()
  },
)
