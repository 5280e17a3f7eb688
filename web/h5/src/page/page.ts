import { computed, reactive, shallowRef } from 'vue'
import { api } from '../api'
import type { Offer, OwnQuest, PageState, PublicQuest, SupportAnswer } from './state'

/** Who looks: the owner of a quest, somebody a quest was sent to, or somebody from the merchant's own link. */
export type Role = 'owner' | 'friend' | 'newcomer'

export type Standing =
  | 'open' | 'unknown' | 'not_begun' | 'paused' | 'ended' | 'blocked' | 'sold_out' | 'refused'

const NOTHING: PageState = {
  link: null, workspace: null, campaign: null, surface: null, quest: null,
  me: null, my_quest: null, my_support: null, problem: null,
}

export const page = reactive({
  state: NOTHING,
  /** Shown inside the console's wizard: nothing is sent, nothing can be pressed. */
  preview: false,
  /** A friend who has a quest of their own may look at either. */
  facingOwn: false,
})

/** A short word: read aloud, and shown unless the page shows it anyway. */
export const announced = shallowRef({ text: '', shown: true })

let quietAgain = 0

export function announce(text: string, shown = true): void {
  clearTimeout(quietAgain)
  announced.value = { text: '', shown }
  requestAnimationFrame(() => (announced.value = { text, shown }))
  quietAgain = window.setTimeout(() => (announced.value = { text: '', shown }), 3_000)
}

export function show(state: PageState): void {
  page.state = { ...NOTHING, ...state }
}

/** The state inside the HTML answer, or null when the page was opened without one. */
export function stateInPage(): PageState | null {
  const text = document.getElementById('state')?.textContent?.trim()
  return text ? (JSON.parse(text) as PageState) : null
}

export function codeInAddress(): string {
  return decodeURIComponent(location.pathname.split('/').filter(Boolean).pop() ?? '')
}

export async function refresh(): Promise<void> {
  show(await api.page(page.state.link?.code ?? codeInAddress()))
}

export const linkCode = computed(() => page.state.link?.code ?? '')

const isOwn = computed(() => {
  const { quest, my_quest } = page.state
  return !!my_quest && (!quest || quest.id === my_quest.id || page.facingOwn)
})

export const role = computed<Role>(() => (isOwn.value ? 'owner' : page.state.quest ? 'friend' : 'newcomer'))

export const quest = computed<PublicQuest | OwnQuest | null>(() =>
  isOwn.value ? page.state.my_quest : page.state.quest,
)

/** There is nothing to show yet: no campaign, and not because the link leads nowhere. */
export const isEmpty = computed(() => {
  const { campaign, problem } = page.state
  return !campaign && !/unknown|not_found/.test(problem?.code ?? '')
})

export const standing = computed<Standing>(() => {
  const { campaign, problem, surface } = page.state
  const code = problem?.code ?? ''
  if (!campaign) return 'unknown'
  if (campaign.state === 'paused' || code.includes('paused')) return 'paused'
  if (campaign.state === 'ended' || campaign.state === 'settled' || code.includes('ended')) return 'ended'
  if (campaign.state === 'published' || code.includes('not_begun') || code.includes('not_live')) return 'not_begun'
  if ((surface && !surface.allowed) || code.includes('surface')) return 'blocked'
  if (problem) return 'refused'
  if (campaign.offers.length && campaign.offers.every((offer) => offer.left === 0)) return 'sold_out'
  return 'open'
})

export function offerOf(key: string | null | undefined): Offer | null {
  return page.state.campaign?.offers.find((offer) => offer.key === key) ?? null
}

/** A newer picture of the own quest; an older one arriving late never sets the progress back. */
export function keepOwnQuest(next: OwnQuest): void {
  const last = page.state.my_quest
  if (last && last.id === next.id && next.supporters.length < last.supporters.length) return
  page.state.my_quest = next
}

export function keepSupport(answer: SupportAnswer): void {
  page.state.my_support = answer
  page.state.quest = answer.quest
}
