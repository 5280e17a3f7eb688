import type { Template } from '@banyan/shared/api'

/** What a merchant looks for; an empty string asks for anything. */
export interface Wish {
  industry: string
  goal: string
  play: string
  words: string
}

const said = (template: Template): string =>
  [template.name, template.summary, template.industry].map((twin) => `${twin.zh} ${twin.en}`).join(' ').toLowerCase()

/** The templates that fit, in their order. Every word typed must be found somewhere. */
export function fitting(templates: readonly Template[], wish: Wish): Template[] {
  const words = wish.words.toLowerCase().split(/\s+/).filter(Boolean)
  return templates.filter(
    (template) =>
      (!wish.industry || template.industry.key === wish.industry) &&
      (!wish.goal || template.goal === wish.goal) &&
      (!wish.play || template.play === wish.play) &&
      words.every((word) => said(template).includes(word)),
  )
}
