import { expect, test } from 'vitest'
import { useActing } from './acting'
import { toasts } from './toast'

test('what is pressed twice is done once, and what goes wrong is told and over', async () => {
  const { busy, act } = useActing()
  let end = () => {}
  let done = 0
  const first = act(() => new Promise<void>((resolve) => { done += 1; end = resolve }))
  await act(() => Promise.resolve(done += 1))
  expect([busy.value, done]).toEqual([true, 1])
  end()
  await first
  expect([busy.value, toasts.length]).toEqual([false, 0])
  await act(() => Promise.reject(new Error('away')))
  expect([busy.value, toasts.map((toast) => toast.tone)]).toEqual([false, ['loss']])
})
