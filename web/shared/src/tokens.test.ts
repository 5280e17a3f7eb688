import { describe, expect, it } from 'vitest'
import css from './tokens.css?raw'

function tokens(selector: string): Map<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split('}')[0]!
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [match[1]!, match[2]!]))
}
function light(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}
function contrast(a: string, b: string): number {
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x)
  return (high! + 0.05) / (low! + 0.05)
}

const PAIRS = [
  ...['ink', 'ink2', 'ink3', 'leaf', 'sun-ink', 'rose-ink'].flatMap((text) => ['bg', 'card'].map((ground) => [text, ground])),
  ['leaf', 'leaf-soft'], ['sun-ink', 'sun-soft'], ['rose-ink', 'rose-soft'], ['on-leaf', 'leaf'], ['on-leaf', 'leaf-deep'],
  ['ink2', 'leaf-soft'], ['ink2', 'sun-soft'], ['ink2', 'rose-soft'],
] as [string, string][]

describe.each([':root', '.dark'])('contrast of %s', (selector) => {
  const known = tokens(selector)

  it.each(PAIRS)('%s on %s is at least AA', (text, ground) => {
    expect(contrast(known.get(text)!, known.get(ground)!)).toBeGreaterThanOrEqual(4.5)
  })
})
