import type { Change } from '@banyan/shared/api'
import { call } from '../../shell/call'
import type { TermsPage } from '../../rewards/kinds'

const OF_TERMS = 'payout_terms.'

/** Carries out the changes that are of the merchant's terms of payouts; whether there were any. */
export async function putTerms(changes: readonly Change[]): Promise<boolean> {
  const mine = changes.filter((change) => change.path.startsWith(OF_TERMS))
  if (!mine.length) return false
  const { terms } = await call<TermsPage>('/payout-terms')
  const better = Object.fromEntries(mine.map((change) => [change.path.slice(OF_TERMS.length), change.value]))
  await call('/payout-terms', { method: 'PUT', body: { ...terms, ...better } })
  return true
}
