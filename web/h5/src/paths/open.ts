import { createApp } from 'vue'
import Entry from './Entry.vue'
import { pathIn } from './state'

/** Opens a pathway's page: the rule, and the visitor's own way on. */
export function openPath(): void {
  document.documentElement.dataset.theme = 'leaf'
  createApp(Entry, { given: pathIn(document.getElementById('state')?.textContent ?? '') }).mount('#app')
}
