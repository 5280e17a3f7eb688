import { describe, expect, it } from 'vitest'
import { fit, revealing, towards, zoomed } from './camera'

const frame = { width: 400, height: 300 }
const box = { left: -100, right: 300, top: -50, bottom: 150 }

describe('camera', () => {
  it('fits everything into the frame', () => {
    const camera = fit(frame, box)
    expect(box.left * camera.scale + camera.x).toBeGreaterThanOrEqual(0)
    expect(box.right * camera.scale + camera.x).toBeLessThanOrEqual(frame.width)
    expect(box.top * camera.scale + camera.y).toBeGreaterThanOrEqual(0)
    expect(box.bottom * camera.scale + camera.y).toBeLessThanOrEqual(frame.height)
  })

  it('zooms around the pointer', () => {
    const before = { scale: 1, x: 10, y: 20 }
    const after = zoomed(before, 2, 110, 70, 0.5)
    expect((110 - after.x) / after.scale).toBeCloseTo((110 - before.x) / before.scale)
    expect((70 - after.y) / after.scale).toBeCloseTo((70 - before.y) / before.scale)
  })

  it('arrives where it is going', () => {
    const goal = { scale: 2, x: 50, y: 60 }
    let camera = { scale: 1, x: 0, y: 0 }
    for (let step = 0; step < 200 && camera !== goal; step++) camera = towards(camera, goal)
    expect(camera).toBe(goal)
  })

  it('moves only when somebody is out of sight', () => {
    const camera = { scale: 1, x: 200, y: 150 }
    expect(revealing(camera, frame, 0, 0)).toBe(camera)
    const moved = revealing(camera, frame, 900, 0)
    expect(900 * moved.scale + moved.x).toBeCloseTo(200)
  })
})
