import type { Campaign, Change, Definition, EditFound } from '@banyan/shared/api'
import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import { call } from '../../shell/call'
import { applyChanges } from '../wizard/changes'
import { changesOf } from './changes'

const JUDGE_AFTER_MS = 350

/** The definition of an edit that waits for a review. */
export function askedDefinition(campaign: Campaign): Definition | null {
  return campaign.asked_edit ? applyChanges(campaign.definition, campaign.asked_edit.changes) : null
}

/** An edit of a running campaign: nothing of it is kept before it is asked for, signed or saved. */
export function useRunningEdit(id: () => string, keep: (campaign: Campaign) => void) {
  const base = shallowRef<Campaign | null>(null)
  const definition = ref<Definition | null>(null)
  const found = shallowRef<EditFound | null>(null)
  /** What was judged last, to the letter: older findings say nothing of what stands there now. */
  const judged = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  let judging: AbortController | null = null

  const changes = computed(() => (base.value && definition.value ? changesOf(base.value.definition, definition.value) : []))
  const isCurrent = computed(() => judged.value !== '' && judged.value === JSON.stringify(definition.value))
  const isAsked = computed(() => {
    const asked = base.value && askedDefinition(base.value)
    return !!asked && !!definition.value && changesOf(asked, definition.value).length === 0
  })

  /** Begin with what waits for a review, else with what runs. */
  function load(campaign: Campaign): void {
    base.value = campaign
    definition.value = askedDefinition(campaign) ?? (JSON.parse(JSON.stringify(campaign.definition)) as Definition)
    void judge()
  }
  async function judge(): Promise<void> {
    clearTimeout(timer)
    judging?.abort()
    const mine = new AbortController()
    judging = mine
    const text = JSON.stringify(definition.value)
    try {
      found.value = await call<EditFound>(`/campaigns/${id()}/edit-judgements`, { method: 'POST', body: { definition: definition.value }, signal: mine.signal })
      judged.value = text
    } catch {
      // Judged again at the next keystroke and, without fail, when it is saved.
    }
  }
  watch(definition, () => {
    clearTimeout(timer)
    if (definition.value && !isCurrent.value) timer = setTimeout(() => void judge(), JUDGE_AFTER_MS)
  }, { deep: true })

  function take(campaign: Campaign): void {
    base.value = campaign
    keep(campaign)
  }
  const said = () => ({ definition: definition.value, version: base.value?.version })

  async function ask(): Promise<void> {
    take(await call<Campaign>(`/campaigns/${id()}/asked-edit`, { method: 'POST', body: said() }))
  }
  /** Who signs for what the others have not seen yet shows it to them first. */
  async function sign(word: { reason: string; days: number; is_alone: boolean }): Promise<void> {
    if (!isAsked.value) await ask()
    take(await call<Campaign>(`/campaigns/${id()}/signatures`, { method: 'POST', body: { ...word, definition: definition.value } }))
    await judge()
  }
  async function save(): Promise<void> {
    const campaign = await call<Campaign>(`/campaigns/${id()}/definition`, { method: 'PUT', body: said() })
    take(campaign)
    load(campaign)
  }
  async function withdraw(): Promise<void> {
    const campaign = await call<Campaign>(`/campaigns/${id()}/asked-edit`, { method: 'DELETE' })
    take(campaign)
    load(campaign)
  }
  function apply(wanted: readonly Change[]): void {
    if (definition.value) definition.value = applyChanges(definition.value, wanted)
  }

  const onLeave = (event: BeforeUnloadEvent) => {
    if (changes.value.length && !isAsked.value) event.preventDefault()
  }
  window.addEventListener('beforeunload', onLeave)
  onBeforeUnmount(() => {
    clearTimeout(timer)
    window.removeEventListener('beforeunload', onLeave)
  })
  const problems = computed(() => new Map((found.value?.problems ?? []).map((problem) => [problem.path.replace(/\[(\d+)\]/g, '.$1'), problem])))

  return { base, definition, found, changes, problems, isCurrent, isAsked, load, judge, ask, sign, save, withdraw, apply }
}
