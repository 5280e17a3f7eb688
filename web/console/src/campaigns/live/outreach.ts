import { say } from '@banyan/shared/language'
import { some, whole } from '@banyan/shared/number'
import { useQuery } from '@pinia/colada'
import { call } from '../../shell/call'

interface Invited {
  sent: number
  begun: number
}
/** GET /api/admin/campaigns/{id}/invitations */
export interface Invitations {
  birthday: Invited
  seed: Invited
  seed_link: { code: string; url: string } | null
  /** Seed users that are picked. */
  seeds: number
  reachable: number
  with_birthday: number
}

/** POST /api/admin/campaigns/{id}/seed-invitations */
export interface Seeded {
  picked: number
  invited: number
  not_agreed: number
  already: number
  held_back: number
}

/** What became of an invitation of all seed users, said in one breath. */
export function seededWords(told: Seeded): string {
  const parts = [
    say(`邀请了 ${whole(told.invited)} 位`, `${some(told.invited, 'person', 'people')} invited`),
    ...(told.not_agreed ? [say(`${whole(told.not_agreed)} 位没有同意接收消息，请自己发链接`, `${whole(told.not_agreed)} did not agree to messages: pass the link on yourself`)] : []),
    ...(told.already ? [say(`${whole(told.already)} 位已邀请过或已参与`, `${whole(told.already)} invited or taking part already`)] : []),
    ...(told.held_back ? [say(`${whole(told.held_back)} 位今天或本月已收够，改天再发`, `${whole(told.held_back)} had enough messages for today or this month: try later`)] : []),
  ]
  return parts.join(say('；', '; '))
}

/** How many were invited to a campaign, and what became of them. */
export function useInvitations(id: () => string) {
  return useQuery({
    key: () => ['campaign', id(), 'invitations'],
    query: ({ signal }) => call<Invitations>(`/campaigns/${id()}/invitations`, { signal }),
  })
}
