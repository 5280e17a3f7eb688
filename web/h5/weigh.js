// Prints what a phone downloads before the first paint, and fails the build above the promise of 100 KB of script.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const MOST_SCRIPT_KB = 100
const dist = new URL('./dist/', import.meta.url)
const html = readFileSync(new URL('index.html', dist), 'utf8')
const gzipped = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length / 1024
// Scripts and the modules they import stand in the page, so that the phone asks for all of them at once.
const named = (ending) => [...html.matchAll(new RegExp(`(?:src|href)="/h5/(assets/[^"]+\\.${ending})"`, 'g'))].map((found) => found[1])
const total = (files) => files.reduce((sum, file) => sum + gzipped(file), 0)

const scripts = named('js')
const script = total(scripts)
process.stdout.write(
  `first load, gzipped: script ${script.toFixed(1)} KB in ${scripts.length} files, ` +
    `style ${total(named('css')).toFixed(1)} KB, html ${gzipped('index.html').toFixed(1)} KB\n`,
)
if (!scripts.length) throw new Error('the page names no script')
if (script > MOST_SCRIPT_KB) throw new Error(`first load script is ${script.toFixed(1)} KB, more than ${MOST_SCRIPT_KB} KB`)
