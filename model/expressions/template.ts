import { parseExpression } from './parse.ts'
import { dottedPathOf, plainOf, type PlainExpression } from './plain.ts'

/** A text setting, parsed: what stands between holes, and the holes. EXECUTION.md 2.1. */
export interface Template {
  readonly parts: readonly TemplatePart[]
}

export type TemplatePart = TextPart | Hole

export interface TextPart {
  readonly type: 'text'
  readonly text: string
}

export interface Hole {
  readonly type: 'hole'
  /** The JavaScript between `{{` and `}}`, as written. */
  readonly expression: string
  /** Offset of the expression in the setting's text. */
  readonly start: number
  /** Set where the expression can be evaluated without a sandbox. */
  readonly plain?: PlainExpression
}

export interface TemplateProblem {
  readonly message: string
  /** Offset in the setting's text. */
  readonly offset: number
}

export type ParsedTemplate = { readonly template: Template } | { readonly problem: TemplateProblem }

const cache = new Map<string, ParsedTemplate>()
const cacheLimit = 20_000
/** Longer texts are rare, and would let the cache grow large. */
const longestCached = 4000
/** Ends of a hole that are tried: bounds the work on hostile text. */
const maxEnds = 200

/**
 * Parses a text that may hold `{{ expressions }}`. A hole ends at the first `}}` that leaves a parseable expression;
 * `{{{{` writes `{{`. Results are kept, so parsing the same text again costs a look-up.
 */
export function parseTemplate(text: string): ParsedTemplate {
  const known = cache.get(text)
  if (known) return known
  const parsed = readTemplate(text)
  if (text.length > longestCached) return parsed
  if (cache.size >= cacheLimit) cache.clear()
  cache.set(text, parsed)
  return parsed
}

/** Whether a text has anything to parse. */
export function hasHoles(text: string): boolean {
  return text.includes('{{')
}

/** The hole where the whole text is one, so that its value keeps its type. */
export function singleHole(template: Template): Hole | undefined {
  const [part] = template.parts
  return template.parts.length === 1 && part?.type === 'hole' ? part : undefined
}

/** Whether a text is one hole and nothing else. */
export function isSingleHole(text: string): boolean {
  const parsed = parseTemplate(text)
  return 'template' in parsed && singleHole(parsed.template) !== undefined
}

function readTemplate(text: string): ParsedTemplate {
  const parts: TemplatePart[] = []
  let literal = ''
  let pos = 0
  for (let open = text.indexOf('{{'); open !== -1; open = text.indexOf('{{', pos)) {
    literal += text.slice(pos, open)
    if (text.startsWith('{{{{', open)) {
      literal += '{{'
      pos = open + 4
      continue
    }
    const hole = readHole(text, open + 2)
    if ('problem' in hole) return hole
    if (literal !== '') parts.push({ type: 'text', text: literal })
    literal = ''
    parts.push(hole)
    pos = hole.start + hole.expression.length + 2
  }
  literal += text.slice(pos)
  if (literal !== '') parts.push({ type: 'text', text: literal })
  return { template: { parts } }
}

function readHole(text: string, start: number): Hole | { problem: TemplateProblem } {
  let firstProblem: TemplateProblem | undefined
  let end = text.indexOf('}}', start)
  for (let tries = 0; end !== -1 && tries < maxEnds; tries++, end = text.indexOf('}}', end + 1)) {
    const expression = text.slice(start, end)
    const path = dottedPathOf(expression)
    if (path) return { type: 'hole', expression, start, plain: path }
    const parsed = parseExpression(expression)
    if ('node' in parsed) {
      const plain = plainOf(parsed.node)
      return { type: 'hole', expression, start, ...(plain && { plain }) }
    }
    firstProblem ??= { message: parsed.problem.message, offset: start + parsed.problem.offset }
  }
  return {
    problem: firstProblem ?? {
      message: 'The hole that opens here has no "}}". Write "{{{{" for two braces.',
      offset: start - 2,
    },
  }
}
