import type { Camera, Frame } from './camera'
import type { Layout } from './layout'

export interface Inks {
  leaf: string
  sun: string
  ink: string
  card: string
}

const DEEPEST_DRAWN = 9

/** The finest line and dot that still read: finer where many stand close together. */
const FINEST = { few: { line: 0.75, dot: 1.5, alpha: 0.4 }, many: { line: 0.3, dot: 0.7, alpha: 0.22 } }
const MANY = 3_000

function thickness(generation: number, scale: number, least: number): number {
  return Math.max(least, 2.6 * 0.74 ** generation * Math.min(1.6, Math.max(0.5, scale)))
}

function dotSize(generation: number, scale: number, least: number): number {
  const grown = Math.min(1.5, Math.max(0.2, scale ** 0.75))
  return Math.max(generation === 0 ? 2.4 : 1.9 * 0.82 ** generation, (generation === 0 ? 6 : 5.4 * 0.84 ** generation) * grown, least)
}

/**
 * Draws the tree: seeds in sun, branches in leaf, thinner with each generation. One path per generation, so that
 * ten thousand people cost about ten strokes and ten fills. `xs`/`ys` are where people stand at this instant.
 */
export function paint(
  context: CanvasRenderingContext2D, layout: Layout, xs: Float32Array, ys: Float32Array,
  camera: Camera, frame: Frame, inks: Inks, chosen: number, ratio: number,
): void {
  const { parents, generations, angles, size } = layout
  const { scale } = camera
  const finest = size < MANY ? FINEST.few : FINEST.many
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, frame.width, frame.height)
  context.lineCap = 'round'

  const edges: Path2D[] = []
  const dots: Path2D[] = []
  const left = -20
  const right = frame.width + 20
  const bottom = frame.height + 20
  for (let i = 0; i < size; i++) {
    const x = xs[i]! * scale + camera.x
    const y = ys[i]! * scale + camera.y
    const g = Math.min(generations[i]!, DEEPEST_DRAWN)
    const parent = parents[i]!
    if (parent >= 0) {
      const px = xs[parent]! * scale + camera.x
      const py = ys[parent]! * scale + camera.y
      const outside = (x < left && px < left) || (x > right && px > right) || (y < left && py < left) || (y > bottom && py > bottom)
      if (!outside) {
        const path = (edges[g] ??= new Path2D())
        const bend = Math.hypot(x - px, y - py) * 0.42
        const angle = generations[parent] === 0 && parents[parent]! < 0 ? angles[i]! : angles[parent]!
        path.moveTo(px, py)
        path.quadraticCurveTo(px + Math.cos(angle) * bend, py + Math.sin(angle) * bend, x, y)
      }
    }
    if (x < left || x > right || y < left || y > bottom) continue
    const path = (dots[g] ??= new Path2D())
    const radius = dotSize(g, scale, finest.dot)
    path.moveTo(x + radius, y)
    path.arc(x, y, radius, 0, 2 * Math.PI)
  }

  context.strokeStyle = inks.leaf
  for (let g = edges.length - 1; g >= 0; g--) {
    const path = edges[g]
    if (!path) continue
    context.globalAlpha = Math.max(finest.alpha, 0.66 - g * 0.06)
    context.lineWidth = thickness(g, scale, finest.line)
    context.stroke(path)
  }
  for (let g = dots.length - 1; g >= 0; g--) {
    const path = dots[g]
    if (!path) continue
    context.globalAlpha = g === 0 ? 1 : Math.max(finest.alpha + 0.2, 1.04 - g * 0.08)
    context.fillStyle = g === 0 ? inks.sun : inks.leaf
    context.fill(path)
  }
  context.globalAlpha = 1
  if (chosen >= 0 && chosen < size) paintChosen(context, layout, xs, ys, camera, inks, chosen)
}

/** The chosen person, and the way from the seed to them. */
function paintChosen(
  context: CanvasRenderingContext2D, layout: Layout, xs: Float32Array, ys: Float32Array, camera: Camera, inks: Inks, chosen: number,
): void {
  context.strokeStyle = inks.sun
  context.lineWidth = 2
  context.beginPath()
  for (let i = chosen; layout.parents[i]! >= 0; i = layout.parents[i]!) {
    const parent = layout.parents[i]!
    context.moveTo(xs[i]! * camera.scale + camera.x, ys[i]! * camera.scale + camera.y)
    context.lineTo(xs[parent]! * camera.scale + camera.x, ys[parent]! * camera.scale + camera.y)
  }
  context.stroke()
  context.beginPath()
  context.arc(xs[chosen]! * camera.scale + camera.x, ys[chosen]! * camera.scale + camera.y, dotSize(layout.generations[chosen]!, camera.scale, FINEST.many.dot) + 3, 0, 2 * Math.PI)
  context.fillStyle = inks.card
  context.strokeStyle = inks.ink
  context.fill()
  context.stroke()
}
