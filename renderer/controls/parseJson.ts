import type { Json } from '../../model/json.ts'

/** Parses JSON that a person types; undefined while it is none. */
export function parseJson(text: string): { readonly value: Json } | undefined {
  try {
    return { value: JSON.parse(text) as Json }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
