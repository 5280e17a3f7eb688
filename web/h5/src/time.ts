import { onScopeDispose, ref, type Ref } from 'vue'
import { language, locale } from '@banyan/shared/language'
import { t } from './words'
import type { WordKey } from './words/zh'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** 12月31日 / 31 Dec; the year only when it is not this one. */
export function day(iso: string): string {
  const at = new Date(iso)
  return at.toLocaleDateString(locale(), {
    month: language.value === 'zh' ? 'long' : 'short',
    day: 'numeric',
    year: at.getFullYear() === new Date().getFullYear() ? undefined : 'numeric',
  })
}

/** 今天 10:24 / yesterday 18:02 / 12月3日 09:15, in the reader's own time zone. */
export function moment(iso: string): string {
  const at = new Date(iso)
  const clock = at.toLocaleTimeString(locale(), { hour: '2-digit', minute: '2-digit', hour12: false })
  const midnight = new Date()
  midnight.setHours(0, 0, 0, 0)
  const days = Math.floor((at.getTime() - midnight.getTime()) / DAY)
  if (days === 0 || days === -1) {
    const word = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(days, 'day')
    return `${word} ${clock}`
  }
  return `${day(iso)} ${clock}`
}

/** What is left of a time in its two largest units, or null when it has passed. */
export function remaining(iso: string, now: number): string | null {
  const ms = new Date(iso).getTime() - now
  if (ms <= 0) return null
  if (ms >= 3 * DAY) return t('days', { n: Math.floor(ms / DAY) })
  // Rounded up, so that a day just begun reads 24 hours and the last seconds still read a minute.
  const minutes = Math.ceil(ms / MINUTE)
  const parts: [WordKey, number][] =
    ms >= DAY
      ? [['days', Math.floor(minutes / 1440)], ['hours', Math.floor((minutes % 1440) / 60)]]
      : [['hours', Math.floor(minutes / 60)], ['minutes', minutes % 60]]
  return parts.filter(([, n]) => n > 0).map(([unit, n]) => t(unit, { n })).join(' ')
}

/** The present, renewed every `every` milliseconds while the component lives. */
export function useNow(every = 15_000): Ref<number> {
  const now = ref(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), every)
  onScopeDispose(() => clearInterval(timer))
  return now
}

/** Seconds to wait: set it, it counts down to zero by the clock (a sleeping phone does not stretch it). */
export function useCountdown(): { left: Ref<number>; begin: (seconds: number) => void } {
  const left = ref(0)
  let until = 0
  const timer = setInterval(() => {
    if (left.value > 0) left.value = Math.max(0, Math.ceil((until - Date.now()) / 1000))
  }, 250)
  onScopeDispose(() => clearInterval(timer))
  return {
    left,
    begin(seconds) {
      until = Date.now() + seconds * 1000
      left.value = Math.ceil(seconds)
    },
  }
}
