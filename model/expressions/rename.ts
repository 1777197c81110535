import type { AnyNode } from 'acorn'
import { parseBody, parseExpression } from './parse.ts'
import { literalKey } from './reads.ts'
import { visitReferences, type Reference } from './references.ts'
import { hasHoles, parseTemplate } from './template.ts'

/** New names by old ones: a renamed node has one entry, a pasted fragment one per node. */
export type Renames = ReadonlyMap<string, string>

interface Patch {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * Renames nodes in an expression: `nodes.old`, `nodes['old']`, `nodes?.old` and `const { old } = nodes`. Variables of
 * the expression's own that are called `nodes` are left alone, as is text that does not parse.
 */
export function renameInExpression(expression: string, renames: Renames): string {
  return renameIn(expression, renames, parseExpression)
}

/** The same in the body of a function. */
export function renameInBody(source: string, renames: Renames): string {
  return renameIn(source, renames, parseBody)
}

/** The same in every hole of a text setting. */
export function renameInTemplate(text: string, renames: Renames): string {
  if (!hasHoles(text) || !mentions(text, renames)) return text
  const parsed = parseTemplate(text)
  if ('problem' in parsed) return text
  const patches = parsed.template.parts.flatMap((part) => {
    if (part.type === 'text') return []
    return [
      {
        start: part.start,
        end: part.start + part.expression.length,
        text: renameInExpression(part.expression, renames),
      },
    ]
  })
  return applyPatches(text, patches)
}

function renameIn(
  text: string,
  renames: Renames,
  parse: (text: string) => { node: AnyNode } | { problem: unknown },
): string {
  if (!mentions(text, renames)) return text
  const parsed = parse(text)
  if (!('node' in parsed)) return text
  const patches: Patch[] = []
  visitReferences(parsed.node, (reference) => {
    if (reference.name === 'nodes') patches.push(...patchesFor(reference, renames))
  })
  return applyPatches(text, patches)
}

function mentions(text: string, renames: Renames): boolean {
  if (!text.includes('nodes')) return false
  for (const old of renames.keys()) if (text.includes(old)) return true
  // A key may be written with escapes.
  return text.includes('\\')
}

function patchesFor({ start, ancestors }: Reference, renames: Renames): Patch[] {
  const [parent] = ancestors
  if (parent?.type === 'MemberExpression' && parent.object.start === start) {
    const to = renames.get(literalKey(parent.property, parent.computed) ?? '')
    if (to === undefined) return []
    const { start: from, end } = parent.property
    return [{ start: from, end, text: parent.computed ? `'${to}'` : to }]
  }
  if (parent?.type !== 'VariableDeclarator' || parent.id.type !== 'ObjectPattern') return []
  return parent.id.properties.flatMap((property) => {
    if (property.type !== 'Property') return []
    const to = renames.get(literalKey(property.key, property.computed || property.key.type === 'Literal') ?? '')
    if (to === undefined) return []
    const { start: from, end } = property.key
    return [
      property.shorthand
        ? { start: from, end: from, text: `${to}: ` }
        : { start: from, end, text: property.computed ? `'${to}'` : to },
    ]
  })
}

function applyPatches(text: string, patches: readonly Patch[]): string {
  let result = ''
  let pos = 0
  for (const patch of patches.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(pos, patch.start) + patch.text
    pos = patch.end
  }
  return result + text.slice(pos)
}
