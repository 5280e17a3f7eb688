import type { Growth } from '@banyan/shared/api'
import { say } from '@banyan/shared/language'
import { decimal, whole } from '@banyan/shared/number'

export interface Meaning {
  tone: 'grows' | 'shrinks' | 'open' | 'unknown'
  word: string
  detail: string
}

/** Hours in which the number of participants doubles at this K, or null when it does not. */
export function doublingHours(k: number, generationHours: number | null): number | null {
  if (generationHours === null || k <= 1) return null
  return (generationHours * Math.LN2) / Math.log(k)
}

/** What K and its interval mean in plain words. The interval decides, not the point. */
export function meaningOf(k: Growth): Meaning {
  if (k.value === null || k.low === null || k.high === null)
    return {
      tone: 'unknown',
      word: say('还不能判断', 'Too early to tell'),
      detail: say('参与者还没有足够时间带人。', 'Participants have not yet had time to bring anyone.'),
    }
  const pace = k.generation_hours === null ? '' : say(`每代约 ${decimal(k.generation_hours, 1)} 小时`, `about ${decimal(k.generation_hours, 1)} h per generation`)
  if (k.low > 1) {
    const doubling = doublingHours(k.value, k.generation_hours)
    const doubled = doubling === null ? '' : say(`约 ${whole(Math.max(1, doubling))} 小时翻一倍`, `doubles in about ${whole(Math.max(1, doubling))} h`)
    return { tone: 'grows', word: say('> 1 正在裂变', '> 1 growing by itself'), detail: [pace, doubled].filter(Boolean).join(say('，', ', ')) }
  }
  if (k.high < 1)
    return { tone: 'shrinks', word: say('< 1 靠投入维持', '< 1 needs feeding'), detail: pace || say('每一代都比上一代少。', 'Each generation is smaller than the last.') }
  return { tone: 'open', word: say('区间含 1，还不能下结论', 'Interval spans 1: undecided'), detail: pace }
}
