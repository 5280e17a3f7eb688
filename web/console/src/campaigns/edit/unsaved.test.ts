import type { Definition } from '@banyan/shared/api'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { dropOld, dropOver, keepUnsaved, unsavedOf } from './unsaved'

const definition = { name: '请朋友喝拿铁', play: { key: 'referral' } } as unknown as Definition
const DAY = 86_400_000
const NOW = Date.parse('2026-11-22T08:00:00Z')
const keep = (member: string, campaign: string, daysAgo = 0) =>
  keepUnsaved(member, campaign, { version: 1, base: definition, mine: definition, at: new Date(NOW - daysAgo * DAY).toISOString() })
const kept = () => Object.keys(localStorage).sort()

/** The server's answer by campaign: a state, or the status of a refusal. */
function server(answers: Record<string, string | number>): string[] {
  const asked: string[] = []
  vi.stubGlobal('fetch', (address: string) => {
    const id = address.slice(address.lastIndexOf('/') + 1)
    asked.push(id)
    const answer = answers[id]
    if (answer === undefined) return Promise.reject(new TypeError('away'))
    const said = typeof answer === 'number' ? { status: answer, code: 'no', title: 'no' } : { id, state: answer }
    return Promise.resolve(new Response(JSON.stringify(said), { status: typeof answer === 'number' ? answer : 200, headers: { 'content-type': 'application/json' } }))
  })
  return asked
}

describe('what was typed and not saved', () => {
  beforeEach(() => {
    localStorage.clear()
    vi.useFakeTimers({ now: NOW, toFake: ['Date'] })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('is let go after 30 days, whoever typed it, and so is what cannot be read', () => {
    keep('lin', 'young', 29)
    keep('lin', 'old', 30)
    keep('zhou', 'older', 400)
    localStorage.setItem('banyan.edit.lin.broken', '{')
    localStorage.setItem('banyan.edit.lin.undated', JSON.stringify({ version: 1, base: definition, mine: definition }))
    localStorage.setItem('banyan.theme', 'dark')
    dropOld(NOW)
    expect(kept()).toEqual(['banyan.edit.lin.young', 'banyan.theme'])
  })

  it('is not put back when it is too old, in a page that stood open for weeks', () => {
    keep('lin', 'c', 31)
    expect(unsavedOf('lin', 'c')).toBeNull()
    keep('lin', 'c', 3)
    expect(unsavedOf('lin', 'c')?.version).toBe(1)
  })

  it('is let go when its campaign is over or gone, and kept when nobody knows', async () => {
    for (const campaign of ['runs', 'paused', 'ended', 'settled', 'gone', 'forbidden', 'away']) keep('lin', campaign)
    keep('zhou', 'ended')
    const asked = server({ runs: 'live', paused: 'paused', ended: 'ended', settled: 'settled', gone: 404, forbidden: 403 })
    await dropOver('lin')
    expect(kept()).toEqual(['banyan.edit.lin.away', 'banyan.edit.lin.forbidden', 'banyan.edit.lin.paused', 'banyan.edit.lin.runs', 'banyan.edit.zhou.ended'])
    expect(asked).toHaveLength(7)
  })

  it('asks the server nothing when nothing is kept', async () => {
    keep('zhou', 'ended')
    const asked = server({})
    await dropOver('lin')
    expect(asked).toEqual([])
  })
})
