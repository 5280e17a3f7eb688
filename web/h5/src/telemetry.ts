export type TelemetryKind = 'view' | 'press' | 'share_opened'

let silent = false

/** In the preview nothing happened, so nothing is told. */
export function keepSilent(): void {
  silent = true
}

/** Tells what was done on the page. That a share was completed is not knowable, so there is no such kind. */
export function tell(code: string | undefined, kind: TelemetryKind): void {
  if (silent || !code) return
  const body = JSON.stringify({ code, kind })
  if (navigator.sendBeacon?.('/t', body)) return
  void fetch('/t', { method: 'POST', body, keepalive: true }).catch(() => undefined)
}
