import { afterEach, describe, expect, it, vi } from 'vitest'
import { Problem } from './problem.ts'
import { address, request } from './request.ts'

const answer = (body: string, init: ResponseInit) => vi.stubGlobal('fetch', async () => new Response(body, init))

describe('request', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('throws the server’s own words and code', async () => {
    answer(JSON.stringify({ type: '/problems/budget_spent', title: '预算用完了', status: 409, code: 'budget_spent', params: { left: 0 } }), { status: 409, headers: { 'content-type': 'application/problem+json' } })
    await expect(request('/x')).rejects.toMatchObject({ code: 'budget_spent', message: '预算用完了', status: 409, params: { left: 0 } })
  })

  it('turns an answer without a problem into a sentence, and keeps when to retry', async () => {
    answer('<html>', { status: 503, headers: { 'retry-after': '7' } })
    const failure = await request('/x').catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Problem)
    expect(failure).toMatchObject({ code: 'http_503', retryAfter: 7 })
  })

  it('says so when there is no server', async () => {
    vi.stubGlobal('fetch', async () => { throw new TypeError('failed') })
    await expect(request('/x')).rejects.toMatchObject({ code: 'unreachable', status: 0 })
  })

  it('answers nothing for 204', async () => {
    vi.stubGlobal('fetch', async () => new Response(null, { status: 204 }))
    expect(await request('/x')).toBeUndefined()
  })

  it('leaves empty parameters out of the address', () => {
    expect(address('/a', { q: '', cursor: null, n: 3 })).toBe('/a?n=3')
  })
})
