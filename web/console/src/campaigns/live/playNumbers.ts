import type { Numbers } from '@banyan/shared/api'
import { say, type Twin } from '@banyan/shared/language'
import { money } from '@banyan/shared/money'
import { decimal, percent, UNKNOWN, whole } from '@banyan/shared/number'
import { stretch } from '@banyan/shared/time'
import { useQuery } from '@pinia/colada'
import { computed, onBeforeUnmount, type Ref, watch } from 'vue'
import { call } from '../../shell/call'

export type Unit = 'count' | 'minor' | 'share' | 'hundredths' | 'seconds'

export interface PlayNumber {
  key: string
  unit: Unit
  name: Twin
  means: Twin
  value: number | null
  /** What it is a part of. */
  whole: number | null
  leads: boolean
}

/** GET /api/admin/campaigns/{id}/play-numbers */
export interface PlayNumbers {
  play: string
  as_of: string
  numbers: PlayNumber[]
}

const AT_MOST_EVERY_MS = 700

/** A play's own numbers, asked again whenever the live numbers of its campaign have moved. */
export function usePlayNumbers(id: () => string, live: Readonly<Ref<Numbers | null>>) {
  const { data, refetch } = useQuery({
    key: () => ['campaign', id(), 'play-numbers'],
    query: ({ signal }) => call<PlayNumbers>(`/campaigns/${id()}/play-numbers`, { signal }),
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(live, (_, before) => {
    if (!before) return
    timer ??= setTimeout(() => {
      timer = undefined
      void refetch()
    }, AT_MOST_EVERY_MS)
  })
  onBeforeUnmount(() => clearTimeout(timer))
  return {
    one: computed(() => data.value?.numbers.find((number) => number.leads) ?? null),
    others: computed(() => data.value?.numbers.filter((number) => !number.leads) ?? []),
    known: computed(() => !!data.value),
  }
}

/** 45 秒 · 12 分 5 秒 · 3 小时 2 分 */
function span(seconds: number): string {
  const all = Math.round(seconds)
  if (all < 60) return say(`${all} 秒`, `${all} s`)
  const rest = all % 60
  if (all < 3600) return say(`${Math.floor(all / 60)} 分 ${rest} 秒`, `${Math.floor(all / 60)} min ${rest} s`)
  return stretch(all * 1000)
}

/** A number as people read it. */
export function shown(unit: Unit, value: number | null, currency: string): string {
  if (value === null) return UNKNOWN
  if (unit === 'minor') return money(Math.round(value), currency)
  if (unit === 'share') return percent(value / 1_000_000)
  if (unit === 'hundredths') return decimal(value / 100, 1)
  return unit === 'seconds' ? span(value) : whole(value)
}
