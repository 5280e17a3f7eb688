import { locale, say } from './language.ts'
import { UNKNOWN } from './number.ts'

/** 12月3日 14:05 */
export function moment(iso: string | null | undefined): string {
  if (!iso) return UNKNOWN
  return new Intl.DateTimeFormat(locale(), {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(new Date(iso))
}

/** 2026年12月3日 */
export function day(iso: string | null | undefined): string {
  if (!iso) return UNKNOWN
  return new Intl.DateTimeFormat(locale(), { year: 'numeric', month: 'short', day: 'numeric' }).format(new Date(iso))
}

/** A stretch of milliseconds in its two largest units: 5 天 4 小时. */
export function stretch(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000))
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor((minutes % 1440) / 60)
  const rest = minutes % 60
  if (days > 0) return say(`${days} 天 ${hours} 小时`, `${days} d ${hours} h`)
  if (hours > 0) return say(`${hours} 小时 ${rest} 分`, `${hours} h ${rest} min`)
  return say(`${rest} 分钟`, `${rest} min`)
}

/** 刚刚 · 3 分钟前 · 昨天 */
export function ago(iso: string | null | undefined, now = Date.now()): string {
  if (!iso) return UNKNOWN
  const seconds = (new Date(iso).getTime() - now) / 1000
  const size = Math.abs(seconds)
  if (size < 45) return say('刚刚', 'just now')
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' })
  if (size < 3600) return format.format(Math.round(seconds / 60), 'minute')
  if (size < 86_400) return format.format(Math.round(seconds / 3600), 'hour')
  if (size < 30 * 86_400) return format.format(Math.round(seconds / 86_400), 'day')
  return day(iso)
}
