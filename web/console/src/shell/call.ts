import { Problem } from '@banyan/shared/problem'
import { request, type RequestOptions } from '@banyan/shared/request'

const ROOT = '/api/admin'
const signedOut = new Set<() => void>()

/** Registers what happens when the server no longer knows this session. */
export function onSignedOut(react: () => void): void {
  signedOut.add(react)
}

/** Address of a downloadable or streamed resource of the admin API. */
export function adminAddress(path: string): string {
  return ROOT + path
}

/** One call to the admin API. Throws `Problem`. */
export async function call<T>(path: string, options: RequestOptions = {}): Promise<T> {
  try {
    return await request<T>(ROOT + path, { ...options, headers: { 'X-Banyan-Client': 'console', ...options.headers } })
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_signed_in' && path !== '/session') for (const react of signedOut) react()
    throw error
  }
}
