import type { TreeNode } from '@banyan/shared/api'
import { onBeforeUnmount, onMounted, ref, type Ref, shallowRef, watch } from 'vue'
import { isDark } from '../../../shell/theme'
import { type Camera, fit, fitScale, revealing, towards, zoomed } from './camera'
import { Growing } from './growing'
import { type Layout, layOut } from './layout'
import { paint } from './painter'
import { Quadtree } from './quadtree'

const TOUCH_REACH_PX = 14
/** A tree larger than this takes its new shape at once: gliding would cost more frames than it explains. */
const LARGEST_GLIDING = 3_000

/** Everything that happens on the tree's canvas: layout, drawing, looking around and choosing. */
export function useCanvasStage(canvas: Ref<HTMLCanvasElement | undefined>, nodes: () => readonly TreeNode[]) {
  const layout = shallowRef<Layout | null>(null)
  const chosen = ref(-1)
  const camera = shallowRef<Camera>({ scale: 1, x: 0, y: 0 })
  /** Until somebody zooms or pans, the whole tree stays in sight as it grows. */
  const free = ref(false)
  let growing: Growing | null = null
  let places = new Map<string, number>()
  let tree: Quadtree | null = null
  let frame = { width: 0, height: 0 }
  let pending = 0
  let target: Camera = camera.value
  let observer: ResizeObserver | null = null

  function inks() {
    const style = getComputedStyle(document.documentElement)
    const token = (name: string) => style.getPropertyValue(name).trim()
    return { leaf: token('--leaf'), sun: token('--sun'), ink: token('--ink'), card: token('--card') }
  }

  function draw(now: number): void {
    pending = 0
    const context = canvas.value?.getContext('2d')
    if (!context || !layout.value || !growing) return
    const moving = growing.advance(now)
    if (!free.value && camera.value !== target) camera.value = towards(camera.value, target)
    paint(context, layout.value, growing.xs, growing.ys, camera.value, frame, inks(), chosen.value, window.devicePixelRatio || 1)
    if (moving || (!free.value && camera.value !== target)) redraw()
  }
  function redraw(): void {
    if (!pending) pending = requestAnimationFrame(draw)
  }

  function rebuild(): void {
    const people = nodes()
    const next = layOut(people)
    const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    const before = growing && !calm && !document.hidden && next.size <= LARGEST_GLIDING ? { places, xs: growing.xs, ys: growing.ys } : null
    const kept = chosen.value >= 0 ? [...places].find(([, at]) => at === chosen.value)?.[0] : undefined
    growing = new Growing(people, next, before, performance.now())
    places = new Map(people.map((node, at) => [node[0], at]))
    chosen.value = kept === undefined ? -1 : (places.get(kept) ?? -1)
    tree = new Quadtree(next.xs, next.ys)
    layout.value = next
    target = fit(frame, next.box)
    if (!before) camera.value = free.value ? camera.value : target
    redraw()
  }

  function resize(): void {
    const element = canvas.value
    if (!element) return
    const box = element.getBoundingClientRect()
    const ratio = window.devicePixelRatio || 1
    frame = { width: box.width, height: box.height }
    element.width = Math.round(box.width * ratio)
    element.height = Math.round(box.height * ratio)
    if (layout.value) target = fit(frame, layout.value.box)
    if (!free.value) camera.value = target
    // Setting the size has wiped the canvas: draw in the same frame, or it blinks.
    cancelAnimationFrame(pending)
    draw(performance.now())
  }

  function zoom(factor: number, x = frame.width / 2, y = frame.height / 2): void {
    if (!layout.value) return
    free.value = true
    camera.value = zoomed(camera.value, factor, x, y, fitScale(frame, layout.value.box))
    redraw()
  }
  function pan(dx: number, dy: number): void {
    free.value = true
    camera.value = { ...camera.value, x: camera.value.x + dx, y: camera.value.y + dy }
    redraw()
  }
  function showAll(): void {
    free.value = false
    redraw()
  }
  function personAt(x: number, y: number): number {
    const { scale } = camera.value
    return tree?.nearest((x - camera.value.x) / scale, (y - camera.value.y) / scale, TOUCH_REACH_PX / scale) ?? -1
  }
  function choose(index: number, reveal = false): void {
    if (chosen.value === index) return
    chosen.value = index
    if (reveal && index >= 0 && layout.value) camera.value = revealing(camera.value, frame, layout.value.xs[index]!, layout.value.ys[index]!)
    redraw()
  }
  function positionOf(index: number): { x: number; y: number } {
    const { scale, x, y } = camera.value
    return { x: (growing?.xs[index] ?? 0) * scale + x, y: (growing?.ys[index] ?? 0) * scale + y }
  }

  onMounted(() => {
    if (!canvas.value) return
    resize()
    observer = new ResizeObserver(resize)
    observer.observe(canvas.value)
    rebuild()
  })
  onBeforeUnmount(() => {
    observer?.disconnect()
    cancelAnimationFrame(pending)
  })
  watch(nodes, rebuild)
  watch(isDark, () => requestAnimationFrame(redraw))

  return { layout, chosen, camera, free, zoom, pan, showAll, personAt, choose, positionOf }
}
