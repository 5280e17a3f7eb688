const SIDE = 640
const ROOM = 540
const LARGEST = 150
const LINES = 4
const LETTERS_A_LINE = 4

/** Words stand one to a line; Chinese is broken into even lines of a few letters. */
function linesOf(name: string): string[] {
  if (/^[\p{ASCII}\p{Script=Latin}’]*$/u.test(name)) return name.split(/\s+/).slice(0, LINES)
  const letters = [...name.replace(/\s+/g, '')]
  const count = Math.ceil(letters.length / LETTERS_A_LINE)
  const each = Math.ceil(letters.length / count)
  return Array.from({ length: count }, (_, at) => letters.slice(at * each, (at + 1) * each).join('')).slice(0, LINES)
}

/** A plain card with `name` on it, as PNG: a product that has no photograph yet still has a picture. */
export async function drawnCard(name: string): Promise<Blob> {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = SIDE
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('This browser cannot draw')
  pen.fillStyle = '#eef4ef'
  pen.fillRect(0, 0, SIDE, SIDE)
  pen.fillStyle = '#1d5b3d'
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  const lines = linesOf(name)
  const family = getComputedStyle(document.documentElement).getPropertyValue('--font') || 'sans-serif'
  const letter = (size: number): string => `600 ${size}px ${family}`
  // A canvas draws with what has been fetched; Chinese comes in parts, each when it is first asked for.
  await document.fonts.load(letter(100), name)
  pen.font = letter(100)
  const widest = Math.max(...lines.map((line) => pen.measureText(line).width), 1)
  const size = Math.min(LARGEST, Math.floor((100 * ROOM) / widest), Math.floor(ROOM / (lines.length * 1.3)))
  pen.font = letter(size)
  lines.forEach((line, at) => pen.fillText(line, SIDE / 2, SIDE / 2 + (at - (lines.length - 1) / 2) * size * 1.3))
  return new Promise((resolve, reject) => {
    canvas.toBlob((drawn) => (drawn ? resolve(drawn) : reject(new Error('This browser cannot write PNG'))), 'image/png')
  })
}
