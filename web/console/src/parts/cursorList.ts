import type { Page } from '@banyan/shared/api'
import { useInfiniteQuery } from '@pinia/colada'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { call } from '../shell/call'

export type Query = Record<string, string | number | null | undefined>

/** A list read page by page from the admin API; `more` fetches the next page. */
export function useCursorList<T>(path: MaybeRefOrGetter<string>, query: MaybeRefOrGetter<Query> = {}) {
  const list = useInfiniteQuery<Page<T>, Error, string | null>({
    key: () => ['list', toValue(path), { ...toValue(query) }],
    query: ({ pageParam, signal }) =>
      call<Page<T>>(toValue(path), { query: { ...toValue(query), cursor: pageParam as string | null }, signal }),
    initialPageParam: null,
    getNextPageParam: (last) => last.next,
  })
  const items = computed(() => list.data.value?.pages.flatMap((page) => page.items) ?? [])
  const total = computed(() => list.data.value?.pages.at(-1)?.total ?? null)
  const first = computed(() => list.data.value?.pages[0] ?? null)
  return {
    items,
    first,
    total,
    error: list.error,
    isPending: list.isPending,
    isLoading: list.isLoading,
    hasMore: list.hasNextPage,
    more: () => list.loadNextPage(),
    reload: () => list.refetch(),
  }
}
