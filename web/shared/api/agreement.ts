/**
 * Holds the hand-written types to the server's own description (`schema.ts`, generated): every field they read is
 * there, and what may be null there may be null here. They stand beside the generated ones because they say more:
 * which words a state can be, and what a definition is made of. A broken agreement is a type error in this file.
 */
import type * as levels from './levels.ts'
import type * as told from './public.ts'
import type { components } from './schema.ts'
import type * as mine from './types.ts'

type Server = components['schemas']
type Absent<M, S> = Exclude<keyof M, keyof S>
type Unguarded<M, S> = {
  [K in keyof M & keyof S]: null extends S[K] ? (null extends M[K] ? never : K) : never
}[keyof M & keyof S]
type Agrees<M, S> = [Absent<M, S> | Unguarded<M, S>] extends [never] ? true : { absent: Absent<M, S>; unguarded: Unguarded<M, S> }

interface Agreements {
  me: Agrees<mine.Me, Server['workspaces_admin_api_Me']>
  workspace: Agrees<mine.Workspace, Server['Workspace']>
  member: Agrees<mine.Member, Server['MemberView']>
  addedMember: Agrees<mine.AddedMember, Server['AddedMember']>
  apiKey: Agrees<mine.ApiKey, Server['KeyView']>
  newApiKey: Agrees<mine.NewApiKey, Server['CreatedKey']>
  audit: Agrees<mine.AuditRow, Server['AuditView']>
  campaignRow: Agrees<mine.CampaignRow, Server['CampaignRow']>
  campaign: Agrees<mine.Campaign, Server['CampaignView']>
  link: Agrees<mine.Link, Server['CampaignLink']>
  numbers: Agrees<mine.Numbers, Server['Numbers']>
  growth: Agrees<mine.Growth, Server['Growth']>
  budget: Agrees<mine.Numbers['budget'], Server['Budget']>
  channel: Agrees<mine.ChannelNumbers, Server['ChannelNumbers']>
  series: Agrees<mine.SeriesPoint, Server['SeriesPoint']>
  tree: Agrees<mine.Tree, Server['Tree']>
  measure: Agrees<mine.Measure, Server['Measure']>
  person: Agrees<mine.PersonRow, Server['PersonRow']>
  outbox: Agrees<mine.OutboxRow, Server['MessageView']>
  account: Agrees<mine.Account, Server['AccountShown']>
  transfer: Agrees<mine.Transfer, Server['TransferShown']>
  today: Agrees<mine.Today, Server['Today']>
  pageState: Agrees<told.PageState, Server['PageState']>
  publicQuest: Agrees<told.PublicQuest, Server['PublicQuest']>
  ownQuest: Agrees<told.OwnQuest, Server['OwnQuest']>
  grant: Agrees<told.Grant, Server['GrantView']>
  supporter: Agrees<told.Supporter, Server['SupporterView']>
  offer: Agrees<told.PublicOffer, Server['OfferView']>
  ladder: Agrees<levels.Ladder, Server['LadderView']>
  level: Agrees<levels.Level, Server['Level']>
  membership: Agrees<levels.Membership, Server['Membership']>
  personMembership: Agrees<levels.PersonMembership, Server['PersonMembership']>
}

export type Broken = { [K in keyof Agreements as Agreements[K] extends true ? never : K]: Agreements[K] }
type Nothing<T extends Record<never, never>> = [keyof T] extends [never] ? true : T

/** Does not compile when the server and the web disagree; the error names the types and the fields. */
export const agreed: Nothing<Broken> = true
