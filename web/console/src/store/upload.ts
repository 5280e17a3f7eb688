import { locale, say } from '@banyan/shared/language'
import { Problem, problemOf, unreachable } from '@banyan/shared/problem'
import { address } from '@banyan/shared/request'
import { adminAddress } from '../shell/call'

export const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp']
export const PICTURE_MOST_BYTES = 10 * 1024 * 1024
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const SHEETS: Record<string, string> = { csv: 'text/csv', xlsx: XLSX }

/** The type a sheet is sent as, by its name: browsers differ in what they call a CSV. Null: it is neither kind. */
export function sheetType(name: string): string | null {
  return SHEETS[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? null
}

/** Sends a file as the body of a request to the admin API. Throws `Problem`. */
export async function sendFile<T>(path: string, file: Blob, type: string, query: Record<string, string> = {}): Promise<T> {
  if (file.size > PICTURE_MOST_BYTES)
    throw new Problem({ title: say('文件超过 10 MB，请换一个小一些的。', 'The file is over 10 MB; please choose a smaller one.'), status: 413, code: 'file_too_large' })
  let response: Response
  try {
    response = await fetch(address(adminAddress(path), query), {
      method: 'POST', credentials: 'same-origin', body: file,
      headers: { Accept: 'application/json', 'Accept-Language': locale(), 'Content-Type': type, 'X-Banyan-Client': 'console' },
    })
  } catch {
    throw unreachable()
  }
  if (!response.ok) throw await problemOf(response)
  return (await response.json()) as T
}
