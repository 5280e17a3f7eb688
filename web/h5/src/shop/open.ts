import { createApp } from 'vue'
import './styles/shop.css'
import './styles/browse.css'
import './styles/buying.css'
import './styles/orders.css'
import { rememberLink } from './buying/checkout'
import SandboxPay from './buying/SandboxPay.vue'
import Shop from './Shop.vue'
import { stateIn } from './shop'

/** Opens a shop's page, or the page of the provider that only sandboxes have. */
export function openShop(): void {
  const found = stateIn(document.getElementById('state')?.textContent ?? '')
  document.documentElement.dataset.theme = 'leaf'
  rememberLink()
  const isCashier = location.pathname.startsWith('/h5/sandbox/')
  const [page, given] = isCashier ? [SandboxPay, { payment: found.sandbox_payment ?? null }] : [Shop, { given: found.shop ?? null }]
  createApp(page, given).mount('#app')
}
