import type { Flow, FlowNode, Layout, Note, Pin } from './document.ts'
import { formatEdge } from './edges.ts'

/**
 * Writes a flow in its one canonical form: fixed key order, nodes in file order, edges sorted by code unit, two spaces,
 * coordinates on one line, LF and a final newline. Equal flows give equal bytes, and `parseFlow` reads them back as they
 * were. EXECUTION.md 1.3.
 */
export function serializeFlow(flow: Flow): string {
  const { format, name, description, inputs, concurrency, env, pins, nodes, edges, layout, extras } = flow
  const members = [
    member('format', format),
    member('name', name),
    member('description', description),
    member('inputs', inputs),
    member('concurrency', concurrency),
    member('env', env),
    pins && rawMember('pins', block(pins, pinText, 1)),
    rawMember('nodes', block(nodes, nodeText, 1)),
    rawMember('edges', list(edges.map(formatEdge).sort())),
    ...Object.entries(extras ?? {}).map(([key, value]) => member(key, value)),
    layout && rawMember('layout', layoutText(layout)),
  ]
  return `{\n${members.filter((text) => text !== undefined).join(',\n')}\n}\n`
}

function nodeText(node: FlowNode): string {
  const { kind, version, label, parent, disabled, params, data, policy, extras } = node
  const order = ['retry', 'timeout', 'each', 'join', 'onError', 'maxVisits', 'idempotent', 'compensate', 'cache']
  const sorted = policy && ordered(policy, order)
  return json({ kind, version, label, parent, disabled, params, data, policy: sorted, ...extras }, 2)
}

function pinText(pin: Pin): string {
  return json({ port: pin.port, output: pin.output }, 2)
}

function layoutText(layout: Layout): string {
  const members = [
    layout.nodes && rawMember('nodes', block(layout.nodes, coordinates, 2), 2),
    layout.notes && rawMember('notes', block(layout.notes, noteText, 2), 2),
    ...Object.entries(layout.extras ?? {}).map(([key, value]) => member(key, value, 2)),
  ].filter((text) => text !== undefined)
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n  }`
}

function noteText(note: Note): string {
  const { text, at, color, ...rest } = note
  const members = [
    member('text', text, 4),
    rawMember('at', coordinates(at), 4),
    member('color', color, 4),
    ...Object.entries(rest).map(([key, value]) => member(key, value, 4)),
  ].filter((line) => line !== undefined)
  return `{\n${members.join(',\n')}\n${indent(3)}}`
}

function coordinates(at: readonly number[]): string {
  return `[${at.map((value) => (Number.isFinite(value) ? value : 0)).join(', ')}]`
}

function list(texts: readonly string[]): string {
  return texts.length === 0 ? '[]' : `[\n${texts.map((text) => `    ${JSON.stringify(text)}`).join(',\n')}\n  ]`
}

/** An object whose members are written by `write`; `level` is the depth of the object's own key. */
function block<T>(record: Readonly<Record<string, T>>, write: (value: T) => string, level: number): string {
  const entries = Object.entries(record)
  if (entries.length === 0) return '{}'
  return `{\n${entries.map(([key, value]) => rawMember(key, write(value), level + 1)).join(',\n')}\n${indent(level)}}`
}

function member(key: string, value: unknown, level = 1): string | undefined {
  return value === undefined ? undefined : rawMember(key, json(value, level), level)
}

function rawMember(key: string, text: string, level = 1): string {
  return `${indent(level)}${JSON.stringify(key)}: ${text}`
}

/** JSON as it stands at a depth: text inside strings holds no raw line breaks, so every one is layout. */
function json(value: unknown, level: number): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent(level)}`)
}

function indent(level: number): string {
  return '  '.repeat(level)
}

function ordered(record: object, first: readonly string[]): object {
  const entries = Object.entries(record)
  const rank = new Map(first.map((key, index) => [key, index]))
  return Object.fromEntries(entries.sort(([a], [b]) => (rank.get(a) ?? first.length) - (rank.get(b) ?? first.length)))
}
