import type { Numbers, Page, SeriesPoint, Tree } from '@banyan/shared/api'
import { useQuery } from '@pinia/colada'
import { computed, onBeforeUnmount, type Ref, watch } from 'vue'
import { call } from '../../shell/call'

const SMALL_TREE_MS = 2_000
const LARGE_TREE_MS = 6_000
const LARGE_TREE = 3_000
const SERIES_MS = 30_000

/** The tree and the hourly series; both are asked again when the live numbers say that something has moved. */
export function useLiveShape(id: () => string, numbers: Readonly<Ref<Numbers | null>>) {
  const tree = useQuery({
    key: () => ['campaign', id(), 'tree'],
    query: ({ signal }) => call<Tree>(`/campaigns/${id()}/tree`, { query: { most: 10_000 }, signal }),
  })
  const series = useQuery({
    key: () => ['campaign', id(), 'series'],
    query: async ({ signal }) => {
      const answer = await call<SeriesPoint[] | Page<SeriesPoint>>(`/campaigns/${id()}/series`, { query: { unit: 'hour' }, signal })
      return Array.isArray(answer) ? answer : answer.items
    },
  })

  let treeTimer: ReturnType<typeof setTimeout> | undefined
  let seriesTimer: ReturnType<typeof setTimeout> | undefined
  watch(
    () => numbers.value?.participants,
    (now, before) => {
      if (before === undefined || now === before) return
      treeTimer ??= setTimeout(() => {
        treeTimer = undefined
        void tree.refetch()
      }, (tree.data.value?.total ?? 0) > LARGE_TREE ? LARGE_TREE_MS : SMALL_TREE_MS)
      seriesTimer ??= setTimeout(() => {
        seriesTimer = undefined
        void series.refetch()
      }, series.data.value?.length ? SERIES_MS : SMALL_TREE_MS)
    },
  )
  onBeforeUnmount(() => {
    clearTimeout(treeTimer)
    clearTimeout(seriesTimer)
  })

  return { tree: computed(() => tree.data.value ?? null), series: computed(() => series.data.value ?? []) }
}
