import type { z } from 'zod'
import { diagnostic, type Diagnostic, type DiagnosticCode } from './diagnostics.ts'
import { flowFormat, type Flow, type FlowNode, type Layout, type Pin } from './document.ts'
import { defaultOutPort, formatEdge, parseEdge, sortEdges, type Edge } from './edges.ts'
import { flowHeadSchema, isNodeId, nodeSchema } from './flowSchema.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'
import { positionAt, scanJson, type JsonProblem } from './jsonScan.ts'
import { emptyMap } from './maps.ts'
import { migrateDocument } from './migrations.ts'

export { serializeFlow } from './flowText.ts'

/** What a flow file may hold at most. */
export const flowLimits = { characters: 20_000_000, depth: 200, nodes: 100_000 } as const

export interface ParsedFlow {
  /** Absent where an error leaves no way to represent the file without losing part of it. */
  readonly flow?: Flow
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Parses a flow file. Never throws, executes nothing, looks nothing up: kinds, ports and expressions are the compiler's.
 * A flow comes back only where it says all that the file says (a repeated edge excepted, which is reported and dropped);
 * edges come sorted by their text. `file` is only named in diagnostics. EXECUTION.md 1.
 */
export function parseFlow(text: string, file: string): ParsedFlow {
  return new FlowParser(text.startsWith('\uFEFF') ? text.slice(1) : text, file).parse()
}

type NodeData = z.infer<typeof nodeSchema>
type Place = Pick<Diagnostic, 'node' | 'field' | 'line' | 'column'>

class FlowParser {
  private readonly diagnostics: Diagnostic[] = []
  private readonly offsets = new Map<string, number>()
  private readonly text: string
  private readonly file: string

  constructor(text: string, file: string) {
    this.text = text
    this.file = file
  }

  parse(): ParsedFlow {
    const document = this.readJson()
    const flow = document && this.readFlow(document)
    return flow ? { flow, diagnostics: this.diagnostics } : { diagnostics: this.diagnostics }
  }

  private readJson(): JsonObject | undefined {
    if (this.text.length > flowLimits.characters) {
      const size = Math.ceil(this.text.length / 1_000_000)
      this.report(
        'too-large',
        `The file has ${size} million characters; ${flowLimits.characters / 1_000_000} million is the limit.`,
      )
      return undefined
    }
    const problems = scanJson(this.text, {
      maxDepth: flowLimits.depth,
      onEntry: (container, entry, offset) => this.offsets.set(`${container}/${entry}`, offset),
    })
    for (const problem of problems) this.reportJsonProblem(problem)
    if (problems.length > 0) return undefined
    const document = JSON.parse(this.text) as Json
    if (isJsonObject(document)) return this.migrate(document)
    this.report('bad-format', 'A flow file holds one JSON object.', { line: 1, column: 1 })
    return undefined
  }

  private reportJsonProblem(problem: JsonProblem): void {
    const position = positionAt(this.text, problem.offset)
    const { key, path } = problem
    if (problem.code === 'too-deep') this.report('too-large', problem.message, position)
    else if (key !== undefined && path.length === 1 && path[0] === 'nodes') this.reportNodeKey(problem, key, position)
    else if (key !== undefined && path.length > 1 && path[0] === 'nodes') {
      this.report('bad-json', problem.message, {
        node: String(path[1]),
        field: [...path.slice(2), key].join('.'),
        ...position,
      })
    } else
      this.report('bad-json', problem.message, {
        ...(key !== undefined && { field: [...path, key].join('.') }),
        ...position,
      })
  }

  private reportNodeKey(problem: JsonProblem, key: string, position: Place): void {
    if (problem.code === 'duplicate-key')
      this.report('duplicate-id', `Two nodes have the id "${key}".`, { node: key, ...position })
    else this.report('bad-node-id', `"${key}" may not be the id of a node.`, { node: key, ...position })
  }

  private migrate(document: JsonObject): JsonObject | undefined {
    const found = document['format']
    const migrated = migrateDocument(document)
    if (migrated) return migrated
    this.report('bad-format', describeFormat(found, document), { field: 'format' })
    return undefined
  }

  private readFlow(document: JsonObject): Flow | undefined {
    const head = flowHeadSchema.safeParse(document)
    if (!head.success) {
      for (const issue of head.error.issues) this.report('bad-field', ...describeIssue(issue, '', document))
      return undefined
    }
    const { format, name, pins, nodes, edges, layout, description, inputs, concurrency, env, ...extras } = head.data
    const parsedNodes = this.readNodes(nodes)
    const parsedEdges = this.readEdges(edges ?? [])
    if (!parsedNodes || !parsedEdges) return undefined
    return {
      format,
      name: name ?? nameFromFile(this.file),
      ...(description !== undefined && { description }),
      ...(inputs && { inputs }),
      ...(concurrency !== undefined && { concurrency }),
      ...(env && { env }),
      ...(pins && { pins: mapOf(pins, readPin) }),
      nodes: parsedNodes,
      edges: parsedEdges,
      ...(layout && { layout: readLayout(layout) }),
      ...(Object.keys(extras).length > 0 && { extras }),
    }
  }

  private readNodes(nodes: JsonObject): Record<string, FlowNode> | undefined {
    const ids = Object.keys(nodes)
    if (ids.length > flowLimits.nodes) {
      this.report('too-large', `The flow has ${ids.length} nodes; ${flowLimits.nodes} is the limit.`, {
        field: 'nodes',
      })
      return undefined
    }
    const result = emptyMap<FlowNode>()
    let isWhole = true
    for (const id of ids) {
      const node = this.readNode(id, nodes[id])
      if (node) result[id] = node
      else isWhole = false
    }
    return isWhole ? result : undefined
  }

