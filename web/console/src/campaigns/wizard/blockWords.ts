import type { Twin } from '@banyan/shared/language'
import type { Group, Kind } from './blockList'

export const KIND_NAMES: Record<Kind, Twin> = {
  hero: { zh: '头图与大标题', en: 'Head' },
  prize: { zh: '奖品', en: 'Prize' },
  progress: { zh: '进度', en: 'Progress' },
  action: { zh: '大按钮', en: 'Big button' },
  friends: { zh: '来过的朋友', en: 'Friends who came' },
  rules: { zh: '活动规则', en: 'Rules' },
  text: { zh: '一段文字', en: 'Paragraph' },
  image: { zh: '图片', en: 'Picture' },
}
export const GROUP_NAMES: Record<Group, Twin> = {
  reward: { zh: '奖励', en: 'Rewards' },
  rule: { zh: '规则', en: 'Rules' },
  share: { zh: '分享页', en: 'Share page' },
}
