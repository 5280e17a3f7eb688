import { Problem } from '@banyan/shared/problem'
import { request } from '@banyan/shared/request'
import { t } from './words'
import type { Me, Mine, OwnQuest, PageState, SupportAnswer } from './page/state'

/** A failure as it is shown on the phone: the words, and how long to wait before a repeat can help. */
export interface Failure {
  code: string
  text: string
  params: Record<string, unknown>
  /** Seconds; null when a repeat at once is as good as a later one. */
  wait: number | null
  /** Whether the same request may succeed later, unchanged. */
  repeatable: boolean
}

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Problem)) return { code: 'failed', text: t('failed'), params: {}, wait: null, repeatable: true }
  const { code, status, params } = error
  if (status === 0) return { code, text: t('offline'), params, wait: null, repeatable: true }
  if (status === 401) return { code: 'sign_in', text: error.message, params, wait: null, repeatable: false }
  if (status >= 500) return { code, text: t('busy'), params, wait: error.retryAfter ?? 3, repeatable: true }
  const told = error.retryAfter ?? (typeof params.seconds === 'number' ? params.seconds : null)
  return { code, text: error.message, params, wait: told, repeatable: status === 429 || status === 409 }
}

/** A key that makes a repeated tap or a retry the same request. */
export function requestKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Where somebody came in, which says to whom they sign in: by a link, or in a shop. */
export type Door = { link_code: string } | { shop_slug: string }

const root = '/api/public'
const part = encodeURIComponent

export const api = {
  page: (code: string) => request<PageState>(`${root}/links/${part(code)}`),
  askCode: (door: Door, phone: string) =>
    request<{ retry_after_seconds: number }>(`${root}/codes`, { method: 'POST', body: { ...door, phone } }),
  signIn: (body: Door & { phone: string; code: string; name?: string; notice_version: string }) =>
    request<{ me: Me }>(`${root}/sessions`, { method: 'POST', body }),
  signOut: () => request<undefined>(`${root}/sessions`, { method: 'DELETE' }),
  /** Takes back whatever help of mine counted in the campaign of this link; a repeat changes nothing. */
  leave: (link_code: string) => request<{ supports: number }>(`${root}/departures`, { method: 'POST', body: { link_code } }),
  birthday: () => request<{ month: number | null; day: number | null }>(`${root}/me/birthday`),
  giveBirthday: (month: number, day: number, notice_version: string) =>
    request<{ month: number; day: number }>(`${root}/me/birthday`, { method: 'PUT', body: { month, day, notice_version } }),
  dropBirthday: () => request<undefined>(`${root}/me/birthday`, { method: 'DELETE' }),
  messages: () => request<{ agreed: boolean }>(`${root}/me/messages`),
  agreeToMessages: (notice_version: string) => request<{ agreed: boolean }>(`${root}/me/messages`, { method: 'PUT', body: { notice_version } }),
  stopMessages: () => request<undefined>(`${root}/me/messages`, { method: 'DELETE' }),
  deleteMe: () => request<undefined>(`${root}/me`, { method: 'DELETE' }),
  /** Repeating it gives the same quest; `again` opens one more where the play allows several. */
  startQuest: (link_code: string, again: boolean) =>
    request<{ quest: OwnQuest }>(`${root}/quests`, { method: 'POST', body: { link_code, again } }),
  quest: (id: string) => request<OwnQuest>(`${root}/quests/${part(id)}`),
  support: (quest: string, link_code: string, key: string) =>
    request<SupportAnswer>(`${root}/quests/${part(quest)}/supports`, {
      method: 'POST',
      body: { link_code },
      headers: { 'Idempotency-Key': key },
    }),
  mine: (link_code: string) => request<Mine>(`${root}/mine`, { query: { link_code } }),
}
