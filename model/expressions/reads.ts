import type { AnyNode } from 'acorn'
import type { Json } from '../json.ts'
import { parseBody, parseExpression } from './parse.ts'
import { dottedPathOf, type PathStep } from './plain.ts'
import { visitReferences, type Reference } from './references.ts'
import { templatesIn } from './settings.ts'
import type { Template } from './template.ts'

/** What an expression reads. EXECUTION.md 2.2. */
export interface Reads {
  readonly nodes: readonly NodeRead[]
  /** Names of the scope that are used: `input`, `nodes`, `prev`, ... */
  readonly names: ReadonlySet<ScopeName>
  /** Keys read of `vars` and `env`, where they stand in the text. */
  readonly vars: ReadonlySet<string>
  readonly env: ReadonlySet<string>
  /** `nodes`, `vars` or `env` is used as a whole or with a key that is computed. */
  readonly whole: ReadonlySet<'nodes' | 'vars' | 'env'>
  /** Names that neither the scope nor JavaScript has. */
  readonly unknown: ReadonlySet<string>
}

export interface NodeRead {
  readonly id: string
  /** `output`, `error`, `visits`; absent where the node is used as a whole. */
  readonly field?: string
  /** Guarded by `?.` or `??`, so that a node that has not finished does no harm (`reads-unset`, EXECUTION.md 10.4). */
  readonly exempt: boolean
}

/** Every name that an expression may find. EXECUTION.md 2.2. */
export const scopeNames = ['input', 'nodes', 'prev', 'item', 'index', 'vars', 'run', 'env', 'now', 'args'] as const
export type ScopeName = (typeof scopeNames)[number]

const globals = new Set(
  `undefined NaN Infinity globalThis Object Array String Number Boolean Symbol BigInt Math JSON Date RegExp Map Set WeakMap WeakSet
  Promise Proxy Reflect Error TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError Function Iterator
  parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent encodeURI decodeURI escape unescape
  ArrayBuffer SharedArrayBuffer DataView Atomics Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array
  Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array arguments console`.split(/\s+/),
)

interface Found {
  readonly nodes: NodeRead[]
  readonly names: Set<ScopeName>
  readonly vars: Set<string>
  readonly env: Set<string>
  readonly whole: Set<'nodes' | 'vars' | 'env'>
  readonly unknown: Set<string>
}

const cache = new Map<string, Reads>()
const cacheLimit = 20_000
const longestCached = 4000

/** What an expression reads; nothing where it does not parse. Cached. */
export function readsOf(expression: string): Reads {
  const known = cache.get(expression)
  if (known) return known
  const found = nothing()
  const path = dottedPathOf(expression)
  if (path?.type === 'path') addPath(found, path.root, path.steps, false)
  else addParsed(found, parseExpression(expression))
  if (expression.length > longestCached) return found
  if (cache.size >= cacheLimit) cache.clear()
  cache.set(expression, found)
  return found
}

/** What the body of a function (the source of a `code` node) reads. */
export function readsOfBody(source: string): Reads {
  const found = nothing()
  addParsed(found, parseBody(source))
  return found
}

/** What all holes of a template read. */
export function readsOfTemplate(template: Template): Reads {
  return mergeReads(template.parts.flatMap((part) => (part.type === 'hole' ? [readsOf(part.expression)] : [])))
}

/** What all templates among settings read. */
export function readsOfSettings(data: Json, verbatim: readonly string[] = []): Reads {
  return mergeReads(
    templatesIn(data, verbatim).flatMap(({ parsed }) =>
      'template' in parsed ? [readsOfTemplate(parsed.template)] : [],
    ),
  )
}

export function mergeReads(all: readonly Reads[]): Reads {
  const [only] = all
  if (only && all.length === 1) return only
  const found = nothing()
  for (const reads of all) {
    found.nodes.push(...reads.nodes)
    for (const name of reads.names) found.names.add(name)
    for (const name of reads.vars) found.vars.add(name)
    for (const name of reads.env) found.env.add(name)
    for (const name of reads.whole) found.whole.add(name)
    for (const name of reads.unknown) found.unknown.add(name)
  }
  return found
}

function nothing(): Found {
  return { nodes: [], names: new Set(), vars: new Set(), env: new Set(), whole: new Set(), unknown: new Set() }
}

function addParsed(found: Found, parsed: { node: AnyNode } | { problem: unknown }): void {
  if ('node' in parsed) visitReferences(parsed.node, (reference) => addReference(found, reference))
}

function addReference(found: Found, reference: Reference): void {
  const { steps, isGuarded } = stepsBehind(reference)
  addPath(found, reference.name, steps, isGuarded)
}

function addPath(found: Found, root: string, steps: readonly PathStep[], isGuarded: boolean): void {
  if (!isScopeName(root)) {
    if (!globals.has(root)) found.unknown.add(root)
    return
  }
  found.names.add(root)
  const [first, second] = steps
  if (root === 'nodes') {
    if (!first) found.whole.add('nodes')
    else {
      const exempt = isGuarded || steps.some((step) => step.optional)
      found.nodes.push({ id: first.key, ...(second && { field: second.key }), exempt })
    }
  } else if (root === 'vars' || root === 'env') {
    if (first) found[root].add(first.key)
    else found.whole.add(root)
  }
}

function isScopeName(name: string): name is ScopeName {
  return (scopeNames as readonly string[]).includes(name)
}

/** The keys read from a name on, as far as they stand in the text, and whether `??` follows. */
function stepsBehind({ name, ancestors }: Reference): { steps: PathStep[]; isGuarded: boolean } {
  const steps: PathStep[] = []
  let inner: AnyNode | undefined
  for (const node of ancestors) {
    if (node.type === 'LogicalExpression') return { steps, isGuarded: node.operator === '??' && node.left === inner }
    if (node.type === 'MemberExpression' && (inner ? node.object === inner : isNamed(node.object, name))) {
      const key = literalKey(node.property, node.computed)
      if (key === undefined) return { steps, isGuarded: steps.some((step) => step.optional) }
      steps.push({ key, optional: node.optional })
    } else if (node.type !== 'ChainExpression' && node.type !== 'ParenthesizedExpression') break
    inner = node
  }
  return { steps, isGuarded: false }
}

function isNamed(node: AnyNode, name: string): boolean {
  return node.type === 'Identifier' && node.name === name
}

/** A key that stands in the text; undefined where it is computed. */
export function literalKey(property: AnyNode, computed: boolean): string | undefined {
  if (!computed) return property.type === 'Identifier' ? property.name : undefined
  if (property.type === 'Literal' && property.value !== null) return String(property.value)
  const [quasi] = property.type === 'TemplateLiteral' && property.expressions.length === 0 ? property.quasis : []
  return quasi?.value.cooked ?? undefined
}
