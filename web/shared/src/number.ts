import { locale } from './language.ts'

const formats = new Map<string, Intl.NumberFormat>()

function format(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale() + JSON.stringify(options)
  let made = formats.get(key)
  if (!made) {
    made = new Intl.NumberFormat(locale(), options)
    formats.set(key, made)
  }
  return made
}

/** What stands where a number is not known yet. */
export const UNKNOWN = '–'

/** 8,412 */
export function whole(value: number | null | undefined): string {
  return value == null ? UNKNOWN : format({ maximumFractionDigits: 0 }).format(value)
}

/** 1.34; always `digits` decimals, so that a changing number keeps its width. */
export function decimal(value: number | null | undefined, digits = 2): string {
  if (value == null) return UNKNOWN
  return format({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
}

/** A ratio that may exceed one: 0.416 → 41.6%, 1.32 → 1.32 (each person brings more than one). */
export function perHead(ratio: number | null | undefined): string {
  return ratio != null && ratio > 1 ? decimal(ratio) : percent(ratio)
}

/** A ratio (0.416) as 41.6%. */
export function percent(ratio: number | null | undefined, digits = 1): string {
  if (ratio == null) return UNKNOWN
  return format({ style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(ratio)
}

/** A count with its noun in English: 1 day, 2 days; `many` where the plural is irregular. */
export function some(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`
}
