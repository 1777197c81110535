import type { ZodType } from 'zod'
import type { FlowNode, Pin } from '../../model/document.ts'
import { defaultOutPort, errorPort } from '../../model/edges.ts'
import { holeOrLiteral, templatesIn } from '../../model/expressions/settings.ts'
import { parseBody } from '../../model/expressions/parse.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { KindRegistry, NodeSpec } from '../../model/nodeSpec.ts'
import type { PlannedNode } from './machine.ts'
import { planPolicy } from './planPolicy.ts'
import type { Reporter } from './reporter.ts'

/** A node with its kind looked up and its settings parsed. */
export interface NodeDraft {
  readonly id: string
  readonly node: FlowNode
  readonly spec: NodeSpec
  /** Absent where the settings do not parse; then nothing is known of the ports. */
  readonly plan?: PlannedNode
  readonly inputs: ReadonlySet<string>
  /** Without `error`, which every node has. */
  readonly outputs: ReadonlySet<string>
  readonly supplies: ReadonlySet<string>
}

/** Looks up a node's kind, migrates, parses and fills its settings, checks its expressions and its policy. */
export function planNode(
  id: string,
  node: FlowNode,
  pin: Pin | undefined,
  kinds: KindRegistry,
  reporter: Reporter,
): NodeDraft | undefined {
  const spec = kinds.get(node.kind)
  if (!spec) {
    reporter.report('unknown-kind', `Node "${id}": there is no node kind "${node.kind}".`, { node: id })
    return undefined
  }
  const written = migrate(id, node, spec, reporter)
  const data = written && parseData(id, written.data, spec, reporter)
  const draft = { id, node, spec, inputs: new Set<string>(), outputs: new Set<string>(), supplies: new Set<string>() }
  if (!data) return draft
  checkExpressions(id, data, spec, reporter)
  const ports = spec.ports(data)
  const outputs = ports.outputs.map((port) => port.name).filter((name) => name !== errorPort)
  return {
    ...draft,
    inputs: new Set(ports.inputs.map((port) => port.name)),
    outputs: new Set(outputs),
    supplies: new Set(ports.supplies?.map((port) => port.name)),
    plan: {
      ...plannedBasics(node, spec, data, outputs),
      ...plannedPorts(id, node, pin, outputs, reporter),
      ...plannedPolicy(id, node, outputs, reporter),
    },
  }
}

function plannedBasics(node: FlowNode, spec: NodeSpec, data: JsonObject, ports: readonly string[]): PlannedNode {
  return {
    kind: node.kind,
    version: spec.version,
    ...(spec.role && { role: spec.role }),
    ...(node.label !== undefined && { label: node.label }),
    ...(node.parent !== undefined && { parent: node.parent }),
    data,
    ...(spec.pure === true && { pure: true }),
    ports,
    ...(node.params && { params: node.params }),
  }
}

/** Where the node finishes without running, or in spite of a failure. */
function plannedPorts(
  id: string,
  node: FlowNode,
  pin: Pin | undefined,
  outputs: readonly string[],
  reporter: Reporter,
): Partial<PlannedNode> {
  const check = (port: string, field: string, isNamed: boolean): string | undefined => {
    if (outputs.includes(port)) return port
    if (isNamed)
      reporter.report(
        'unknown-port',
        `Node "${id}" has no port "${port}" to finish on. It has: ${outputs.join(', ') || 'none'}.`,
        { node: id, field },
      )
    else
      reporter.report(
        'port-needed',
        `Node "${id}" has no port "out", so "${field}" must name the port to finish on: ${outputs.join(', ') || 'it has none'}.`,
        { node: id, field },
      )
    return undefined
  }
  const { disabled } = node
  const onError = node.policy?.onError
  const isDisabled = disabled !== undefined && disabled !== false
  const disabledPort = isDisabled
    ? check(disabled === true ? defaultOutPort : disabled.port, 'disabled', disabled !== true)
    : undefined
  const pinPort = pin && check(pin.port, `pins.${id}`, pin.port !== defaultOutPort)
  const continues = onError !== undefined && onError !== 'stop'
  const failurePort = continues
    ? check(onError === 'continue' ? defaultOutPort : onError.continue, 'policy.onError', onError !== 'continue')
    : undefined
  return {
    ...(disabledPort !== undefined && { disabled: disabledPort }),
    ...(pin && pinPort !== undefined && { pin }),
    ...(failurePort !== undefined && { failurePort }),
  }
}

