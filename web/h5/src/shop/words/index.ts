import { language } from '@banyan/shared/language'
import { filled, type Params } from '../../words'
import { en } from './en'
import { zh, type ShopWord } from './zh'

export type { ShopWord }

/** A phrase of the shop in the page's language, filled as `t` fills. */
export function s(key: ShopWord, params: Params = {}): string {
  return filled((language.value === 'zh' ? zh : en)[key], params)
}

/** The phrase for `prefix_code`, or null when this page does not know the code. */
export function known(prefix: string, code: string, params: Params = {}): string | null {
  const key = `${prefix}_${code}`
  return key in zh ? s(key as ShopWord, params) : null
}

/** What tells a SKU from the others: 红 / M. */
export function attributeWords(attributes: Record<string, unknown>): string {
  return Object.values(attributes).join(' / ')
}
