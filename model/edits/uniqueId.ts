import type { Flow } from '../document.ts'
import { isNodeId } from '../flowSchema.ts'
import { own } from '../maps.ts'

/** Words that read badly as ids, since they cannot be variables. */
const reserved = new Set(
  'if switch return for while do try catch finally throw new delete in of var let const class function default case null true false this with void typeof'.split(
    ' ',
  ),
)

/**
 * An id that is free in the flow, made from any text: `write-file` gives `writeFile`, then `writeFile2`. `taken` names
 * further ids that are spoken for.
 */
export function uniqueId(flow: Flow, base: string, taken: ReadonlySet<string> = new Set()): string {
  const isFree = (id: string): boolean => isNodeId(id) && own(flow.nodes, id) === undefined && !taken.has(id)
  const clean = identifierFrom(base)
  if (isFree(clean) && !reserved.has(clean)) return clean
  const stem = clean.replace(/\d+$/, '') || 'node'
  const start = reserved.has(stem) ? 1 : 2
  for (let number = start; ; number++) {
    if (isFree(`${stem}${number}`)) return `${stem}${number}`
  }
}

/** `API` becomes `api`, `Front` becomes `front`. */
function lowerFirst(word: string): string {
  return word === word.toUpperCase() ? word.toLowerCase() : word.charAt(0).toLowerCase() + word.slice(1)
}

function identifierFrom(text: string): string {
  const words = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .split(/[^A-Za-z0-9_$]+/)
    .filter((word) => word !== '')
  const joined = words
    .map((word, index) => (index === 0 ? lowerFirst(word) : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')
  return /^[A-Za-z_$]/.test(joined) ? joined : joined === '' ? 'node' : `n${joined}`
}
