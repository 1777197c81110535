import { parse, parseExpressionAt, type AnyNode, type Expression, type Program } from 'acorn'

/** Why a piece of JavaScript does not parse. `offset` counts from the start of the piece. */
export interface ParseProblem {
  readonly message: string
  readonly offset: number
}

/** Longest expression that is parsed. */
const maxLength = 100_000
const ecmaVersion = 2023
/** Deepest tree that is taken, so that walks over it may recurse. A text shorter than this cannot be deeper. */
const maxDepth = 1500
const tooDeep: ParseProblem = { message: 'The expression nests too deep.', offset: 0 }
const comments = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g
/** What may stand between the end of an expression and the end of its hole: blanks, comments, closing brackets. */
const closing = /(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\n]*)*(\)?)/y

/** Parses text that must be one JavaScript expression and nothing else. */
export function parseExpression(text: string): { node: Expression } | { problem: ParseProblem } {
  if (text.trim() === '') return { problem: { message: 'The expression is empty.', offset: 0 } }
  return attempt(text, () => {
    const node = parseExpressionAt(text, 0, { ecmaVersion })
    if (isTooDeep(node)) return { problem: tooDeep }
    const end = endOf(text, node)
    if (end === text.length) return { node }
    const found = text.slice(end)
    return {
      problem: {
        message: `Unexpected "${found.slice(0, 12)}" behind the expression.`,
        offset: text.length - found.length,
      },
    }
  })
}

/** Where the first thing stands that does not belong to an expression. Brackets around it are not part of its node. */
function endOf(text: string, node: Expression): number {
  let opened = text.slice(0, node.start).replaceAll(comments, '').split('(').length - 1
  closing.lastIndex = node.end
  for (;;) {
    const bracket = closing.exec(text)?.[1] ?? ''
    if (bracket === '') return closing.lastIndex
    if (opened-- === 0) return closing.lastIndex - 1
  }
}

/** Parses the body of a function: statements, with `return`. */
export function parseBody(source: string): { node: Program } | { problem: ParseProblem } {
  return attempt(source, () => {
    const node = parse(source, { ecmaVersion, allowReturnOutsideFunction: true })
    return isTooDeep(node) ? { problem: tooDeep } : { node }
  })
}

function attempt<T extends object>(
  text: string,
  read: () => T | { problem: ParseProblem },
): T | { problem: ParseProblem } {
  if (text.length > maxLength)
    return { problem: { message: `An expression may have ${maxLength} characters.`, offset: 0 } }
  try {
    return read()
  } catch (error) {
    // A RangeError is acorn's recursion at its end: nesting too deep for any engine that would run it.
    if (error instanceof RangeError) return { problem: tooDeep }
    if (!(error instanceof SyntaxError)) throw error
    const offset = 'pos' in error && typeof error.pos === 'number' ? error.pos : 0
    return { problem: { message: `${error.message.replace(/ \(\d+:\d+\)$/, '')}.`, offset } }
  }
}

function isTooDeep(root: AnyNode): boolean {
  if (root.end - root.start <= maxDepth) return false
  let level: AnyNode[] = [root]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return true
    level = level.flatMap(childrenOf)
  }
  return false
}

/** The nodes directly below one, in source order. */
export function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node).flatMap((value: unknown) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  )
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value
  )
}