  private readNode(id: string, raw: Json | undefined): FlowNode | undefined {
    const parsed = nodeSchema.safeParse(raw)
    const position = parsed.success && isNodeId(id) ? {} : this.positionOf(`nodes/${id}`)
    if (!isNodeId(id)) {
      this.report('bad-node-id', `"${id}" cannot be the id of a node: ids are JavaScript identifiers.`, {
        node: id,
        ...position,
      })
      return undefined
    }
    if (parsed.success) return nodeOf(parsed.data)
    for (const issue of parsed.error.issues) {
      const [message, place] = describeIssue(issue, `Node "${id}": `, raw)
      this.report(issue.path[0] === 'policy' ? 'bad-policy' : 'bad-field', message, { node: id, ...place, ...position })
    }
    return undefined
  }

  private readEdges(edges: readonly Json[]): readonly Edge[] | undefined {
    const byText = new Map<string, Edge>()
    let isWhole = true
    for (const [index, raw] of edges.entries()) {
      const edge = typeof raw === 'string' ? parseEdge(raw) : undefined
      const text = edge && formatEdge(edge)
      if (!edge || text === undefined) {
        isWhole = false
        this.report('bad-edge', `${shown(raw)} is no edge: write "from:port -> to:port".`, this.edgePlace(index))
      } else if (byText.has(text))
        this.report('duplicate-edge', `The edge "${text}" stands twice.`, this.edgePlace(index))
      else byText.set(text, edge)
    }
    return isWhole ? sortEdges([...byText.values()]) : undefined
  }

  private edgePlace(index: number): Place {
    return { field: `edges[${index}]`, ...this.positionOf(`edges/${index}`) }
  }

  private positionOf(entry: string): Place {
    const offset = this.offsets.get(entry)
    return offset === undefined ? {} : positionAt(this.text, offset)
  }

  private report(code: DiagnosticCode, message: string, place: Place = {}): void {
    this.diagnostics.push(diagnostic(code, message, { file: this.file, ...place }))
  }
}

function nodeOf(data: NodeData): FlowNode {
  const { kind, version, label, parent, disabled, params, data: settings, policy, ...extras } = data
  return {
    kind,
    ...(version !== undefined && { version }),
    ...(label !== undefined && { label }),
    ...(parent !== undefined && { parent }),
    ...(disabled !== undefined && { disabled }),
    ...(params && { params }),
    ...(settings && { data: settings }),
    ...(policy && { policy }),
    ...(Object.keys(extras).length > 0 && { extras }),
  }
}

/** `{port, output}` is a pin in full; any other value is the output itself. */
function readPin(value: Json): Pin {
  const { port, output, ...rest } = isJsonObject(value) ? value : {}
  const isFull = typeof port === 'string' && output !== undefined && Object.keys(rest).length === 0
  return isFull ? { port, output } : { port: defaultOutPort, output: value }
}

function readLayout(raw: z.infer<typeof flowHeadSchema>['layout'] & object): Layout {
  const { nodes, notes, ...extras } = raw
  return {
    ...(nodes && { nodes: mapOf(nodes, (at) => at) }),
    ...(notes && { notes: mapOf(notes, (note) => note) }),
    ...(Object.keys(extras).length > 0 && { extras }),
  }
}

/** Copies a record into one without prototype, so that keys such as `constructor` are only keys. */
function mapOf<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  const result = emptyMap<To>()
  for (const [key, value] of Object.entries(record)) result[key] = change(value)
  return result
}

function nameFromFile(file: string): string {
  return (file.split(/[\\/]/).at(-1) ?? '').replace(/(\.flow)?\.json$/, '') || 'Untitled'
}

function describeFormat(found: Json | undefined, document: JsonObject): string {
  if (typeof found === 'string' && found.startsWith('switchyard.flow/')) {
    return `The file has the format "${found}", which this version does not know; it reads "${flowFormat}". Update the program.`
  }
  if (found !== undefined) return `The file has the format ${shown(found)}; a flow has "${flowFormat}".`
  const isForeign = ['connections', 'States', 'graph', 'data'].some((key) => document[key] !== undefined)
  const advice = isForeign ? ' It looks like the file of another tool.' : ''
  return `The file has no "format"; a flow has "${flowFormat}".${advice}`
}

/** A sentence for a person and the dotted field, from an issue of the schema. */
function describeIssue(issue: z.core.$ZodIssue, prefix: string, raw: Json | undefined): [string, Place] {
  const field = issue.path.map(String).join('.')
  const found = issue.path.reduce<Json | undefined>((value, key) => childOf(value, String(key)), raw)
  const what = field === '' ? 'it' : `"${field}"`
  const but = found === undefined ? 'is missing' : `is ${shown(found)}`
  return [`${prefix}${what} must be ${expectation(issue)}, but ${but}.`, field === '' ? {} : { field }]
}

function childOf(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return Array.isArray(value) ? value[Number(key)] : value[key]
}

const expectedTypes: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return expectedTypes[issue.expected] ?? issue.expected
  if (issue.code === 'invalid_value') return `one of ${issue.values.map((value) => `"${String(value)}"`).join(', ')}`
  if (issue.code === 'too_small')
    return issue.origin === 'string' ? 'a text that is not empty' : `at least ${issue.minimum}`
  if (issue.code === 'invalid_union') return unionExpectation(issue)
  return issue.code === 'custom' && issue.message === 'an object' ? 'an object' : 'of another form'
}

function unionExpectation(issue: z.core.$ZodIssueInvalidUnion): string {
  const parts = issue.errors.flatMap((issues) => issues.slice(0, 1).map(expectation))
  return [...new Set(parts)].join(' or ')
}

function shown(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
