import type { Flow, FlowNode } from '../../model/document.ts'
import { defaultInPort, defaultOutPort } from '../../model/edges.ts'
import { copyMap } from '../../model/maps.ts'
import { connect } from '../../model/edits/edges.ts'
import { addNode } from '../../model/edits/nodes.ts'
import { uniqueId } from '../../model/edits/uniqueId.ts'
import type { NodeSpec } from '../../model/nodeSpec.ts'
import { kinds } from '../kinds.ts'
import { selectionStore } from '../state/selectionStore.ts'
import { canvasFlow, editOnCanvas } from './canvasEdit.ts'
import type { AddRequest, Point } from './canvasStore.ts'
import { cardWidth } from './cardGeometry.ts'
import { showNode } from './canvasView.ts'
import { insertedOn } from './gestures/insertOnEdge.ts'
import { fieldToAsk, maySupply, nodeFace } from './nodeFace.ts'
import { placeFor } from './placement.ts'
import { edgeBetween, fittingEnds } from './wireEnds.ts'

const startGap = 80

/** A new node of a kind, as the file shall say it. */
function newNode(spec: NodeSpec, label?: string): FlowNode {
  const node = spec.version === 1 ? { kind: spec.kind } : { kind: spec.kind, version: spec.version }
  return label === undefined ? node : { ...node, label }
}

/** Whether a run begins at nodes of this kind. */
function entersFlow(spec: NodeSpec): boolean {
  return spec.role?.type === 'start' || spec.role?.type === 'trigger'
}

function hasEntry(flow: Flow): boolean {
  return Object.values(flow.nodes).some((node) => {
    const spec = kinds.get(node.kind)
    return spec !== undefined && entersFlow(spec)
  })
}

/** The face that a node of this kind will have: what fits is asked before the node exists. */
function portsOfNew(spec: NodeSpec) {
  return nodeFace(newNode(spec))
}

/** Whether a kind makes sense where a node is asked for. */
export function fitsRequest(flow: Flow, request: AddRequest, spec: NodeSpec): boolean {
  if (spec.role?.type === 'start' && hasEntry(flow)) return false
  const face = portsOfNew(spec)
  if (request.edge !== undefined) return face.inputs.length > 0 && face.outputs.length > 0
  const { from } = request
  if (!from) return true
  const node = flow.nodes[from.node]
  const supplies = node ? nodeFace(node).supplies : []
  if (from.type === 'target') {
    return supplies.some((port) => port.name === from.handle) ? maySupply(spec) : face.outputs.length > 0
  }
  const ends = fittingEnds(addNode(flow, '$new', newNode(spec)), from, '$new')
  return ends.length > 0
}

/** Wires a new node to the end that asked for it. */
function wired(flow: Flow, request: AddRequest, id: string): Flow {
  if (request.edge !== undefined) return insertedOn(flow, request.edge, id)
  const { from } = request
  const [end] = from ? fittingEnds(flow, from, id) : []
  const edge = from && end && edgeBetween(from, end)
  return edge ? connect(flow, edge) : flow
}

/** The first node of an empty flow gets the start that it would lack. */
function withStart(flow: Flow, id: string, at: readonly [number, number], spec: NodeSpec): Flow {
  const start = [...kinds.values()].find((kind) => kind.role?.type === 'start')
  if (!start || entersFlow(spec) || Object.keys(flow.nodes).length > 1 || portsOfNew(spec).inputs.length === 0)
    return flow
  const startId = uniqueId(flow, start.kind)
  const placed = addNode(flow, startId, newNode(start), [at[0] - cardWidth - startGap, at[1]])
  const nodes = copyMap({ [startId]: newNode(start), ...placed.nodes })
  return connect({ ...placed, nodes }, { from: startId, fromPort: defaultOutPort, to: id, toPort: defaultInPort })
}

/**
 * Adds a node of a kind where it was asked for, wires it, selects it, and asks for its first setting. Gives the node's
 * id, made from `label` where it has one; undefined where no document is open. `middle` is the middle of the view, in
 * canvas units.
 */
export function addNodeFor(request: AddRequest, spec: NodeSpec, middle: Point, label?: string): string | undefined {
  const before = canvasFlow()
  if (!before) return undefined
  const id = uniqueId(before, label ?? spec.kind)
  editOnCanvas(`Add ${spec.palette.label}`, (flow) => {
    const at = placeFor(flow, request, middle)
    const added = addNode(flow, id, newNode(spec, label), at)
    return withStart(wired(added, request, id), id, at, spec)
  })
  const { select, focusField } = selectionStore.getState()
  select({ nodes: [id] })
  showNode(id)
  const asked = fieldToAsk(spec, portsOfNew(spec).data)
  if (asked) focusField(id, `data.${asked.name}`)
  return id
}
