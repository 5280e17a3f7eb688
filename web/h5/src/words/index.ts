import { language, locale, pick } from '@banyan/shared/language'
import { en } from './en'
import { reasonWords } from './reasons'
import { zh, type WordKey } from './zh'
import type { Said } from '../page/state'

type Params = Record<string, string | number>

/** A phrase in the page's language. `{n}` is filled in; `{n|day|days}` picks by number. */
export function t(key: WordKey, params: Params = {}): string {
  const phrase = (language.value === 'zh' ? zh : en)[key]
  return phrase.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name: string, one?: string, other?: string) => {
    const value = params[name] ?? ''
    if (one !== undefined && other !== undefined) return Number(value) === 1 ? one : other
    return typeof value === 'number' ? value.toLocaleString(locale()) : value
  })
}

/** What a merchant or the server wrote, in the page's language; the other language when only that exists. */
export function say(said: Said): string {
  return pick(said)
}

/** Why something did not count. */
export function why(reason: string | null, message: Said): string {
  return say(message) || say(reasonWords(reason)) || t('not_counted')
}
