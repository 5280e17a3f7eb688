import { useQuery } from '@pinia/colada'
import { call } from '../../shell/call'

interface Invited {
  sent: number
  begun: number
}
/** GET /api/admin/campaigns/{id}/invitations */
export interface Invitations {
  birthday: Invited
  reachable: number
  with_birthday: number
}

/** How many were invited to a campaign, and what became of them. */
export function useInvitations(id: () => string) {
  return useQuery({
    key: () => ['campaign', id(), 'invitations'],
    query: ({ signal }) => call<Invitations>(`/campaigns/${id()}/invitations`, { signal }),
  })
}
