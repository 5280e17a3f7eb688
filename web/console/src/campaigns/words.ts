import type { CampaignState, Channel, FunnelKey, Severity, Surface } from '@banyan/shared/api'
import { pick, type Twin } from '@banyan/shared/language'

const STATES: Record<CampaignState, Twin & { tone: string }> = {
  draft: { zh: '草稿', en: 'Draft', tone: 'plain' },
  published: { zh: '已发布，未到时间', en: 'Published, not yet open', tone: 'plain' },
  live: { zh: '进行中', en: 'Live', tone: '' },
  paused: { zh: '已暂停', en: 'Paused', tone: 'sun' },
  ended: { zh: '已结束，待结算', en: 'Ended, to be settled', tone: 'sun' },
  settled: { zh: '已结算', en: 'Settled', tone: 'plain' },
}
export const PLAYS: Record<string, Twin> = {
  referral: { zh: '邀请有礼', en: 'Referral' },
  assist: { zh: '好友助力', en: 'Assist' },
  group_buy: { zh: '拼团', en: 'Group buy' },
  bargain: { zh: '砍价', en: 'Bargain' },
  flash_sale: { zh: '秒杀', en: 'Flash sale' },
  affiliate: { zh: '分销', en: 'Affiliate' },
  poster: { zh: '海报任务', en: 'Poster' },
  red_packet: { zh: '红包', en: 'Red packet' },
  lottery: { zh: '抽奖', en: 'Lottery' },
  check_in: { zh: '签到', en: 'Check-in' },
  content: { zh: '内容裂变', en: 'Content' },
  live: { zh: '直播', en: 'Live stream' },
  in_store: { zh: '到店', en: 'In store' },
  quiz: { zh: '闯关', en: 'Quiz' },
  cause: { zh: '公益', en: 'Good cause' },
}
export const CHANNELS: Record<Channel, Twin> = {
  wecom: { zh: '企业微信', en: 'WeCom' },
  wechat_group: { zh: '微信群', en: 'WeChat groups' },
  moments: { zh: '朋友圈', en: 'Moments' },
  official_account: { zh: '公众号', en: 'Official account' },
  douyin: { zh: '抖音', en: 'Douyin' },
  xiaohongshu: { zh: '小红书', en: 'Xiaohongshu' },
  weibo: { zh: '微博', en: 'Weibo' },
  sms: { zh: '短信', en: 'SMS' },
  email: { zh: '邮件', en: 'E-mail' },
  offline: { zh: '门店', en: 'In store' },
  web: { zh: '网站', en: 'Website' },
  other: { zh: '其他', en: 'Other' },
}
export const SURFACES: Record<Surface, Twin> = {
  own_web: { zh: '自有网页', en: 'Own web page' },
  wechat_h5: { zh: '微信内网页', en: 'Page inside WeChat' },
  mini_program: { zh: '小程序', en: 'Mini-program' },
  official_account: { zh: '公众号', en: 'Official account' },
  wecom: { zh: '企业微信', en: 'WeCom' },
  douyin: { zh: '抖音', en: 'Douyin' },
  app: { zh: '自有应用', en: 'Own app' },
  in_store: { zh: '到店', en: 'In store' },
}
const FUNNEL: Record<FunnelKey, Twin> = {
  seen: { zh: '看到', en: 'Seen' },
  clicked: { zh: '点击', en: 'Clicked' },
  started: { zh: '发起', en: 'Started' },
  shared: { zh: '分享', en: 'Shared' },
  friend_clicked: { zh: '好友点击', en: 'Friend clicked' },
  converted: { zh: '新客转化', en: 'New people' },
}
/** Said about a support that did not count, or a reward that was not given. */
const REASONS: Record<string, Twin> = {
  own_quest: { zh: '给自己助力', en: 'Helped their own quest' },
  already_helped: { zh: '已经助力过', en: 'Had already helped' },
  not_new: { zh: '已是老会员', en: 'Not a new person' },
  cycle: { zh: '互相助力', en: 'Helped each other' },
  out_of_time: { zh: '超过时限', en: 'Out of time' },
  quest_over: { zh: '任务已结束', en: 'The quest was over' },
  quest_full: { zh: '任务已满', en: 'The quest was full' },
  cap_reached: { zh: '助力次数用完', en: 'No helps left' },
  not_applicable: { zh: '不适用', en: 'Did not apply' },
  surface_not_allowed: { zh: '场景不允许', en: 'Not allowed there' },
  person_cap_reached: { zh: '达到每人上限', en: 'Cap per person reached' },
  offer_exhausted: { zh: '奖品已发完', en: 'Offer given out' },
  budget_spent: { zh: '预算用完', en: 'Budget spent' },
  day_budget_spent: { zh: '当日预算用完', en: 'Day’s budget spent' },
  campaign_paused: { zh: '活动暂停中', en: 'Campaign paused' },
  campaign_ended: { zh: '活动已结束', en: 'Campaign over' },
}
const SEVERITIES: Record<Severity, Twin & { tone: string }> = {
  pass: { zh: '合规通过', en: 'Within the rules', tone: 'plain' },
  info: { zh: '合规通过', en: 'Within the rules', tone: 'plain' },
  warn: { zh: '有提醒', en: 'With warnings', tone: 'sun' },
  review: { zh: '要人复核', en: 'Needs a review', tone: 'sun' },
  block: { zh: '不可发布', en: 'Blocked by rules', tone: 'rose' },
}

export const stateName = (state: CampaignState): string => pick(STATES[state])
export const stateTone = (state: CampaignState): string => STATES[state]?.tone ?? 'plain'
export const playName = (key: string): string => pick(PLAYS[key]) || key
/** Channels nobody chooses: a campaign's link for its seed users, and the one of its path. */
const OWN: Record<string, Twin> = { seed: { zh: '种子用户', en: 'Seed users' }, path: { zh: '分群路径', en: 'Path' } }
export const channelName = (key: Channel | string | null): string => (key ? pick(OWN[key] ?? CHANNELS[key as Channel]) || key : '–')
export const surfaceName = (key: Surface): string => pick(SURFACES[key]) || key
export const funnelName = (key: FunnelKey): string => pick(FUNNEL[key]) || key
export const reasonName = (code: string): string => pick(REASONS[code]) || code.replaceAll('_', ' ')
export const severityName = (key: Severity): string => pick(SEVERITIES[key]) || key
export const severityTone = (key: Severity): string => SEVERITIES[key]?.tone ?? 'plain'

const QUESTS: Record<string, Twin> = {
  open: { zh: '进行中', en: 'Open' },
  won: { zh: '已完成', en: 'Won' },
  lost: { zh: '未完成', en: 'Not reached' },
}
const GRANTS: Record<string, Twin> = {
  pending: { zh: '待生效', en: 'Pending' },
  vested: { zh: '已发放', en: 'Given' },
  paid: { zh: '已兑付', en: 'Paid' },
  expired: { zh: '已过期', en: 'Expired' },
  cancelled: { zh: '已取消', en: 'Cancelled' },
  clawed_back: { zh: '已收回', en: 'Taken back' },
}
export const questName = (state: string): string => pick(QUESTS[state]) || state
export const grantName = (state: string): string => pick(GRANTS[state]) || state
