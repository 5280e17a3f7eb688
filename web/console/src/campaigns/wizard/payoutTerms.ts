import type { Change } from '@banyan/shared/api'
import { call } from '../../shell/call'
import { tellProblem } from '../../shell/toast'
import type { TermsPage } from '../../rewards/kinds'

const OF_TERMS = 'payout_terms.'

/** Carries out the changes that are of the merchant's terms of payouts; whether there were any. */
async function putTerms(changes: readonly Change[]): Promise<boolean> {
  const mine = changes.filter((change) => change.path.startsWith(OF_TERMS))
  if (!mine.length) return false
  const { terms } = await call<TermsPage>('/payout-terms')
  const better = Object.fromEntries(mine.map((change) => [change.path.slice(OF_TERMS.length), change.value]))
  await call('/payout-terms', { method: 'PUT', body: { ...terms, ...better } })
  return true
}

/** Carries out what a rule offers instead, in the form or in the terms of payouts. */
export async function carryOut(wanted: readonly Change[], form: { apply: (changes: readonly Change[]) => void; judge: () => Promise<void> }): Promise<void> {
  try {
    form.apply(wanted.filter((change) => !change.path.startsWith(OF_TERMS)))
    if (await putTerms(wanted)) await form.judge()
  } catch (failure) {
    tellProblem(failure)
  }
}
