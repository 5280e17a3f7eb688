import { describe, expect, it } from 'vitest'
import { applyChanges } from './changes'

describe('applyChanges', () => {
  const definition = { surfaces: ['own_web', 'wechat_h5'], offers: [{ key: 'a', value_minor: 9 }], play: { settings: { cap: 3 } } }

  it('puts each value at its path and leaves the original alone', () => {
    const changed = applyChanges(definition, [
      { path: 'surfaces', value: ['own_web'] },
      { path: 'offers.0.value_minor', value: 5 },
      { path: 'play.settings.cap', value: 1 },
    ])
    expect(changed).toEqual({ surfaces: ['own_web'], offers: [{ key: 'a', value_minor: 5 }], play: { settings: { cap: 1 } } })
    expect(definition.surfaces).toHaveLength(2)
  })

  it('ignores a path that leads nowhere', () => {
    expect(applyChanges(definition, [{ path: 'absent.deep.thing', value: 1 }])).toEqual(definition)
  })
})
