import { computed } from 'vue'
import type { PrivacyNotice } from '../people/entrance'
import { shop } from './shop'

/** Kept with the consent. Change it with the words. */
const VERSION = 'shop-2026-11-22'

const PARTS: PrivacyNotice['parts'] = [
  {
    title: { zh: '谁在处理', en: 'Who' },
    text: { zh: '{host}（销售者）。联系方式：{contact}。', en: '{host}, the seller. Contact: {contact}.' },
  },
  {
    title: { zh: '为了什么', en: 'What for' },
    text: {
      zh: '识别你本人、订立和履行订单、送货或到店核销、退款、开具发票、处理售后。不会用来向你推销，除非你另外同意。',
      en: 'To know you, to conclude and carry out your orders, to deliver or hand over, refund, invoice and settle complaints. Not for advertising to you, unless you agree to that separately.',
    },
  },
  {
    title: { zh: '处理哪些信息', en: 'What' },
    text: {
      zh: '手机号；你填写的称呼（选填）；收件人、收货地址和电话；订单、付款、退款和发票记录；收藏和购物车。不读取通讯录、位置和相册。',
      en: 'Your phone number; the name you enter (optional); recipient, address and phone of deliveries; orders, payments, refunds and invoices; what you saved and your cart. No contacts, location or photos are read.',
    },
  },
  {
    title: { zh: '怎样处理', en: 'How' },
    text: {
      zh: '手机号和收货信息加密保存，只有处理你订单的人看得到。',
      en: 'Your number and delivery details are stored encrypted; only those who handle your order see them.',
    },
  },
  {
    title: { zh: '保存多久', en: 'How long' },
    text: {
      zh: '交易记录自交易完成之日起不少于三年（电子商务法第三十一条）；地址、收藏和购物车到你删除为止。',
      en: 'Records of orders for at least three years after they are completed (E-Commerce Law, article 31); addresses, saved things and the cart until you delete them.',
    },
  },
  {
    title: { zh: '给谁', en: 'To whom' },
    text: {
      zh: '快递公司收到收货信息，支付机构收到付款信息，短信服务商收到你的手机号，都只为了完成这些事。',
      en: 'Carriers receive delivery details, payment providers the payment, the text message provider your number; each only to do that.',
    },
  },
  {
    title: { zh: '你的权利', en: 'Your rights' },
    text: {
      zh: '你可以查看、更正、复制、删除这些信息，也可以随时撤回同意：在「我的」里查看和修改，其余通过 {contact} 联系。不同意也可以浏览商品。',
      en: 'You may see, correct, copy or delete this data and withdraw consent at any time: in Mine, and for the rest through {contact}. You can look at products without agreeing.',
    },
  },
]

export const shopNotice = computed<PrivacyNotice>(() => {
  const host = shop.front?.workspace.name ?? ''
  return { version: VERSION, parts: PARTS, host, contact: shop.front?.shop.contact || host }
})
