import { request } from '@banyan/shared/request'
import type { Said } from '../page/state'

export interface Way {
  whom: Said
  campaign: Said
  is_open: boolean
  is_mine: boolean
}
/** What the server writes into a pathway's page. */
export interface PathState {
  code: string
  title: Said
  host: string
  contact: string
  is_sandbox: boolean
  /** Who is signed in; null: nobody. */
  name_masked: string | null
  /** The rule, in the order it is tried. */
  ways: Way[]
  /** Whether it is the rule they began under, which an edit has replaced for others. */
  is_as_begun: boolean
  /** Where the visitor goes on; null while nothing that fits is open. */
  url: string | null
}
export interface PathPage {
  path: PathState | null
  problem?: { code: string; title: string }
}

export function pathIn(text: string): PathPage {
  return text.trim() ? ((JSON.parse(text) as PathPage | null) ?? { path: null }) : { path: null }
}

export const readPath = (code: string): Promise<PathState> => request<PathState>(`/api/public/paths/${encodeURIComponent(code)}`)
