import { pick, type Twin } from '@banyan/shared/language'

const ACTIONS: Record<string, Twin> = {
  'campaign.created': { zh: '新建活动', en: 'Created a campaign' },
  'campaign.edited': { zh: '修改活动', en: 'Edited a campaign' },
  'campaign.review_asked': { zh: '请人复核改动', en: 'Asked for a review of an edit' },
  'campaign.review_withdrawn': { zh: '撤回改动', en: 'Withdrew an edit' },
  'campaign.review_signed': { zh: '复核签字', en: 'Signed a review' },
  'campaign.published': { zh: '发布活动', en: 'Published a campaign' },
  'campaign.paused': { zh: '暂停活动', en: 'Paused a campaign' },
  'campaign.live': { zh: '活动上线', en: 'A campaign went live' },
  'campaign.ended': { zh: '结束活动', en: 'Ended a campaign' },
  'campaign.settled': { zh: '结算活动', en: 'Settled a campaign' },
  'campaign.deleted': { zh: '删除草稿', en: 'Deleted a draft' },
  'campaign.exported': { zh: '导出数据', en: 'Exported data' },
  'pathway.made': { zh: '新建分群路径', en: 'Made a path' },
  'pathway.edited': { zh: '修改分群路径', en: 'Edited a path' },
  'pathway.closed': { zh: '关闭分群路径', en: 'Closed a path' },
  'messages.limits_changed': { zh: '改消息上限', en: 'Changed the limits of messages' },
  'member.added': { zh: '加入成员', en: 'Added a member' },
  'member.changed': { zh: '更改成员', en: 'Changed a member' },
  'key.created': { zh: '新建密钥', en: 'Created a key' },
  'key.revoked': { zh: '停用密钥', en: 'Revoked a key' },
  'session.started': { zh: '登录', en: 'Signed in' },
  'session.ended': { zh: '退出登录', en: 'Signed out' },
  'workspace.created': { zh: '开通商户', en: 'Opened the workspace' },
  'workspace.renamed': { zh: '商户改名', en: 'Renamed the workspace' },
  'debt.forgiven': { zh: '免除待抵扣', en: 'Let a debt go' },
  'debt.written_off': { zh: '持有人注销，核销待抵扣', en: 'Wrote off the debt of a deleted person' },
  'member.password_changed': { zh: '改密码', en: 'Changed a password' },
}

/** An audited action in words; an unknown one keeps its code, so that nothing is hidden. */
export const actionName = (code: string): string => pick(ACTIONS[code]) || code
