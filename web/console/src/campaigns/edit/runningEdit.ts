import type { Campaign, Change, Definition, EditFound } from '@banyan/shared/api'
import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import { call } from '../../shell/call'
import { applyChanges } from '../wizard/changes'
import { changesOf } from './changes'
import { together, type Meanwhile } from './together'
import { dropUnsaved, keepUnsaved, unsavedOf } from './unsaved'

const JUDGE_AFTER_MS = 350

const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** The definition of an edit that waits for a review. */
export function askedDefinition(campaign: Campaign): Definition | null {
  return campaign.asked_edit ? applyChanges(campaign.definition, campaign.asked_edit.changes) : null
}
const newestOf = (campaign: Campaign) => askedDefinition(campaign) ?? copyOf(campaign.definition)

/** An edit of a running campaign: kept in this browser only, before it is asked for, signed or saved. */
export function useRunningEdit(id: () => string, member: () => string, keep: (campaign: Campaign) => void) {
  const base = shallowRef<Campaign | null>(null)
  /** What waits for a review, else what runs: what else stands in the form is typed and unsaved. */
  const begun = shallowRef<Definition | null>(null)
  const definition = ref<Definition | null>(null)
  const found = shallowRef<EditFound | null>(null)
  /** When what was restored had been typed. */
  const restored = ref<string | null>(null)
  const meanwhile = shallowRef<Meanwhile | null>(null)
  /** What was judged last, to the letter: older findings say nothing of what stands there now. */
  const judged = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  let judging: AbortController | null = null
  let isKept = true

  const changes = computed(() => (base.value && definition.value ? changesOf(base.value.definition, definition.value) : []))
  const isCurrent = computed(() => judged.value !== '' && judged.value === JSON.stringify(definition.value))
  const isUnsaved = computed(() => !!begun.value && !!definition.value && changesOf(begun.value, definition.value).length > 0)
  const isAsked = computed(() => !!base.value?.asked_edit && !isUnsaved.value)

  /** Begin with what waits for a review, else with what runs, and put on top what was typed before. */
  function load(campaign: Campaign): void {
    const kept = unsavedOf(member(), id())
    base.value = campaign
    begun.value = newestOf(campaign)
    definition.value = copyOf(begun.value)
    meanwhile.value = restored.value = null
    if (kept) {
      putOnTop(kept.base, kept.mine, kept.version !== campaign.version)
      restored.value = isUnsaved.value ? kept.at : null
    }
    void judge()
  }
  /** Takes what somebody else saved or asked for meanwhile; what was typed, or waited for a review, stays on top. */
  function catchUp(campaign: Campaign): void {
    const [before, mine] = [base.value, definition.value]
    if (!before || !mine || !begun.value) return
    const isSaved = before.version !== campaign.version
    if (!isSaved && before.asked_edit?.at === campaign.asked_edit?.at) return
    // What a colleague asked for and took back is not this member's to keep.
    const from = isSaved || before.asked_edit?.is_mine ? before.definition : begun.value
    base.value = campaign
    begun.value = newestOf(campaign)
    putOnTop(from, mine, true)
    void judge()
  }
  function putOnTop(from: Definition, mine: Definition, isChanged: boolean): void {
    if (!begun.value) return
    const made = together(from, mine, begun.value)
    definition.value = made.definition
    meanwhile.value = isChanged && isUnsaved.value && made.meanwhile.changes.length ? made.meanwhile : null
  }
  /** Lets go of what was typed; returns how to have it back. */
  function discard(): () => void {
    const typed = copyOf(definition.value)
    definition.value = copyOf(begun.value)
    meanwhile.value = restored.value = null
    return () => { definition.value = typed }
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
  watch([begun, definition], () => {
    if (!base.value || !begun.value || !definition.value) return
    if (isUnsaved.value) isKept = keepUnsaved(member(), id(), { version: base.value.version, base: begun.value, mine: definition.value, at: new Date().toISOString() })
    else {
      dropUnsaved(member(), id())
      restored.value = null
    }
  }, { deep: true, flush: 'sync' })

  function take(campaign: Campaign): void {
    base.value = campaign
    begun.value = newestOf(campaign)
    keep(campaign)
  }
  const said = () => ({ definition: definition.value, version: base.value?.version, asked_at: base.value?.asked_edit?.at ?? null })

  async function ask(): Promise<void> {
    take(await call<Campaign>(`/campaigns/${id()}/asked-edit`, { method: 'POST', body: said() }))
    meanwhile.value = null
  }
  /** Who signs for what the others have not seen yet shows it to them first. */
  async function sign(word: { reason: string; days: number; is_alone: boolean }): Promise<void> {
    if (!isAsked.value) await ask()
    take(await call<Campaign>(`/campaigns/${id()}/signatures`, { method: 'POST', body: { ...word, definition: definition.value } }))
    await judge()
  }
  async function save(): Promise<void> {
    const campaign = await call<Campaign>(`/campaigns/${id()}/definition`, { method: 'PUT', body: said() })
    dropUnsaved(member(), id())
    take(campaign)
    load(campaign)
  }
  /** Lets what waits for a review go; returns how to have it back in the form. */
  async function withdraw(): Promise<() => void> {
    const campaign = await call<Campaign>(`/campaigns/${id()}/asked-edit`, { method: 'DELETE' })
    const typed = copyOf(definition.value)
    base.value = campaign
    keep(campaign)
    const before = begun.value
    begun.value = newestOf(campaign)
    if (before && typed) putOnTop(before, typed, false)
    await judge()
    return () => { definition.value = typed }
  }
  function apply(wanted: readonly Change[]): void {
    if (definition.value) definition.value = applyChanges(definition.value, wanted)
  }

  const onLeave = (event: BeforeUnloadEvent) => {
    if (isUnsaved.value && !isKept) event.preventDefault()
  }
  window.addEventListener('beforeunload', onLeave)
  onBeforeUnmount(() => {
    clearTimeout(timer)
    window.removeEventListener('beforeunload', onLeave)
  })
  const problems = computed(() => new Map((found.value?.problems ?? []).map((problem) => [problem.path.replace(/\[(\d+)\]/g, '.$1'), problem])))

  return { base, definition, found, changes, problems, isCurrent, isAsked, isUnsaved, restored, meanwhile, load, catchUp, discard, judge, ask, sign, save, withdraw, apply }
}
