import { pick, say, type Twin } from '@banyan/shared/language'
import { money } from '@banyan/shared/money'
import { Problem } from '@banyan/shared/problem'
import type { NoReturn, ProductState } from '@banyan/shared/store'

const STATES: Record<ProductState, Twin & { tone: string }> = {
  draft: { zh: '草稿', en: 'Draft', tone: 'plain' },
  published: { zh: '已上架', en: 'On the shelf', tone: '' },
  withdrawn: { zh: '已下架', en: 'Withdrawn', tone: 'sun' },
}
export const productStateName = (state: ProductState): string => pick(STATES[state]) || state
export const productStateTone = (state: ProductState): string => STATES[state]?.tone ?? 'plain'

export const NO_RETURN: Record<NonNullable<NoReturn>, Twin> = {
  made_to_order: { zh: '定作的商品', en: 'Made to order' },
  perishable: { zh: '鲜活易腐', en: 'Perishable' },
  digital: { zh: '在线下载或已拆封的数字商品', en: 'Digital, downloaded or unsealed' },
  periodical: { zh: '交付的报纸、期刊', en: 'Newspapers and periodicals' },
}

/** 红 · M */
export const attributesText = (attributes: Record<string, string>): string => Object.values(attributes).join(' · ')

/** A price, or the two ends of several. */
export function priceRange(from: number, to: number, currency: string): string {
  return from === to ? money(from, currency) : `${money(from, currency)} – ${money(to, currency)}`
}

/** Why a product was not saved; amounts inside a refusal are written as money. */
export function refusalText(error: unknown, currency: string): string {
  if (!(error instanceof Problem)) return say('出了点问题，请再试一次。', 'Something went wrong. Please try again.')
  const most = error.params.most_minor
  if (error.code === 'reference_too_high' && typeof most === 'number')
    return say(
      `划线价不能高于近 7 日的最低成交价 ${money(most, currency)}。改到这个数以下，或者清空划线价。`,
      `The crossed-out price may not be above the lowest deal of the last 7 days, ${money(most, currency)}. Lower it, or leave it empty.`,
    )
  if (error.code === 'version_conflict')
    return say('有同事刚刚保存了这个商品。请先重新载入，再改一次。', 'A colleague has just saved this product. Load it again, then make your change.')
  return error.message
}
