import { pick, say, type Twin } from '@banyan/shared/language'

export type FieldKind = 'count' | 'money' | 'switch' | 'offer' | 'good' | 'choice' | 'text' | 'lines' | 'tiers' | 'list' | 'group' | 'products' | 'categories'
/** A product or a category of the shop, with its name when it was chosen. */
export interface ChosenGoods { id: string; name: string }
export interface SchemaField {
  key: string
  kind: FieldKind
  title: string
  help: string
  optional: boolean
  least: number | undefined
  most: number | undefined
  options: string[]
  /** What one entry of a list, or the group itself, is made of. */
  fields: SchemaField[]
}

type Node = Record<string, unknown>

/** What a merchant reads for the values a play chooses between. */
const OPTIONS: Record<string, Twin> = {
  once: { zh: '每人一次', en: 'once each' },
  day: { zh: '每天一次', en: 'once a day' },
  times: { zh: '随时，到次数用完', en: 'any time, until used up' },
  equal: { zh: '平分', en: 'equal shares' },
  lucky: { zh: '拼手气', en: 'by luck' },
  plain: { zh: '素雅', en: 'plain' },
  warm: { zh: '暖色', en: 'warm' },
  night: { zh: '深色', en: 'night' },
  registered: { zh: '参加就算', en: 'on joining' },
  ordered: { zh: '首单付款并过了退货期', en: 'by a first order, past its return time' },
  stayed_n_days: { zh: '参加后留满几天', en: 'by staying some days' },
}
export const optionName = (key: string): string => pick(OPTIONS[key]) || key

/** The branch of a nullable property that says something: `anyOf: [X, null]` → X. */
function meat(node: Node): { node: Node; optional: boolean } {
  const branches = (node.anyOf ?? node.oneOf) as Node[] | undefined
  if (!branches) return { node, optional: Array.isArray(node.type) && node.type.includes('null') }
  const real = branches.find((branch) => branch.type !== 'null') ?? {}
  return { node: { ...real, ...Object.fromEntries(Object.entries(node).filter(([key]) => key !== 'anyOf' && key !== 'oneOf')) }, optional: branches.some((branch) => branch.type === 'null') }
}

/** Whether some of the shop's goods are chosen there. */
export const isOfGoods = (kind: unknown): kind is 'products' | 'categories' => kind === 'products' || kind === 'categories'

function kindOf(node: Node): FieldKind | null {
  if (node['x-widget'] === 'offer') return 'offer'
  if (node['x-widget'] === 'good') return 'good'
  if (node['x-widget'] === 'minor') return 'money'
  if (isOfGoods(node['x-widget'])) return node['x-widget']
  if (Array.isArray(node.enum)) return 'choice'
  const types = Array.isArray(node.type) ? node.type : [node.type]
  if (types.includes('boolean')) return 'switch'
  if (types.includes('integer')) return 'count'
  if (types.includes('string')) return 'text'
  if (types.includes('array')) return listKind((node.items ?? {}) as Node)
  return types.includes('object') ? 'group' : null
}

/** People and an offer for them are tiers, which have an editor of their own. */
function listKind(items: Node): FieldKind | null {
  if (items.type === 'string') return 'lines'
  const keys = Object.keys((items.properties ?? {}) as Node)
  if (!keys.length) return null
  return keys.length === 2 && keys.includes('people') && keys.includes('offer') ? 'tiers' : 'list'
}

/** A new entry of a list, or a group that was empty, with what each field begins as. */
export function blank(fields: readonly SchemaField[]): Record<string, unknown> {
  const begin = (field: SchemaField): unknown => {
    if (field.optional) return null
    if (field.kind === 'count' || field.kind === 'money') return Math.max(field.least ?? 0, 1)
    if (field.kind === 'switch') return false
    if (field.kind === 'choice') return field.options[0]
    if (field.kind === 'lines') return ['', '']
    if (isOfGoods(field.kind)) return []
    if (field.kind === 'list' || field.kind === 'tiers') return field.least ? [blank(field.fields)] : []
    return field.kind === 'group' ? blank(field.fields) : ''
  }
  return Object.fromEntries(fields.map((field) => [field.key, begin(field)]))
}

const bound = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

/** The fields a play's settings schema asks for, in its order. */
export function fieldsOf(schema: Node): SchemaField[] {
  const properties = (schema.properties ?? {}) as Record<string, Node>
  return Object.entries(properties).flatMap(([key, property]) => {
    const { node, optional } = meat(property)
    const kind = kindOf(node)
    if (!kind) return []
    const en = (node['x-en'] ?? {}) as { title?: string; description?: string }
    const title = say(String(node.title ?? key), en.title ?? key)
    const help = say(String(node.description ?? ''), en.description ?? '')
    return [{
      key, kind, title, help: help === title ? '' : help, optional,
      least: bound(node.minimum ?? node.minItems),
      most: bound(node.maximum ?? node.maxItems ?? node.maxLength),
      options: Array.isArray(node.enum) ? node.enum.map(String) : [],
      fields: fieldsOf((kind === 'group' ? node : (node.items ?? {})) as Node),
    }]
  })
}

/** The settings with the schema's own default wherever nothing is said. */
export function withDefaults(schema: Node, settings: Record<string, unknown>): Record<string, unknown> {
  const properties = (schema.properties ?? {}) as Record<string, Node>
  const missing = Object.entries(properties).filter(([key, node]) => settings[key] === undefined && 'default' in node)
  return missing.length ? { ...settings, ...Object.fromEntries(missing.map(([key, node]) => [key, JSON.parse(JSON.stringify(node.default))])) } : settings
}
