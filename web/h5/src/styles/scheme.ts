export type Scheme = 'light' | 'dark'

const prefersDark = matchMedia('(prefers-color-scheme: dark)')
let given: Scheme | null = null

function apply(): void {
  const root = document.documentElement
  root.classList.toggle('dark', given ? given === 'dark' : prefersDark.matches)
  root.classList.add('ready')
}

/** Light or dark as the phone prefers, also when it changes its mind. */
export function followScheme(): void {
  prefersDark.addEventListener('change', apply)
  apply()
}

/** The scheme of the page around the preview, whatever the machine prefers. */
export function setScheme(scheme: Scheme): void {
  given = scheme
  apply()
}
