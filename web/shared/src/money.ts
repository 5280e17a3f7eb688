import { locale } from './language.ts'
import { UNKNOWN } from './number.ts'

const digitsOf = new Map<string, number>()

/** Decimals of a currency: CNY 2, JPY 0. */
export function minorDigits(currency: string): number {
  let digits = digitsOf.get(currency)
  if (digits === undefined) {
    digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
    digitsOf.set(currency, digits)
  }
  return digits
}

/** Minor units to text: 482 CNY → ¥4.82. `whole` drops the decimals of round amounts: ¥50,000. */
export function money(minor: number | null | undefined, currency: string, whole = false): string {
  if (minor == null) return UNKNOWN
  const digits = minorDigits(currency)
  const shown = whole && minor % 10 ** digits === 0 ? 0 : digits
  return new Intl.NumberFormat(locale(), {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: shown,
    maximumFractionDigits: shown,
  }).format(minor / 10 ** digits)
}

/** What a person typed (in major units) as minor units; null when it is not an amount. Never through a float. */
export function toMinor(text: string, currency: string): number | null {
  const digits = minorDigits(currency)
  const match = /^(\d{1,12})(?:\.(\d*))?$/.exec(text.trim().replaceAll(',', ''))
  if (!match) return null
  const [, major = '0', fraction = ''] = match
  if (fraction.length > digits) return null
  return Number(major + fraction.padEnd(digits, '0'))
}

/** Minor units as a person would type them: 500 → "5", 482 → "4.82". */
export function fromMinor(minor: number, currency: string): string {
  const digits = minorDigits(currency)
  const text = String(minor).padStart(digits + 1, '0')
  const major = digits ? text.slice(0, -digits) : text
  const fraction = digits ? text.slice(-digits).replace(/0+$/, '') : ''
  return fraction ? `${major}.${fraction}` : major
}
