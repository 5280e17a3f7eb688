import { say } from '@banyan/shared/language'
import { call } from '../shell/call'
import { tell } from '../shell/toast'
import type { Pathway, PathwayTerms } from './pathways'

/** Edits paths, each edit with its way back. `done` is called whenever something changed. */
export function useChanging(done: () => void) {
  async function put(id: string, wanted: PathwayTerms, was: PathwayTerms): Promise<Pathway> {
    const now = await call<Pathway>(`/pathways/${id}`, { method: 'PUT', body: { wanted, was } })
    done()
    return now
  }

  function told(text: string, now: Pathway, was: PathwayTerms): void {
    const back = { label: say('撤销', 'Undo'), run: async () => {
      await put(now.id, was, now.terms)
      tell(say('已恢复原样', 'As it was before'))
    } }
    // What has ended meanwhile cannot be put back: nothing is offered that would be refused.
    tell(text, was.ends_at && new Date(was.ends_at) <= new Date() ? null : back)
  }

  /** Throws `Problem` when it is refused. */
  async function change(pathway: Pathway, wanted: PathwayTerms, text: string): Promise<void> {
    told(text, await put(pathway.id, wanted, pathway.terms), pathway.terms)
  }

  async function close(pathway: Pathway): Promise<void> {
    const now = await call<Pathway>(`/pathways/${pathway.id}/close`, { method: 'POST' })
    done()
    told(say('入口已关闭，各活动照常进行', 'The entry is closed; the campaigns go on'), now, pathway.terms)
  }

  return { change, close }
}
