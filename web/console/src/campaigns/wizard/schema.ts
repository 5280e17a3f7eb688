import { say } from '@banyan/shared/language'

export type FieldKind = 'count' | 'switch' | 'offer' | 'choice' | 'text'
export interface SchemaField {
  key: string
  kind: FieldKind
  title: string
  help: string
  optional: boolean
  least: number | undefined
  most: number | undefined
  options: string[]
}

type Node = Record<string, unknown>

/** The branch of a nullable property that says something: `anyOf: [X, null]` → X. */
function meat(node: Node): { node: Node; optional: boolean } {
  const branches = (node.anyOf ?? node.oneOf) as Node[] | undefined
  if (!branches) return { node, optional: Array.isArray(node.type) && node.type.includes('null') }
  const real = branches.find((branch) => branch.type !== 'null') ?? {}
  return { node: { ...real, ...Object.fromEntries(Object.entries(node).filter(([key]) => key !== 'anyOf' && key !== 'oneOf')) }, optional: branches.some((branch) => branch.type === 'null') }
}

function kindOf(node: Node): FieldKind | null {
  if (node['x-widget'] === 'offer') return 'offer'
  if (Array.isArray(node.enum)) return 'choice'
  const types = Array.isArray(node.type) ? node.type : [node.type]
  if (types.includes('boolean')) return 'switch'
  if (types.includes('integer')) return 'count'
  if (types.includes('string')) return 'text'
  return null
}

/** The fields a play's settings schema asks for, in its order. Lists have editors of their own and are left out. */
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
      least: typeof node.minimum === 'number' ? node.minimum : undefined,
      most: typeof node.maximum === 'number' ? node.maximum : undefined,
      options: Array.isArray(node.enum) ? node.enum.map(String) : [],
    }]
  })
}