function plannedPolicy(id: string, node: FlowNode, ports: readonly string[], reporter: Reporter): Partial<PlannedNode> {
  if (!node.policy) return {}
  const policy = planPolicy(id, node.policy, ports, reporter)
  return Object.keys(policy).length === 0 ? {} : { policy }
}

function migrate(
  id: string,
  node: FlowNode,
  spec: NodeSpec,
  reporter: Reporter,
): { readonly data: unknown } | undefined {
  const from = node.version ?? 1
  let data: unknown = node.data ?? {}
  if (from > spec.version) {
    reporter.report(
      'bad-field',
      `Node "${id}" is of version ${String(from)}; this program knows "${node.kind}" up to version ${String(spec.version)}.`,
      { node: id, field: 'version' },
    )
    return undefined
  }
  for (let version = from; version < spec.version; version++) {
    const step = spec.migrations[version]
    if (!step) throw new Error(`The kind "${spec.kind}" has no migration from version ${String(version)}.`)
    data = step(data)
  }
  return { data }
}

function parseData(id: string, written: unknown, spec: NodeSpec, reporter: Reporter): JsonObject | undefined {
  const schema: ZodType = spec.data
  const parsed = schema.safeParse(written)
  const data = isRecord(parsed.data) ? parsed.data : undefined
  let isWhole = data !== undefined
  for (const issue of parsed.error?.issues ?? []) {
    const field = ['data', ...issue.path.map(String)].join('.')
    const isMissing = isEmpty(valueAt(written, issue.path.map(String)))
    reporter.report(isMissing ? 'missing-field' : 'bad-field', fieldMessage(id, field, isMissing, issue.message), {
      node: id,
      field,
    })
  }
  for (const field of spec.fields) {
    if (field.required !== true || !data || (field.when && !field.when(data))) continue
    if (!isEmpty(valueAt(data, field.name.split('.')))) continue
    isWhole = false
    reporter.report('missing-field', `Node "${id}": "${field.name}" is empty. Fill it in.`, {
      node: id,
      field: `data.${field.name}`,
    })
  }
  return isWhole ? data : undefined
}

/** Settings come from JSON and go through the kind's schema, which keeps them JSON. */
function isRecord(value: unknown): value is JsonObject {
  return isJsonObject(value)
}

function fieldMessage(id: string, field: string, isMissing: boolean, message: string): string {
  return isMissing ? `Node "${id}": "${field}" is missing: ${message}.` : `Node "${id}": "${field}" ${message}.`
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined),
    value,
  )
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === ''
}

/** EXECUTION.md 2.1: every template parses, and settings that must be one hole or a literal are. */
function checkExpressions(id: string, data: JsonObject, spec: NodeSpec, reporter: Reporter): void {
  for (const { path, parsed } of templatesIn(data, spec.verbatim)) {
    if ('template' in parsed) continue
    reporter.report('bad-expression', `Node "${id}": "${path}" does not parse. ${parsed.problem.message}`, {
      node: id,
      field: `data.${path}`,
    })
  }
  for (const setting of spec.expressions ?? []) {
    for (const [path, value] of matching(data, setting.split('.'), [])) {
      if (holeOrLiteral(value) || isBroken(value)) continue
      reporter.report('bad-expression', `Node "${id}": "${path}" must be one {{ expression }} or a JSON value.`, {
        node: id,
        field: `data.${path}`,
      })
    }
  }
  for (const field of spec.fields) if (field.editor === 'code') checkSource(id, data, field.name, reporter)
}

/** Whether the template does not parse, which is reported already. */
function isBroken(value: Json): boolean {
  return templatesIn(value).some(({ parsed }) => 'problem' in parsed)
}

function checkSource(id: string, data: JsonObject, setting: string, reporter: Reporter): void {
  const source = valueAt(data, setting.split('.'))
  const parsed = typeof source === 'string' ? parseBody(source) : undefined
  if (!parsed || !('problem' in parsed)) return
  reporter.report('bad-expression', `Node "${id}": "${setting}" does not parse. ${parsed.problem.message}`, {
    node: id,
    field: `data.${setting}`,
  })
}

/** The values at a dotted path in which `*` stands for every index. */
function matching(value: Json, path: readonly string[], at: readonly string[]): [string, Json][] {
  const [key, ...rest] = path
  if (key === undefined) return [[at.join('.'), value]]
  if (key === '*')
    return Array.isArray(value) ? value.flatMap((child, index) => matching(child, rest, [...at, String(index)])) : []
  const child = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return child === undefined ? [] : matching(child, rest, [...at, key])
}
