import { reactive } from 'vue'
import { api, failureOf, requestKey, type Failure } from '../api'
import { announce, keepOwnQuest, keepSupport, linkCode, page, quest, refresh } from '../page/page'
import { askToSignIn, openSheet, type Intent } from '../sheet/sheets'
import { t, why } from '../words'

export const doing = reactive({ busy: false, failure: null as Failure | null, last: null as Intent | null })

// One key per wish: kept over retries until an answer comes, so that a lost answer never becomes a second support.
let supportKey = ''

async function once(what: Intent, run: () => Promise<void>): Promise<void> {
  if (doing.busy || page.preview) return
  doing.busy = true
  doing.failure = null
  doing.last = what
  try {
    await run()
  } catch (error) {
    const failure = failureOf(error)
    if (failure.code === 'sign_in') askToSignIn(what)
    else doing.failure = failure
  } finally {
    doing.busy = false
  }
}

export function startQuest(again = false): Promise<void> {
  if (!page.state.me) return Promise.resolve(askToSignIn('start'))
  return once('start', async () => {
    const { quest: own } = await api.startQuest(linkCode.value, again)
    keepOwnQuest(own)
    page.facingOwn = true
    scrollTo({ top: 0 })
  })
}

export function support(): Promise<void> {
  if (!page.state.me) return Promise.resolve(askToSignIn('support'))
  return once('support', async () => {
    const target = quest.value
    if (!target) return
    supportKey ||= requestKey()
    const answer = await api.support(target.id, linkCode.value, supportKey)
    supportKey = ''
    keepSupport(answer)
    scrollTo({ top: 0 })
    announce(answer.counted ? t('outcome_counted') : why(answer.reason, answer.message), false)
  })
}

export function repeatLast(): Promise<void> {
  return doing.last === 'support' ? support() : startQuest()
}

/** After signing in: the page as this person knows it, then what they wanted, unless it is already so. */
export async function goOn(wanted: Intent): Promise<void> {
  supportKey = ''
  await refresh()
  openSheet.value = null
  if (wanted === 'mine') location.hash = 'mine'
  else if (wanted === 'support' && !page.state.my_support && page.state.my_quest?.id !== page.state.quest?.id) await support()
  else if (wanted === 'start' && !page.state.my_quest) await startQuest()
  else if (wanted === 'start') page.facingOwn = true
}
