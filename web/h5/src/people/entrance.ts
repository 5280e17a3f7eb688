import type { Door } from '../api'
import type { Me, Words } from '../page/state'

/** Words about personal data; `{host}` and `{contact}` stand for who answers for it. */
export interface PrivacyNotice {
  version: string
  parts: { title: Words; text: Words }[]
  host: string
  contact: string
}

/** What signing in needs to know of the page it happens on. */
export interface Entrance {
  door: Door
  notice: PrivacyNotice
  /** Why it is asked for, and to what a person agrees. */
  reason: string
  consent: string
  isSandbox: boolean
  /** Once the person is known. */
  goOn: (known: { me: Me }) => Promise<void>
}
