import { ref } from 'vue'

export type Language = 'zh' | 'en'

/** A text in both languages, as the server sends it. */
export interface Twin {
  zh: string
  en: string
}

const KEY = 'banyan.language'

/** The browser's storage, or null where it is switched off: there even reading the property throws. */
function storage(): Storage | null {
  try {
    return globalThis.localStorage ?? null
  } catch {
    return null
  }
}

function remembered(): Language {
  const kept = storage()?.getItem(KEY)
  if (kept === 'zh' || kept === 'en') return kept
  const asked = globalThis.navigator?.language ?? 'zh-CN'
  return asked.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

/** The language of this page. Reading it inside a render makes the render follow it. */
export const language = ref<Language>(remembered())

/** BCP 47 tag for Intl and for `<html lang>`. */
export function locale(): string {
  return language.value === 'zh' ? 'zh-CN' : 'en'
}

/** Changes the language and remembers it on this device. */
export function setLanguage(next: Language): void {
  language.value = next
  storage()?.setItem(KEY, next)
  document.documentElement.lang = locale()
}

/** Says one of two twins. Both stand side by side in the source, so neither can be forgotten. */
export function say(zh: string, en: string): string {
  return language.value === 'zh' ? zh : en
}

/** Picks from a text the server sent in both languages; falls back to the other when one is empty. */
export function pick(text: Partial<Twin> | null | undefined): string {
  if (!text) return ''
  const [first, second] = language.value === 'zh' ? [text.zh, text.en] : [text.en, text.zh]
  return first || second || ''
}
