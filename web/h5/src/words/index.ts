import { language, locale, pick } from '@banyan/shared/language'
import { en } from './en'
import { reasonWords } from './reasons'
import { zh, type WordKey } from './zh'
import type { Said } from '../page/state'

export type Params = Record<string, string | number>

const HAN = /[\u4e00-\u9fff]/
const LATIN = /[0-9A-Za-z¥]/

// Chinese and Latin stand a space apart, also where one of them is filled in: 领到 50 元券.
function gap(before: string, after: string): string {
  return (HAN.test(before) && LATIN.test(after)) || (LATIN.test(before) && HAN.test(after)) ? ' ' : ''
}

/** A phrase in the page's language. */
export function t(key: WordKey, params: Params = {}): string {
  return filled((language.value === 'zh' ? zh : en)[key], params)
}

/** `{n}` is filled in; `{n|day|days}` picks by number. */
export function filled(phrase: string, params: Params): string {
  return phrase.replace(
    /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g,
    (hole: string, name: string, one: string | undefined, other: string | undefined, at: number) => {
      const value = params[name] ?? ''
      if (one !== undefined && other !== undefined) return Number(value) === 1 ? one : other
      const text = typeof value === 'number' ? value.toLocaleString(locale()) : value
      if (!text) return ''
      return gap(phrase.charAt(at - 1), text.charAt(0)) + text + gap(text.slice(-1), phrase.charAt(at + hole.length))
    },
  )
}

/** What a merchant or the server wrote, in the page's language; the other language when only that exists. */
export function say(said: Said): string {
  return pick(said)
}

/** Why something did not count. */
export function why(reason: string | null, message: Said): string {
  return say(message) || say(reasonWords(reason)) || t('not_counted')
}
