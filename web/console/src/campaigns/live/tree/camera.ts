import type { Box } from './layout'

/** Maps the plane of the layout onto the canvas, in CSS pixels. */
export interface Camera {
  scale: number
  x: number
  y: number
}

const FARTHEST = 0.6
const NEAREST = 40
const MARGIN = 16

export interface Frame {
  width: number
  height: number
}

/** The scale at which everything is in sight. */
export function fitScale(frame: Frame, box: Box): number {
  return Math.min((frame.width - 2 * MARGIN) / (box.right - box.left), (frame.height - 2 * MARGIN) / (box.bottom - box.top))
}

export function fit(frame: Frame, box: Box): Camera {
  const scale = Math.max(fitScale(frame, box), 0.001)
  return { scale, x: frame.width / 2 - (scale * (box.left + box.right)) / 2, y: frame.height / 2 - (scale * (box.top + box.bottom)) / 2 }
}

/** A step of the way from one camera to another; the other itself once they are close. */
export function towards(from: Camera, to: Camera): Camera {
  const near = Math.abs(from.x - to.x) < 0.5 && Math.abs(from.y - to.y) < 0.5 && Math.abs(from.scale / to.scale - 1) < 0.003
  if (near) return to
  const mix = (a: number, b: number) => a + (b - a) * 0.14
  return { scale: mix(from.scale, to.scale), x: mix(from.x, to.x), y: mix(from.y, to.y) }
}

/** Zooms by `factor` and keeps what is under (x, y) where it is. */
export function zoomed(camera: Camera, factor: number, x: number, y: number, least: number): Camera {
  const scale = Math.min(Math.max(camera.scale * factor, least * FARTHEST), Math.max(least * NEAREST, 4))
  const real = scale / camera.scale
  return { scale, x: x - (x - camera.x) * real, y: y - (y - camera.y) * real }
}

/** Moves the camera so that a point of the plane is in sight, if it is not. */
export function revealing(camera: Camera, frame: Frame, px: number, py: number): Camera {
  const sx = px * camera.scale + camera.x
  const sy = py * camera.scale + camera.y
  const margin = 32
  const inside = sx > margin && sy > margin && sx < frame.width - margin && sy < frame.height - margin
  return inside ? camera : { scale: camera.scale, x: frame.width / 2 - px * camera.scale, y: frame.height / 2 - py * camera.scale }
}
