import { language } from '@banyan/shared/language'
import { filled, type Params } from '../words'

const zh = {
  how: '从这里去哪里',
  rule: '按您在本店做过的事，从上往下第一条符合的就是您的。同一件商品，走哪条路价格都一样。',
  as_begun: '您从这里参加过，所以照您来时的这张表走，直到那些活动结束。',
  yours: '您的',
  closed: '现在没有进行，顺延到下一条符合的',
  go: '进入「{name}」',
  hello: '{name}，您好',
  know_me: '我是老顾客，登录看看我的',
  reason: '登录后就知道您属于哪一条；不登录也可以直接进入。',
  nothing: '适合您的活动现在没有进行，请稍后再来。',
  host: '主办：{host} · 联系：{contact}',
}

const en: Record<keyof typeof zh, string> = {
  how: 'Where this leads',
  rule: 'By what you did in this shop: the first line that fits you is yours. The same good costs the same whichever way you go.',
  as_begun: 'You have taken part from here, so this list stays yours until its campaigns end.',
  yours: 'yours',
  closed: 'not running now; the next line that fits counts',
  go: 'Go to “{name}”',
  hello: 'Hello, {name}',
  know_me: 'I am a regular: sign in and see mine',
  reason: 'Once you sign in we know which line is yours. You may also go on without.',
  nothing: 'What fits you is not running now. Please come back later.',
  host: 'By {host} · contact: {contact}',
}

export function s(key: keyof typeof zh, params: Params = {}): string {
  return filled((language.value === 'zh' ? zh : en)[key], params)
}
