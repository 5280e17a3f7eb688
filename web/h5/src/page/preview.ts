import { language, type Language } from '@banyan/shared/language'
import { keepSilent } from '../telemetry'
import { page, show } from './page'
import type { PageState } from './state'

interface PreviewMessage {
  type: 'banyan:preview'
  state: PageState
  language?: Language
}

export function isPreview(): boolean {
  return location.pathname.replace(/\/$/, '').endsWith('/preview')
}

/** Shows whatever state the page around it sends, as often as it sends one. */
export function listenForPreview(): void {
  page.preview = true
  keepSilent()
  addEventListener('message', (event: MessageEvent<PreviewMessage | undefined>) => {
    if (event.origin !== location.origin || event.data?.type !== 'banyan:preview') return
    // Only this frame's language: what the member chose for the console stays as it is.
    if (event.data.language) language.value = event.data.language
    page.facingOwn = !!event.data.state.my_quest
    show(event.data.state)
  })
  if (parent !== window) parent.postMessage({ type: 'banyan:preview-ready' }, location.origin)
}
