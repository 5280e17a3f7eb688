import type { PaymentAction, PaymentMethod, PaymentProvider } from '@banyan/shared/buying'

declare global {
  interface Window {
    WeixinJSBridge?: { invoke: (name: string, parameters: Record<string, string>, answered: (answer: { err_msg: string }) => void) => void }
  }
}

/** The way of paying at a provider that fits this browser. */
export function methodFor(provider: PaymentProvider, agent = navigator.userAgent): PaymentMethod {
  const isPhone = /Mobile|Android|iPhone|HarmonyOS/i.test(agent)
  if (provider === 'sandbox') return 'page'
  if (provider === 'wechat_pay') return /MicroMessenger/i.test(agent) ? 'jsapi' : isPhone ? 'h5' : 'native'
  return isPhone ? 'h5' : 'page'
}

/** What the page must still show after an action was begun: a code to scan, that WeChat is needed, or only to wait. */
export type Shown = { kind: 'waiting' } | { kind: 'scan'; url: string } | { kind: 'no_bridge' } | { kind: 'paid' }

/** Does what the provider asked for. That a payment was made is told by the order alone, never by this. */
export async function carryOut(action: PaymentAction): Promise<Shown> {
  if (action.action === 'none') return { kind: 'paid' }
  if (action.action === 'qr') return { kind: 'scan', url: action.url ?? '' }
  if (action.action === 'redirect') {
    if (action.url && isSafe(action.url)) location.assign(action.url)
    return { kind: 'waiting' }
  }
  const bridge = window.WeixinJSBridge
  if (!bridge) return { kind: 'no_bridge' }
  await new Promise<void>((resolve) => bridge.invoke('getBrandWCPayRequest', action.parameters, () => resolve()))
  return { kind: 'waiting' }
}

/** Own pages and secure ones of a provider; never a script. */
export function isSafe(url: string): boolean {
  const to = new URL(url, location.href)
  return to.origin === location.origin || to.protocol === 'https:'
}
