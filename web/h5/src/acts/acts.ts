import type { Grant, OwnQuest, QuestAct, QuestNote } from '@banyan/shared/public'
import { request } from '@banyan/shared/request'
import { computed, reactive } from 'vue'
import { failureOf, requestKey, type Failure } from '../api'
import { announce, page, refresh } from '../page/page'
import type { Said } from '../page/state'
import { askToSignIn } from '../sheet/sheets'
import { say } from '../words'

interface Acted {
  counted: boolean
  reason: string | null
  message: Said
  grants: Grant[]
  quest: OwnQuest
}

export interface Proof {
  answer?: string
  code?: string
}

/** What is being done, and what became of the last act. */
export const acting = reactive({
  step: '',
  failure: null as Failure | null,
  last: null as { step: string; counted: boolean; words: string; grants: Grant[] } | null,
})

// One key per wish: kept over retries until an answer comes, so that a lost answer never becomes a second act.
const keys = new Map<string, string>()

export const acts = computed<QuestAct[]>(() => page.state.my_quest?.acts ?? [])

export function actOf(step: string): QuestAct | null {
  return acts.value.find((one) => one.step === step) ?? null
}

export function noteOf(code: string): QuestNote | null {
  return page.state.my_quest?.notes?.find((one) => one.code === code) ?? null
}

/** Settings that only this play has. */
export function settingsAs<T>(): Partial<T> {
  return (page.state.campaign?.settings_public ?? {}) as Partial<T>
}

export async function act(step: string, proof: Proof = {}): Promise<boolean> {
  const quest = page.state.my_quest
  if (!quest || acting.step || page.preview) return false
  const wish = JSON.stringify([quest.id, step, proof])
  const key = keys.get(wish) ?? requestKey()
  keys.set(wish, key)
  acting.step = step
  acting.failure = null
  try {
    const told = await request<Acted>(`/api/public/quests/${encodeURIComponent(quest.id)}/acts`, {
      method: 'POST',
      body: { step, ...proof },
      headers: { 'Idempotency-Key': key },
    })
    keys.delete(wish)
    page.state.my_quest = told.quest
    const words = say(told.message)
    acting.last = { step, counted: told.counted, words, grants: told.grants }
    announce(words, false)
    // What everybody has together is the campaign's, and changes with each act.
    if (told.counted && page.state.campaign?.play === 'cause') await refresh()
    return told.counted
  } catch (error) {
    const failure = failureOf(error)
    if (!failure.repeatable) keys.delete(wish)
    if (failure.code === 'sign_in') askToSignIn('start')
    else acting.failure = failure
    return false
  } finally {
    acting.step = ''
  }
}
