import shared from '@banyan/shared/tokens.css?raw'
import { describe, expect, it } from 'vitest'
import own from './theme.css?raw'

const AA = 4.5
const sheets = (shared + own).replace(/@media[^{]*\{[^{}]*\{[^}]*\}\s*\}/g, '')

type Tokens = Record<string, string>

function tokensOf(selectors: string[]): Tokens {
  const tokens: Tokens = {}
  for (const rule of sheets.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const selector = (rule[1] ?? '').replace(/\/\*[\s\S]*?\*\//g, '').trim()
    if (!selectors.includes(selector)) continue
    for (const [, name = '', value = ''] of (rule[2] ?? '').matchAll(/(--[\w-]+):\s*([^;]+);/g)) tokens[name] = value.trim()
  }
  return tokens
}

function colour(tokens: Tokens, name: string): string {
  const value = tokens[name] ?? ''
  const other = /^var\((--[\w-]+)\)$/.exec(value)?.[1]
  return other ? colour(tokens, other) : value
}

function luminance(hex: string): number {
  const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
  const [red = NaN, green = NaN, blue = NaN] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [light = NaN, dark = NaN] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

const PAIRS = [
  ['--on-accent', '--accent'],
  ['--accent', '--card'],
  ['--accent', '--bg'],
  ['--accent', '--raise'],
  ['--accent', '--accent-soft'],
  ['--on-hero', '--hero-from'],
  ['--on-hero', '--hero-mid'],
  ['--ink2', '--card'],
  ['--ink2', '--line'],
  ['--ink3', '--card'],
  ['--ink3', '--bg'],
  ['--ink3', '--raise'],
  ['--rose-ink', '--raise'],
  ['--rose-ink', '--rose-soft'],
  ['--sun-ink', '--card'],
  ['--sun-ink', '--sun-soft'],
] as const

describe.each(['leaf', 'sun', 'sky', 'rose'])('theme %s', (theme) => {
  const themed = theme === 'leaf' ? [] : [`[data-theme='${theme}']`]
  const schemes = {
    light: tokensOf([':root', ...themed]),
    dark: tokensOf([':root', ...themed, '.dark', ...(theme === 'leaf' ? [] : [`.dark[data-theme='${theme}']`])]),
  }
  it.each(Object.entries(schemes))('is readable in the %s scheme', (_, tokens) => {
    for (const [text, ground] of PAIRS)
      expect(contrast(colour(tokens, text), colour(tokens, ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(AA)
  })
})
