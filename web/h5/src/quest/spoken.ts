// What the page shows is what is read: headline, where things stand, and the next step, in this order.
const HEADLINE = '.hero-title'
const STANDING = ['.standing h2', '.standing p', '.outcome h2', '.outcome > p', '.ring']
const NEXT_STEP = '.big'

/** The words to read aloud for the page as it stands now, each sentence once. */
export function spokenWords(root: ParentNode): string {
  const found = [HEADLINE, ...STANDING, NEXT_STEP].map((selector) => root.querySelector(selector))
  const said = found.map((part) => (part?.getAttribute('aria-label') ?? part?.textContent ?? '').replace(/\s+/g, ' ').trim())
  return [...new Set(said.filter(Boolean))].map((words) => (/[。！？.!?]$/.test(words) ? words : `${words}。`)).join(' ')
}
