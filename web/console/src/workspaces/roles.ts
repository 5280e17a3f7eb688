import type { Role } from '@banyan/shared/api'
import { pick, type Twin } from '@banyan/shared/language'

export const ROLES: Record<Role, Twin & { may: Twin }> = {
  owner: { zh: '店主', en: 'Owner', may: { zh: '全部', en: 'everything' } },
  operator: { zh: '运营', en: 'Operator', may: { zh: '建活动、发布、看客户', en: 'campaigns, publication, people' } },
  finance: { zh: '财务', en: 'Finance', may: { zh: '看奖励与账本', en: 'rewards and ledger' } },
  viewer: { zh: '只看', en: 'Viewer', may: { zh: '看活动与数字', en: 'campaigns and numbers' } },
}
export const roleName = (role: Role): string => pick(ROLES[role]) || role
export const roleMay = (role: Role): string => pick(ROLES[role]?.may)
