import type { Campaign, Change, Definition, Judgement } from '@banyan/shared/api'
import { say } from '@banyan/shared/language'
import { Problem } from '@banyan/shared/problem'
import { computed, nextTick, onBeforeUnmount, reactive, ref, shallowRef, watch } from 'vue'
import { call } from '../../shell/call'
import { together, type Meanwhile } from '../edit/together'
import { applyChanges } from './changes'

const SAVE_AFTER_MS = 900
const JUDGE_AFTER_MS = 350

export type Saving = 'saved' | 'dirty' | 'saving' | 'failed' | 'conflict'

/** A draft under the pen: kept on the server by itself, and judged while it is written. */
export function useDraft(id: () => string, keep: (campaign: Campaign) => void) {
  const definition = ref<Definition | null>(null)
  const judgement = shallowRef<Judgement | null>(null)
  const saving = ref<Saving>('saved')
  const saveProblem = ref('')
  /** Fields a person has touched, by path: the wizard says how many. */
  const touched = reactive(new Set<string>())
  /** What a colleague changed in the same draft. */
  const meanwhile = shallowRef<Meanwhile | null>(null)
  let version = 0
  /** What the server keeps, by what this page knows. */
  let kept: Definition | null = null
  let saveTimer: ReturnType<typeof setTimeout> | undefined
  let judgeTimer: ReturnType<typeof setTimeout> | undefined
  let judging: AbortController | null = null
  let inFlight: Promise<void> | null = null
  let quiet = false

  function load(campaign: Campaign): void {
    quiet = true
    version = campaign.version
    kept = campaign.definition
    definition.value = JSON.parse(JSON.stringify(campaign.definition)) as Definition
    judgement.value = { verdict: campaign.verdict, worst_case: campaign.worst_case, rules: campaign.rules, problems: campaign.problems ?? [] }
    saving.value = 'saved'
    void judge()
    void nextTick(() => { quiet = false })
  }

  /** Takes what a colleague saved; what was typed here stays on top and is saved with it. */
  function catchUp(campaign: Campaign): void {
    if (!kept || !definition.value) return
    const made = together(kept, definition.value, campaign.definition)
    version = campaign.version
    kept = campaign.definition
    meanwhile.value = made.meanwhile
    saving.value = 'dirty'
    definition.value = made.definition
  }

  async function judge(): Promise<void> {
    judging?.abort()
    const mine = new AbortController()
    judging = mine
    try {
      judgement.value = await call<Judgement>('/judgements', { method: 'POST', body: { definition: definition.value }, signal: mine.signal })
    } catch {
      // Judged again at the next keystroke and, without fail, at publication.
    }
  }

  async function put(): Promise<void> {
    saving.value = 'saving'
    try {
      const campaign = await call<Campaign>(`/campaigns/${id()}/definition`, { method: 'PUT', body: { definition: definition.value, version } })
      version = campaign.version
      kept = campaign.definition
      saveProblem.value = ''
      keep(campaign)
      if (saving.value === 'saving') saving.value = 'saved'
    } catch (error) {
      saving.value = error instanceof Problem && error.code === 'version_conflict' ? 'conflict' : 'failed'
      saveProblem.value = error instanceof Problem ? error.message : say('没有保存上。', 'Not saved.')
    }
  }

  /** Saves what is unsaved; two saves never run at once. True when everything is on the server. */
  async function save(): Promise<boolean> {
    clearTimeout(saveTimer)
    while (inFlight) await inFlight
    if (saving.value !== 'saved' && saving.value !== 'conflict') {
      inFlight = put().finally(() => { inFlight = null })
      await inFlight
    }
    return saving.value === 'saved'
  }

  watch(definition, () => {
    if (quiet || !definition.value) return
    if (saving.value !== 'conflict') saving.value = 'dirty'
    clearTimeout(saveTimer)
    clearTimeout(judgeTimer)
    saveTimer = setTimeout(() => void save(), SAVE_AFTER_MS)
    judgeTimer = setTimeout(() => void judge(), JUDGE_AFTER_MS)
  }, { deep: true })

  const onLeave = (event: BeforeUnloadEvent) => {
    if (saving.value !== 'saved') event.preventDefault()
  }
  window.addEventListener('beforeunload', onLeave)
  onBeforeUnmount(() => {
    clearTimeout(saveTimer)
    clearTimeout(judgeTimer)
    window.removeEventListener('beforeunload', onLeave)
    if (saving.value === 'dirty') void save()
  })

  /** By the path as the fields know it: the server writes the places of lists in brackets. */
  const problems = computed(() => new Map((judgement.value?.problems ?? []).map((problem) => [problem.path.replace(/\[(\d+)\]/g, '.$1'), problem])))
  function apply(changes: readonly Change[]): void {
    if (definition.value) definition.value = applyChanges(definition.value, changes)
  }

  return { definition, judgement, problems, saving, saveProblem, touched, meanwhile, load, catchUp, save, apply, judge, stopAutosave: () => clearTimeout(saveTimer) }
}
