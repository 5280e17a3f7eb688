// Prints what a phone downloads before the first paint, and fails the build above the promise of 100 KB of script.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const MOST_SCRIPT_KB = 100
const dist = new URL('./dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'))
const gzipped = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length / 1024

const scripts = new Set()
const styles = new Set()
const follow = (key) => {
  const chunk = manifest[key]
  if (scripts.has(chunk.file)) return
  scripts.add(chunk.file)
  for (const style of chunk.css ?? []) styles.add(style)
  for (const next of chunk.imports ?? []) follow(next)
}
follow('index.html')

const total = (files) => [...files].reduce((sum, file) => sum + gzipped(file), 0)
const script = total(scripts)
process.stdout.write(
  `first load, gzipped: script ${script.toFixed(1)} KB, style ${total(styles).toFixed(1)} KB, html ${gzipped('index.html').toFixed(1)} KB\n`,
)
if (script > MOST_SCRIPT_KB) throw new Error(`first load script is ${script.toFixed(1)} KB, more than ${MOST_SCRIPT_KB} KB`)
