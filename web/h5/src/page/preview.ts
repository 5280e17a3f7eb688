import { language, type Language } from '@banyan/shared/language'
import { setScheme, type Scheme } from '../styles/scheme'
import { keepSilent } from '../telemetry'
import { page, show } from './page'
import type { PageState } from './state'

interface PreviewMessage {
  type: 'banyan:preview'
  state: PageState
  language?: Language
  theme?: Scheme
}

export function isPreview(): boolean {
  return location.pathname.replace(/\/$/, '').endsWith('/preview')
}

/** Shows whatever state the page around it sends, as often as it sends one. */
export function listenForPreview(): void {
  page.preview = true
  document.documentElement.classList.add('preview')
  keepSilent()
  addEventListener('message', (event: MessageEvent<PreviewMessage | undefined>) => {
    if (event.origin !== location.origin || event.data?.type !== 'banyan:preview') return
    // Only this frame's language: what the member chose for the console stays as it is.
    if (event.data.language) language.value = event.data.language
    if (event.data.theme) setScheme(event.data.theme)
    page.facingOwn = !!event.data.state.my_quest
    show(event.data.state)
  })
  if (parent !== window) parent.postMessage({ type: 'banyan:preview-ready' }, location.origin)
}
