import { ref, watchEffect } from 'vue'

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'banyan.theme'
const system = window.matchMedia('(prefers-color-scheme: dark)')
const kept = localStorage.getItem(KEY)

export const theme = ref<Theme>(kept === 'light' || kept === 'dark' ? kept : 'system')
/** What is drawn now, after the system's wish. Charts and canvases watch it. */
export const isDark = ref(false)

function apply(): void {
  isDark.value = theme.value === 'dark' || (theme.value === 'system' && system.matches)
  document.documentElement.classList.toggle('dark', isDark.value)
}

export function setTheme(next: Theme): void {
  theme.value = next
  localStorage.setItem(KEY, next)
}

system.addEventListener('change', apply)
watchEffect(apply)
