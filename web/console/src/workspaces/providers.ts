import type { Twin } from '@banyan/shared/language'

/** GET /api/admin/payment-providers → Page<ProviderState>; PUT /api/admin/payment-providers/{provider} {settings, is_on}. */
export interface ProviderState {
  provider: string
  is_on: boolean
  has_keys: boolean
  methods: string[]
}
/** POST /api/admin/payment-providers/{provider}/trial */
export interface Trial {
  is_good: boolean
  problem: string | null
}
export interface KeyField {
  key: string
  name: Twin
  hint?: Twin
  /** Typed over several lines. */
  isLong?: boolean
  isSecret?: boolean
}

/** What each provider needs to know of a merchant, in the order its own pages show it. */
export const KEY_FIELDS: Record<string, KeyField[]> = {
  wechat_pay: [
    { key: 'merchant', name: { zh: '商户号', en: 'Merchant number (mchid)' } },
    { key: 'app', name: { zh: '应用 AppID', en: 'App ID' } },
    { key: 'serial', name: { zh: '商户 API 证书序列号', en: 'Serial of the merchant’s API certificate' } },
    { key: 'private_key', name: { zh: '商户 API 私钥', en: 'Merchant’s private key' }, hint: { zh: 'apiclient_key.pem 的全文', en: 'the whole of apiclient_key.pem' }, isLong: true, isSecret: true },
    { key: 'api_key', name: { zh: 'APIv3 密钥', en: 'APIv3 key' }, hint: { zh: '32 位', en: '32 letters' }, isSecret: true },
    { key: 'platform_serial', name: { zh: '微信支付公钥 ID 或平台证书序列号', en: 'ID of WeChat Pay’s public key, or serial of its certificate' } },
    { key: 'platform_key', name: { zh: '微信支付公钥或平台证书', en: 'WeChat Pay’s public key or certificate' }, hint: { zh: 'PEM 全文', en: 'the whole PEM' }, isLong: true },
  ],
  alipay: [
    { key: 'app', name: { zh: '应用 AppID', en: 'App ID' } },
    { key: 'seller', name: { zh: '商家 PID', en: 'Seller ID (PID)' } },
    { key: 'private_key', name: { zh: '应用私钥', en: 'Application’s private key' }, hint: { zh: 'PEM 全文', en: 'the whole PEM' }, isLong: true, isSecret: true },
    { key: 'alipay_key', name: { zh: '支付宝公钥', en: 'Alipay’s public key' }, hint: { zh: 'PEM 全文', en: 'the whole PEM' }, isLong: true },
  ],
}

/** The settings as the adapter of `provider` reads them. */
export function settingsOf(provider: string, typed: Record<string, string>): Record<string, unknown> {
  const { platform_serial = '', platform_key = '', ...rest } = Object.fromEntries(Object.entries(typed).map(([key, text]) => [key, text.trim()]))
  return provider === 'wechat_pay' ? { ...rest, platform_keys: { [platform_serial]: platform_key } } : rest
}
