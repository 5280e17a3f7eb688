import '@banyan/shared/fonts.css'
import '@banyan/shared/tokens.css'
import 'element-plus/theme-chalk/base.css'
import './styles/components.css'
import './styles/element.css'
import './styles/base.css'
import './styles/table.css'
import { locale } from '@banyan/shared/language'
import { PiniaColada } from '@pinia/colada'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { router } from './shell/router'

document.documentElement.lang = locale()

createApp(App)
  .use(createPinia())
  .use(PiniaColada, { queryOptions: { staleTime: 15_000, gcTime: 300_000 } })
  .use(router)
  .mount('#app')
