import { hashText } from '../workspace/textFiles.ts'

/** Parts of a flow file that say how it looks and not what it does. */
const looks = new Set(['layout', 'name', 'description'])

/**
 * The hash that trust is bound to: everything that can have an effect, and nothing else, so that moving a card does
 * not lock a flow. Computed from the text alone; a text that is no JSON object is hashed as it is.
 */
export function trustHash(text: string): string {
  return hashText(effectiveText(text))
}

function effectiveText(text: string): string {
  const parsed = parse(text)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return text
  return JSON.stringify(Object.entries(parsed).filter(([key]) => !looks.has(key)))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // hashed as text
  }
}
