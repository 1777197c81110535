import type { FlowNode } from '../../model/document.ts'
import { defaultInPort, defaultOutPort } from '../../model/edges.ts'
import { portsOf } from '../../model/nodePorts.ts'
import type { Field, NodeSpec, Port } from '../../model/nodeSpec.ts'
import { unfinishedSettings } from '../../model/settings.ts'
import { kinds } from '../kinds.ts'

/** What a node looks like apart from any run: everything a card needs of its kind. */
export interface NodeFace {
  /** The node's label, or its kind's. */
  readonly title: string
  readonly kindLabel: string
  /** What the node will do, or what it lacks for that. */
  readonly subtitle: string
  /** The subtitle is words, not code. */
  readonly plainSubtitle: boolean
  readonly icon: string
  /** False for a kind that this build does not have. */
  readonly known: boolean
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
  readonly supplies: readonly Port[]
  readonly mayFail: boolean
  readonly maySupply: boolean
  /** The node asks a model, so it may stream text while it runs. */
  readonly streams: boolean
  /** Settings with defaults filled where they parse, as written where not. */
  readonly data: Record<string, unknown>
}

const faces = new WeakMap<FlowNode, NodeFace>()

/** Asks a kind about settings that may not fit it: a half-filled node must still be drawn. */
function asked<T>(ask: () => T, fallback: T): T {
  try {
    return ask()
  } catch (error) {
    if (error instanceof TypeError) return fallback
    throw error
  }
}

/** What a node of an unknown kind is drawn with; ports that its edges name are added. */
const plainPorts = { inputs: [{ name: defaultInPort }], outputs: [{ name: defaultOutPort }] }

function unknownFace(node: FlowNode): NodeFace {
  const title = node.label ?? node.kind
  const fixed = {
    icon: 'circle-question-mark',
    known: false,
    supplies: [],
    mayFail: true,
    maySupply: true,
    streams: false,
    plainSubtitle: true,
  }
  return {
    ...fixed,
    ...plainPorts,
    title,
    kindLabel: node.kind,
    subtitle: `unknown kind ${node.kind}`,
    data: node.data ?? {},
  }
}

/** Kinds whose node only begins or ends a scope have no way on after a failure. */
function mayFail(spec: NodeSpec): boolean {
  const role = spec.role?.type
  return role !== 'start' && role !== 'trigger' && role !== 'return' && role !== 'fail'
}

/** What an agent can be offered as a tool without being asked for: effects and subflows. EXECUTION.md 6.3. */
export function maySupply(spec: NodeSpec): boolean {
  return (spec.needs.length > 0 && spec.role === undefined) || spec.role?.type === 'subflow'
}

/** The value at a dotted path; own properties only, as files are anyone's. */
function valueAt(data: Record<string, unknown>, name: string): unknown {
  return name.split('.').reduce<unknown>((value, key) => {
    return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined
  }, data)
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

/** The first required setting that is empty; undefined where none is. */
export function firstEmptyField(
  spec: NodeSpec,
  data: Record<string, unknown>,
): Field<Record<string, unknown>> | undefined {
  return spec.fields.find((field) => {
    return (
      field.required === true && asked(() => field.when?.(data) ?? true, true) && isEmpty(valueAt(data, field.name))
    )
  })
}

/** What is chosen from a list has a good default; what is typed is what one adds a node for. */
const chosenEditors: readonly Field['editor'][] = ['select', 'boolean', 'model']

/** The setting that a new node asks for: the first that it needs, else the first that is typed. */
export function fieldToAsk(spec: NodeSpec, data: Record<string, unknown>): Field<Record<string, unknown>> | undefined {
  return (
    firstEmptyField(spec, data) ??
    spec.fields.find((field) => field.advanced !== true && !chosenEditors.includes(field.editor))
  )
}

function subtitleOf(
  spec: NodeSpec,
  node: FlowNode,
  data: Record<string, unknown>,
): Pick<NodeFace, 'subtitle' | 'plainSubtitle'> {
  const missing = firstEmptyField(spec, data)
  if (missing) return { subtitle: `needs ${missing.label}`, plainSubtitle: true }
  const code = asked(() => spec.subtitle?.(data) ?? '', '')
  if (code !== '') return { subtitle: code, plainSubtitle: false }
  return { subtitle: node.label === undefined ? spec.palette.summary : spec.palette.label, plainSubtitle: true }
}

function knownFace(spec: NodeSpec, node: FlowNode): NodeFace {
  const data = unfinishedSettings(spec.data, node.data ?? {})
  const ports = portsOf(node, kinds)
  return {
    title: node.label ?? spec.palette.label,
    kindLabel: spec.palette.label,
    ...subtitleOf(spec, node, data),
    icon: spec.palette.icon,
    known: true,
    inputs: ports?.inputs ?? [],
    outputs: ports?.outputs ?? [],
    supplies: ports?.supplies ?? [],
    mayFail: mayFail(spec),
    maySupply: maySupply(spec),
    streams: spec.needs.includes('model'),
    data,
  }
}

/** The face of a node; computed once per version of the node. */
export function nodeFace(node: FlowNode): NodeFace {
  const known = faces.get(node)
  if (known) return known
  const spec = kinds.get(node.kind)
  const face = spec ? knownFace(spec, node) : unknownFace(node)
  faces.set(node, face)
  return face
}
