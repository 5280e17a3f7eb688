import { computed } from 'vue'
import { page } from '../page/page'
import type { PrivacyNotice } from './entrance'

/** Kept with the consent, so that it can be shown later which words a person agreed to. Change it with the words. */
const NOTICE_VERSION = '2026-11-22'

/** `{host}` and `{contact}` are filled with the campaign's. */
const NOTICE: PrivacyNotice['parts'] = [
  {
    title: { zh: '谁在处理', en: 'Who' },
    text: {
      zh: '{host}（活动主办方）。联系方式：{contact}。',
      en: '{host}, the organiser of this campaign. Contact: {contact}.',
    },
  },
  {
    title: { zh: '为了什么', en: 'What for' },
    text: {
      zh: '识别你本人、记录任务进度、发放和核对奖励、防止冒领和重复领取。不会用来向你推销，除非你另外同意。',
      en: 'To know you, keep your progress, give and check rewards, and prevent false or double claims. Not for advertising to you, unless you agree to that separately.',
    },
  },
  {
    title: { zh: '处理哪些信息', en: 'What' },
    text: {
      zh: '手机号；你填写的称呼（选填）；你打开链接、参加、打开分享面板的时间；谁的链接带你来。不读取通讯录、位置和相册。',
      en: 'Your phone number; the name you enter (optional); when you opened links, took part and opened the share sheet; whose link brought you. No contacts, location or photos are read.',
    },
  },
  {
    title: { zh: '怎样处理', en: 'How' },
    text: {
      zh: '手机号加密保存，列表里只显示部分数字。邀请你的人和你邀请的人只会看到你称呼的第一个字，看不到手机号。',
      en: 'Your number is stored encrypted and shown only in part. Whoever invited you, and whomever you invite, sees only the first character of your name and never your number.',
    },
  },
  {
    title: { zh: '保存多久', en: 'How long' },
    text: {
      zh: '到活动结束、你的奖励全部用完或过期为止；法律要求保存更久的，按法律执行。',
      en: 'Until the campaign has ended and your rewards are used or expired, unless the law demands longer.',
    },
  },
  {
    title: { zh: '给谁', en: 'To whom' },
    text: {
      zh: '不提供给其他人。发送验证码时，短信服务商会收到你的手机号。',
      en: 'To nobody else. The text message provider receives your number in order to deliver the code.',
    },
  },
  {
    title: { zh: '你的权利', en: 'Your rights' },
    text: {
      zh: '你可以查看、更正、复制、删除这些信息，也可以随时撤回同意：在「我的」里可以查看、退出活动、注销并删除，其余通过 {contact} 联系主办方。撤回前已经发生的处理不受影响；不同意也可以查看活动和规则。',
      en: 'You may see, correct, copy or delete this data and withdraw consent at any time: see it, leave and delete yourself in Mine, and contact the organiser ({contact}) for the rest. What was done before stays lawful. You can read the campaign and its rules without agreeing.',
    },
  },
]

/** The notice of whoever asks for somebody's data because of a campaign. */
export function noticeOf(host: string, contact: string): PrivacyNotice {
  return { version: NOTICE_VERSION, parts: NOTICE, host, contact }
}

export const questNotice = computed<PrivacyNotice>(() => {
  const host = page.state.campaign?.host.name || page.state.workspace?.name || ''
  return noticeOf(host, page.state.campaign?.host.contact || host)
})
