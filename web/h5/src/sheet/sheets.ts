import { ref } from 'vue'

/** What the person wanted when they were asked to sign in; done once they are known. */
export type Intent = 'start' | 'support' | 'mine' | 'buy' | 'play'
export type SheetName = 'sign_in' | 'share' | 'qr'

/** At most one sheet, and only ever after a tap. */
export const openSheet = ref<SheetName | null>(null)
export const intent = ref<Intent>('start')

export function askToSignIn(wanted: Intent): void {
  intent.value = wanted
  openSheet.value = 'sign_in'
}
