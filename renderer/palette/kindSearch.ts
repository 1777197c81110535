import { rankLabel } from './rank.ts'

export interface KindSearch {
  /** What a kind is searched by. */
  readonly search: string
  /** The name that the new node gets; undefined for none. */
  readonly label: string | undefined
}

/** Reads `http: Users` as a search for `http` and the name of the node to come. */
export function readKindSearch(typed: string): KindSearch {
  const colon = typed.indexOf(':')
  if (colon < 0) return { search: typed, label: undefined }
  const label = typed.slice(colon + 1).trim()
  return { search: typed.slice(0, colon), label: label === '' ? undefined : label }
}

/** Ranks a kind against what was typed, whatever name follows it. */
export function rankKind(label: string, typed: string, keywords?: readonly string[]): number {
  return rankLabel(label, readKindSearch(typed).search, keywords)
}
