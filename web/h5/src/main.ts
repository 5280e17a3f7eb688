import { createApp, watch } from 'vue'
import { locale } from '@banyan/shared/language'
import '@banyan/shared/tokens.css'
import './styles/theme.css'
import './styles/page.css'
import './styles/blocks.css'
import './styles/controls.css'
import './styles/mine.css'
import App from './App.vue'
import { page, show, stateInPage } from './page/page'
import { isPreview, listenForPreview } from './page/preview'
import { bringChineseFont } from './styles/fonts'
import { followScheme } from './styles/scheme'
import { tell } from './telemetry'

followScheme()
document.documentElement.lang = locale()

// A shop is a page of its own, and so is an entry of several campaigns: each part is fetched only there.
const isPath = location.pathname.startsWith('/h5/p/')
const isShop = /^\/h5\/(shop|sandbox)\//.test(location.pathname)

if (isPath) {
  void import('./paths/open').then(({ openPath }) => openPath())
} else if (isShop) {
  void import('./shop/open').then(({ openShop }) => openShop())
} else if (isPreview()) {
  listenForPreview()
} else {
  // The server writes the state into the page; without one (a development server) App asks for it.
  const state = stateInPage()
  if (state) show(state)
  watch(() => page.state.link?.code, (code) => tell(code, 'view'), { immediate: true })
}

if (!isShop && !isPath) createApp(App).mount('#app')
bringChineseFont()
