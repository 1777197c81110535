import { evaluatePlain } from '../../model/expressions/plain.ts'
import { mergeReads, readsOf } from '../../model/expressions/reads.ts'
import { renderTemplate } from '../../model/expressions/render.ts'
import { holeOrLiteral } from '../../model/expressions/settings.ts'
import { hasHoles, parseTemplate, type Hole, type Template } from '../../model/expressions/template.ts'
import { NodeFailure } from '../../model/failure.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { SandboxPool } from '../services/sandbox.ts'
import { readPart, settledValue, type Scope } from './scope.ts'

/** Settings with their templates parsed, evaluated as often as a node starts. EXECUTION.md 2. */
export interface SettingsPlan {
  /** Expressions that are more than a path or literal, without repeats. */
  readonly scripts: readonly string[]
  build(scope: Scope, results: ScriptResults): Json
}

/** Results of the scripts, by their source. */
type ScriptResults = ReadonlyMap<string, Json>

const noResults: ScriptResults = new Map()

/** How a kind's settings are to be read: dotted paths, `*` for any list position or name. */
export interface SettingsRules {
  readonly verbatim: readonly string[]
  /** Settings that are one hole or a JSON literal. */
  readonly expressions: readonly string[]
}

/** Parses the templates among settings. A template that does not parse fails when evaluated: `expression-failed`. */
export function planSettings(data: Json, rules: SettingsRules): SettingsPlan {
  const scripts = new Set<string>()
  const build = planValue(data, '', { rules, scripts })
  return { scripts: [...scripts], build: build ?? (() => data) }
}

/** Evaluates settings; without scripts at once, else in the sandbox, all in one call. */
export function evaluateSettings(
  plan: SettingsPlan,
  scope: Scope,
  sandbox: SandboxPool,
  signal?: AbortSignal,
): Json | Promise<Json> {
  if (plan.scripts.length === 0) return plan.build(scope, noResults)
  return evaluateScripts(plan, scope, sandbox, signal)
}

async function evaluateScripts(
  plan: SettingsPlan,
  scope: Scope,
  sandbox: SandboxPool,
  signal?: AbortSignal,
): Promise<Json> {
  const reads = mergeReads(plan.scripts.map(readsOf))
  const values = await sandbox.evaluate(plan.scripts, readPart(scope, reads), signal)
  return plan.build(scope, new Map(plan.scripts.map((script, i) => [script, values[i] ?? null])))
}

/** Builds a value; absent where it holds no template, so that it is shared as it stands. */
type Build = ((scope: Scope, results: ScriptResults) => Json) | undefined

interface Planning {
  readonly rules: SettingsRules
  readonly scripts: Set<string>
}

function planValue(value: Json, path: string, planning: Planning): Build {
  if (isListed(planning.rules.verbatim, path)) return undefined
  if (typeof value === 'string') return planText(value, path, planning)
  if (Array.isArray(value)) return planList(value, path, planning)
  return typeof value === 'object' && value !== null ? planObject(value, path, planning) : undefined
}

function planText(text: string, path: string, planning: Planning): Build {
  if (isListed(planning.rules.expressions, path)) {
    const found = holeOrLiteral(text)
    if (found && 'literal' in found) return () => found.literal
  }
  if (!hasHoles(text)) return undefined
  const parsed = parseTemplate(text)
  if ('problem' in parsed) return () => fail(`${path}: ${parsed.problem.message}`)
  return planTemplate(parsed.template, planning)
}

function planTemplate(template: Template, { scripts }: Planning): Build {
  for (const part of template.parts) {
    if (part.type === 'hole' && !part.plain) scripts.add(part.expression)
  }
  return (scope, results) => renderTemplate(template, (hole) => valueOf(hole, scope, results))
}

/** Values are JSON already: `undefined` is the one exception, which the template makes null. */
function valueOf(hole: Hole, scope: Scope, results: ScriptResults): Json | undefined {
  if (!hole.plain) return results.get(hole.expression)
  const value = evaluatePlain(hole.plain, scope)
  if (hole.plain.type === 'literal') return value as Json
  const { root, steps } = hole.plain
  return settledValue(value, { root, depth: steps.length }, scope) as Json | undefined
}

function planList(list: readonly Json[], path: string, planning: Planning): Build {
  const builds = list.map((item, i) => planValue(item, below(path, String(i)), planning))
  if (!builds.some(Boolean)) return undefined
  return (scope, results) =>
    list.map((item, i) => {
      const build = builds[i]
      return build ? build(scope, results) : item
    })
}

function planObject(object: JsonObject, path: string, planning: Planning): Build {
  const fields = Object.entries(object).map(([key, field]) => ({
    key,
    field,
    build: planValue(field, below(path, key), planning),
  }))
  if (!fields.some(({ build }) => build)) return undefined
  return (scope, results) => {
    const result: JsonObject = {}
    for (const { key, field, build } of fields) {
      const value = build ? build(scope, results) : field
      if (key === '__proto__')
        Object.defineProperty(result, key, { value, enumerable: true, writable: true, configurable: true })
      else result[key] = value
    }
    return result
  }
}

function below(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function isListed(patterns: readonly string[], path: string): boolean {
  return patterns.some(
    (pattern) => pattern === path || (pattern.includes('*') && matches(pattern.split('.'), path.split('.'))),
  )
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.length === path.length && pattern.every((part, i) => part === '*' || part === path[i])
}

function fail(message: string): never {
  throw new NodeFailure('expression-failed', message)
}
