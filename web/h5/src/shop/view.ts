import { onScopeDispose, ref, type Ref } from 'vue'

const NAMES = ['front', 'product', 'favourites', 'cart', 'checkout', 'addresses', 'orders', 'order', 'me', 'wallet', 'own', 'notice'] as const
export type ViewName = (typeof NAMES)[number]

export interface View {
  name: ViewName
  /** What stands after `=`: an id, or a category. */
  of: string
}

/** `#order=0190…` → {name: 'order', of: '0190…'}. An address nobody knows is the front. */
export function viewOf(hash: string): View {
  const [name = '', of = ''] = hash.replace(/^#/, '').split('=', 2)
  return { name: (NAMES as readonly string[]).includes(name) ? (name as ViewName) : 'front', of: decodeURIComponent(of) }
}

/** The view the address names. Views are plain fragment links, so the phone's back button does what it always does. */
export function useView(): Ref<View> {
  const view = ref(viewOf(location.hash))
  const follow = (): void => void (view.value = viewOf(location.hash))
  addEventListener('hashchange', follow)
  onScopeDispose(() => removeEventListener('hashchange', follow))
  return view
}

export function go(name: ViewName, of = ''): void {
  location.hash = of ? `${name}=${encodeURIComponent(of)}` : name
}

/** The same, without a step that the back button would return to. */
export function goInstead(name: ViewName, of: string): void {
  location.replace(`#${name}=${encodeURIComponent(of)}`)
}
