const SIDE = 640
const LETTERS_A_LINE = 8

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
  pen.font = '600 56px "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif'
  const letters = [...name]
  const lines = Array.from({ length: Math.ceil(letters.length / LETTERS_A_LINE) }, (_, at) => letters.slice(at * LETTERS_A_LINE, (at + 1) * LETTERS_A_LINE).join('')).slice(0, 5)
  lines.forEach((line, at) => pen.fillText(line, SIDE / 2, SIDE / 2 + (at - (lines.length - 1) / 2) * 76, SIDE - 60))
  return new Promise((resolve, reject) => {
    canvas.toBlob((drawn) => (drawn ? resolve(drawn) : reject(new Error('This browser cannot write PNG'))), 'image/png')
  })
}
