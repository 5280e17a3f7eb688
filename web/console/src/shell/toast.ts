import { Problem } from '@banyan/shared/problem'
import { say } from '@banyan/shared/language'
import { reactive } from 'vue'

export interface Toast {
  id: number
  text: string
  tone: 'plain' | 'loss'
  action: { label: string; run: () => void | Promise<void> } | null
}

export const toasts = reactive<Toast[]>([])
let last = 0

export function dismiss(id: number): void {
  const at = toasts.findIndex((toast) => toast.id === id)
  if (at >= 0) toasts.splice(at, 1)
}

/** Says something in passing. With an action it stays 8 s, else 4 s. */
export function tell(text: string, action: Toast['action'] = null, tone: Toast['tone'] = 'plain'): void {
  const id = ++last
  toasts.push({ id, text, tone, action })
  if (toasts.length > 3) toasts.shift()
  setTimeout(() => dismiss(id), action ? 8000 : tone === 'loss' ? 6000 : 4000)
}

/** Says why something did not happen, in the server's words. */
export function tellProblem(error: unknown): void {
  tell(error instanceof Problem ? error.message : say('出了点问题，请再试一次。', 'Something went wrong. Please try again.'), null, 'loss')
}
