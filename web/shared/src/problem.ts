import { say } from './language.ts'

/** The body of an `application/problem+json` answer. */
export interface ProblemBody {
  type: string
  title: string
  status: number
  code: string
  params?: Record<string, unknown>
}

/** A refusal by the server, or no server at all (`code` "unreachable", status 0). */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly params: Record<string, unknown>
  /** Seconds after which the same request may succeed, where the server said so. */
  readonly retryAfter: number | null

  constructor(body: Pick<ProblemBody, 'title' | 'status' | 'code' | 'params'>, retryAfter: number | null = null) {
    super(body.title)
    this.name = 'Problem'
    this.status = body.status
    this.code = body.code
    this.params = body.params ?? {}
    this.retryAfter = retryAfter
  }
}

/** Reads a failed response; an answer that is not problem+json still becomes a sentence a person can use. */
export async function problemOf(response: Response): Promise<Problem> {
  const after = Number(response.headers.get('retry-after'))
  const retryAfter = Number.isFinite(after) && after > 0 ? after : null
  if (response.headers.get('content-type')?.includes('json')) {
    try {
      const body = (await response.json()) as Partial<ProblemBody>
      if (typeof body.code === 'string' && typeof body.title === 'string')
        return new Problem({ title: body.title, status: response.status, code: body.code, params: body.params }, retryAfter)
    } catch {
      // A cut-off body says no more than its status does.
    }
  }
  const title =
    response.status >= 500
      ? say('服务暂时没有响应，请稍后再试。', 'The service is not answering for the moment. Please try again soon.')
      : say('这个请求没有被接受。', 'This request was not accepted.')
  return new Problem({ title, status: response.status, code: `http_${response.status}` }, retryAfter)
}

export function unreachable(): Problem {
  return new Problem({
    title: say('连不上服务，请检查网络后重试。', 'The service cannot be reached. Check the network and try again.'),
    status: 0,
    code: 'unreachable',
  })
}
