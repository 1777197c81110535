import type { AnyNode, Expression } from 'acorn'
import { NodeFailure } from '../failure.ts'
import type { Json, JsonObject } from '../json.ts'

/**
 * An expression that needs no sandbox: a path from a name of the scope (`nodes.a.output?.items[0]`) or a literal.
 * EXECUTION.md 2.3.
 */
export type PlainExpression =
  | { readonly type: 'literal'; readonly value: Json }
  | { readonly type: 'path'; readonly root: string; readonly steps: readonly PathStep[] }

export interface PathStep {
  readonly key: string
  /** Written `?.`: where the value before is null or undefined, the whole path is undefined. */
  readonly optional: boolean
}

/** Names that start an expression but are no variables. `undefined` and its like are globals: the sandbox knows them. */
const notNames = new Set(
  'true false null this super new typeof void delete in instanceof function class undefined NaN Infinity async await yield let static'
    .split(' ')
    .concat(
      'var const if else for while do switch case default break continue return throw try catch finally with'.split(
        ' ',
      ),
    )
    .concat('debugger export import extends enum arguments eval'.split(' ')),
)

const dottedPath = /^\s*([A-Za-z_$][\w$]*)((?:(?:\?\.|\.)[A-Za-z_$][\w$]*|(?:\?\.)?\[(?:0|[1-9]\d{0,8})\])*)\s*$/
const dottedStep = /(\?\.|\.)?(?:\[(\d+)\]|([A-Za-z_$][\w$]*))/g

/** Reads a path without quoted keys, which most expressions are, without parsing JavaScript. */
export function dottedPathOf(text: string): PlainExpression | undefined {
  const [, root, rest] = dottedPath.exec(text) ?? []
  if (root === undefined || rest === undefined || notNames.has(root)) return undefined
  const steps: PathStep[] = []
  for (const [, dot, index, name] of rest.matchAll(dottedStep)) {
    steps.push({ key: index ?? name ?? '', optional: dot === '?.' })
  }
  return { type: 'path', root, steps }
}

/** Reads a parsed expression as a path or literal; undefined where it is anything more. */
export function plainOf(node: Expression): PlainExpression | undefined {
  const literal = literalOf(node)
  if (literal !== undefined) return { type: 'literal', value: literal }
  const steps: PathStep[] = []
  let current: AnyNode = node.type === 'ChainExpression' ? node.expression : node
  while (current.type === 'MemberExpression') {
    const key = keyOf(current.property, current.computed)
    if (key === undefined) return undefined
    steps.unshift({ key, optional: current.optional })
    current = current.object
  }
  if (current.type !== 'Identifier' || notNames.has(current.name)) return undefined
  return { type: 'path', root: current.name, steps }
}

function keyOf(property: AnyNode, computed: boolean): string | undefined {
  if (!computed) return property.type === 'Identifier' ? property.name : undefined
  if (property.type !== 'Literal') return undefined
  return typeof property.value === 'string' || typeof property.value === 'number' ? String(property.value) : undefined
}

/** The value of a literal, lists and objects of literals included. */
function literalOf(node: AnyNode | null): Json | undefined {
  if (node?.type === 'Literal') {
    if (node.value === null) return node.raw === 'null' ? null : undefined
    return typeof node.value === 'object' || typeof node.value === 'bigint' ? undefined : node.value
  }
  if (node?.type === 'UnaryExpression' && node.operator === '-') {
    const value = literalOf(node.argument)
    return typeof value === 'number' ? -value : undefined
  }
  if (node?.type === 'ArrayExpression') {
    const values = node.elements.map(literalOf)
    return values.every((value) => value !== undefined) ? values : undefined
  }
  return node?.type === 'ObjectExpression' ? literalObject(node.properties) : undefined
}

function literalObject(properties: readonly AnyNode[]): JsonObject | undefined {
  const result: JsonObject = {}
  for (const property of properties) {
    if (property.type !== 'Property' || property.kind !== 'init' || property.computed) return undefined
    const key = property.key.type === 'Identifier' ? property.key.name : keyOf(property.key, true)
    const value = literalOf(property.value)
    if (key === undefined || key === '__proto__' || value === undefined) return undefined
    result[key] = value
  }
  return result
}

/**
 * Evaluates a path or literal over a scope, by own properties only. Fails as JavaScript does,
 * as `expression-failed`, where the name is not in scope or a value on the way is null or undefined.
 */
export function evaluatePlain(expression: PlainExpression, scope: Readonly<Record<string, unknown>>): unknown {
  if (expression.type === 'literal') return expression.value
  const { root, steps } = expression
  if (!Object.hasOwn(scope, root)) throw new NodeFailure('expression-failed', `"${root}" is not defined here.`)
  let value = scope[root]
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index]
    if (!step) break
    if (value === null || value === undefined) {
      if (step.optional) return undefined
      throw new NodeFailure('expression-failed', noProperty(root, steps.slice(0, index), String(value), step.key))
    }
    value = ownProperty(value, step.key)
  }
  return value
}

/** An own property of any value, as texts have `length` and characters by index; undefined where there is none. */
export function ownProperty(value: unknown, key: string): unknown {
  const holder = Object(value) as object
  return Object.hasOwn(holder, key) ? Reflect.get(holder, key) : undefined
}

function noProperty(root: string, steps: readonly PathStep[], value: string, key: string): string {
  return `${writePath(root, steps)} is ${value}, so it has no property "${key}". Use ?. or ?? where it may be missing.`
}

/** Writes a path as JavaScript. */
export function writePath(root: string, steps: readonly PathStep[]): string {
  return root + steps.map(({ key, optional }) => writeStep(key, optional)).join('')
}

function writeStep(key: string, optional: boolean): string {
  if (/^[A-Za-z_$][\w$]*$/.test(key)) return optional ? `?.${key}` : `.${key}`
  const inside = /^(?:0|[1-9]\d*)$/.test(key) ? key : JSON.stringify(key)
  return `${optional ? '?.' : ''}[${inside}]`
}
