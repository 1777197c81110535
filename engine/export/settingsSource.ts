import { readsOf, readsOfBody } from '../../model/expressions/reads.ts'
import { holeOrLiteral } from '../../model/expressions/settings.ts'
import { hasHoles, parseTemplate, singleHole, type Template } from '../../model/expressions/template.ts'
import type { Json } from '../../model/json.ts'

/** How a kind's settings are read: dotted paths, `*` for any position in a list. */
export interface SettingsRules {
  readonly verbatim: readonly string[]
  readonly expressions: readonly string[]
  /** Settings edited as code: bodies of functions over the scope. */
  readonly code: readonly string[]
}

/** Writes settings as a JavaScript function of the scope that evaluates them. EXECUTION.md 2.1. */
export function settingsSource(data: Json, rules: SettingsRules): string {
  const names = new Set<string>()
  const body = new SettingsWriter(rules, names).write(data, [])
  return `(${parameter(names)}) => (${body})`
}

class SettingsWriter {
  private readonly rules: SettingsRules
  private readonly names: Set<string>

  constructor(rules: SettingsRules, names: Set<string>) {
    this.rules = rules
    this.names = names
  }

  write(value: Json, path: readonly string[]): string {
    if (typeof value === 'string') return this.text(value, path)
    if (Array.isArray(value))
      return `[${value.map((item, index) => this.write(item, [...path, String(index)])).join(', ')}]`
    if (typeof value !== 'object' || value === null) return JSON.stringify(value)
    const entries = Object.entries(value).map(
      ([key, part]) => `${JSON.stringify(key)}: ${this.write(part, [...path, key])}`,
    )
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
  }

  private text(text: string, path: readonly string[]): string {
    const isOneOf = (patterns: readonly string[]): boolean => patterns.some((pattern) => matches(pattern, path))
    if (isOneOf(this.rules.code)) return bodySource(text)
    if (isOneOf(this.rules.verbatim)) return JSON.stringify(text)
    if (isOneOf(this.rules.expressions)) {
      const found = holeOrLiteral(text)
      if (found && 'literal' in found) return JSON.stringify(found.literal)
    }
    const parsed = hasHoles(text) ? parseTemplate(text) : undefined
    return parsed && 'template' in parsed ? this.template(parsed.template) : JSON.stringify(text)
  }

  private template(template: Template): string {
    const hole = singleHole(template)
    if (hole) return `(${this.expression(hole.expression)} ?? null)`
    const parts = template.parts.map((part) =>
      part.type === 'text' ? JSON.stringify(part.text) : this.expression(part.expression),
    )
    return `joinText(${parts.join(', ')})`
  }

  private expression(expression: string): string {
    for (const name of readsOf(expression).names) this.names.add(name)
    return parenthesised(expression)
  }
}

/** An expression that may stand anywhere; a comment at its end may not swallow what follows. */
function parenthesised(expression: string): string {
  const text = expression.trim()
  return /^[\w$.[\]?]+$/.test(text) ? text : text.includes('//') ? `(${text}\n)` : `(${text})`
}

function bodySource(source: string): string {
  return `(${parameter(readsOfBody(source).names)}) => {\n${source}\n}`
}

function parameter(names: ReadonlySet<string>): string {
  return names.size === 0 ? '' : `{ ${[...names].sort().join(', ')} }: any`
}

function matches(pattern: string, path: readonly string[]): boolean {
  const keys = pattern.split('.')
  return keys.length === path.length && keys.every((key, index) => key === '*' || key === path[index])
}
