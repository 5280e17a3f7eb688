/** Maps the plane of the layout onto the canvas, in CSS pixels. */
export interface Camera {
  scale: number
  x: number
  y: number
}

const FARTHEST = 0.6
const NEAREST = 40

export interface Frame {
  width: number
  height: number
}

/** The scale at which everything is in sight. */
export function fitScale(frame: Frame, reach: number): number {
  return (Math.min(frame.width, frame.height) / 2 - 14) / Math.max(1, reach)
}

export function fit(frame: Frame, reach: number): Camera {
  return { scale: fitScale(frame, reach), x: frame.width / 2, y: frame.height / 2 }
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
