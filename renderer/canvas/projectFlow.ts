import { type NodeHandle, Position } from '@xyflow/react'
import type { Flow, FlowNode, Note } from '../../model/document.ts'
import { type Edge, errorPort, formatEdge } from '../../model/edges.ts'
import type { Port } from '../../model/nodeSpec.ts'
import type { Selection } from '../state/selectionStore.ts'
import { backLanes, type LaneInput } from './backLanes.ts'
import type { CanvasNode, CardNode, NoteNode, WireEdge } from './canvasTypes.ts'
import { noteNodeId } from './canvasTypes.ts'
import { type CardHandle, cardGeometry, type CardGeometry, handleSize, supplyHandle } from './cardGeometry.ts'
import { graphOrder } from './graphOrder.ts'
import { type NodeFace, nodeFace } from './nodeFace.ts'

/** What a card's size depends on besides the flow. */
interface CardView {
  /** A run is shown: every card has its row of state. */
  readonly stateShown: boolean
  /** Heights of what kinds and running agents show on their cards, by node id. */
  readonly bodyHeights: ReadonlyMap<string, number>
  /** Nodes whose folded ports are listed. */
  readonly unfolded: ReadonlySet<string>
}

/** What the picture depends on besides the flow. */
export interface ViewInput extends CardView {
  readonly selection: Selection
  /** Changes when the fonts have arrived, so that everything is measured again. */
  readonly fontGeneration: number
}

interface Wiring {
  readonly errorWired: ReadonlySet<string>
  readonly suppliers: ReadonlySet<string>
  /** Ports that edges name and the kind does not have: drawn all the same, so that the edge can be seen and repaired. */
  readonly strayOutputs: ReadonlyMap<string, readonly Port[]>
  readonly strayInputs: ReadonlyMap<string, readonly Port[]>
}

const sides = { left: Position.Left, right: Position.Right, top: Position.Top, bottom: Position.Bottom } as const

/** Whether an edge supplies an agent instead of carrying a token. */
export function isSupplyEdge(flow: Flow, edge: Edge): boolean {
  const target = flow.nodes[edge.to]
  return target !== undefined && nodeFace(target).supplies.some((port) => port.name === edge.toPort)
}

function addStray(
  strays: Map<string, readonly Port[]>,
  id: string,
  ports: readonly Port[] | undefined,
  name: string,
): void {
  const known = strays.get(id) ?? []
  if (ports && ![...ports, ...known].some((port) => port.name === name)) strays.set(id, [...known, { name }])
}

function portsOf(flow: Flow, id: string): NodeFace | undefined {
  const node = flow.nodes[id]
  return node && nodeFace(node)
}

const wirings = new WeakMap<Flow, Wiring>()

/** What a flow's edges say of its cards; worked out once per flow, since every change of the selection asks. */
function wiringOf(flow: Flow): Wiring {
  const known = wirings.get(flow)
  if (known) return known
  const wiring = readWiring(flow)
  wirings.set(flow, wiring)
  return wiring
}

function readWiring(flow: Flow): Wiring {
  const errorWired = new Set<string>()
  const suppliers = new Set<string>()
  const strayOutputs = new Map<string, readonly Port[]>()
  const strayInputs = new Map<string, readonly Port[]>()
  for (const edge of flow.edges) {
    if (isSupplyEdge(flow, edge)) {
      suppliers.add(edge.from)
      continue
    }
    if (edge.fromPort === errorPort) errorWired.add(edge.from)
    else addStray(strayOutputs, edge.from, portsOf(flow, edge.from)?.outputs, edge.fromPort)
    addStray(strayInputs, edge.to, portsOf(flow, edge.to)?.inputs, edge.toPort)
  }
  return { errorWired, suppliers, strayOutputs, strayInputs }
}

function portNames(ports: readonly Port[] | undefined): string {
  return (ports ?? []).map((port) => port.name).join('|')
}

function viewHandle(handle: CardHandle): NodeHandle {
  const half = handleSize / 2
  return {
    id: handle.id,
    type: handle.type,
    position: sides[handle.side],
    x: handle.x - half,
    y: handle.y - half,
    width: handleSize,
    height: handleSize,
  }
}

/** Everything a card's picture is made from; equal faces of it need no new picture. */
interface CardInputs {
  readonly node: FlowNode
  readonly at: readonly number[] | undefined
  readonly selected: boolean
  readonly shape: string
}

/**
 * Turns a flow into what the canvas draws, reusing every node and edge whose picture is the same as before: an edit of
 * one node among thousands makes one new object.
 */
export class FlowProjection {
  #cards = new Map<string, { inputs: CardInputs; drawn: CardNode }>()
  #notes = new Map<string, { note: Note; selected: boolean; drawn: NoteNode }>()
  #edges = new Map<string, WireEdge>()
  #geometries = new WeakMap<FlowNode, { shape: string; geometry: CardGeometry }>()

  nodes(flow: Flow, view: ViewInput): CanvasNode[] {
    const wiring = wiringOf(flow)
    const notes = Object.entries(flow.layout?.notes ?? {}).map(([id, note]) => this.#note(id, note, view))
    const cards = graphOrder(flow).flatMap((id) => {
      const node = flow.nodes[id]
      return node ? [this.#card(id, node, flow, wiring, view)] : []
    })
    this.#forget(flow)
    return [...notes, ...cards]
  }

  /** Call after `nodes`: the lines of edges that lead back keep clear of the cards drawn. */
  edges(flow: Flow, view: ViewInput): WireEdge[] {
    const inputs = edgeInputs(flow)
    const cards = new Map([...this.#cards].map(([id, { drawn }]) => [id, drawn]))
    const lanes = backLanes(
      [...inputs.values()].filter((input) => !input.supply),
      cards,
    )
    const drawn = [...inputs.values()].map((input) => {
      return this.#edge({ ...input, lane: lanes.get(input.id), selected: view.selection.edges.has(input.id) })
    })
    for (const id of this.#edges.keys()) if (!inputs.has(id)) this.#edges.delete(id)
    return drawn
  }

  #card(id: string, node: FlowNode, flow: Flow, wiring: Wiring, view: ViewInput): CardNode {
    const at = flow.layout?.nodes?.[id]
    const selected = view.selection.nodes.has(id)
    const shape = [
      wiring.errorWired.has(id),
      wiring.suppliers.has(id),
      view.stateShown,
      view.bodyHeights.get(id) ?? 0,
      view.unfolded.has(id),
      view.fontGeneration,
      portNames(wiring.strayInputs.get(id)),
      portNames(wiring.strayOutputs.get(id)),
    ].join()
    const known = this.#cards.get(id)
    const same = known?.inputs.node === node && known.inputs.at === at && known.inputs.shape === shape
    if (known && same && known.inputs.selected === selected) return known.drawn
    const geometry = this.#geometry(id, node, shape, wiring, view)
    const drawn = same ? { ...known.drawn, selected } : drawCard(id, node, geometry, at, selected)
    this.#cards.set(id, { inputs: { node, at, selected, shape }, drawn })
    return drawn
  }

  #geometry(id: string, node: FlowNode, shape: string, wiring: Wiring, view: ViewInput): CardGeometry {
    const known = this.#geometries.get(node)
    if (known?.shape === shape) return known.geometry
    const geometry = geometryOf(id, node, wiring, view)
    this.#geometries.set(node, { shape, geometry })
    return geometry
  }

  #note(id: string, note: Note, view: ViewInput): NoteNode {
    const selected = view.selection.notes.has(id)
    const known = this.#notes.get(id)
    if (known?.note === note && known.selected === selected) return known.drawn
    const drawn = drawNote(id, note, selected)
    this.#notes.set(id, { note, selected, drawn })
    return drawn
  }

  #edge(input: EdgePicture): WireEdge {
    const known = this.#edges.get(input.id)
    if (known?.selected === input.selected && known.data?.supply === input.supply && known.data.lane === input.lane)
      return known
    const drawn = drawEdge(input)
    this.#edges.set(input.id, drawn)
    return drawn
  }

  #forget(flow: Flow): void {
    for (const id of this.#cards.keys()) if (!flow.nodes[id]) this.#cards.delete(id)
    for (const id of this.#notes.keys()) if (!flow.layout?.notes?.[id]) this.#notes.delete(id)
  }
}

function geometryOf(id: string, node: FlowNode, wiring: Wiring, view: CardView): CardGeometry {
  const face = nodeFace(node)
  return cardGeometry({
    label: face.title,
    subtitle: face.subtitle,
    inputs: [...face.inputs, ...(wiring.strayInputs.get(id) ?? [])],
    outputs: [...face.outputs, ...(wiring.strayOutputs.get(id) ?? [])],
    supplies: face.supplies,
    mayFail: face.mayFail,
    errorWired: wiring.errorWired.has(id),
    maySupply: face.maySupply,
    supplier: wiring.suppliers.has(id),
    stateShown: view.stateShown,
    bodyHeight: view.bodyHeights.get(id) ?? 0,
    unfolded: view.unfolded.has(id),
  })
}

/** Sizes and handles of all cards as they are without a run. */
export function geometriesOf(flow: Flow): ReadonlyMap<string, CardGeometry> {
  const wiring = wiringOf(flow)
  const view: CardView = { stateShown: false, bodyHeights: new Map(), unfolded: new Set() }
  return new Map(Object.entries(flow.nodes).map(([id, node]) => [id, geometryOf(id, node, wiring, view)]))
}

function drawCard(
  id: string,
  node: FlowNode,
  geometry: CardGeometry,
  at: readonly number[] | undefined,
  selected: boolean,
): CardNode {
  const { width, height } = geometry
  const face = nodeFace(node)
  return {
    id,
    type: 'card',
    position: { x: at?.[0] ?? 0, y: at?.[1] ?? 0 },
    data: { node, face, geometry },
    width,
    height,
    measured: { width, height },
    handles: geometry.handles.map(viewHandle),
    selected,
    ariaLabel: `${face.title}, ${face.kindLabel}${face.subtitle === '' ? '' : `, ${face.subtitle}`}`,
  }
}

function drawNote(id: string, note: Note, selected: boolean): NoteNode {
  const [x = 0, y = 0, width = 200, height = 80] = note.at
  return {
    id: noteNodeId(id),
    type: 'note',
    position: { x, y },
    data: { noteId: id, note },
    width,
    height,
    measured: { width, height },
    handles: [],
    selected,
    connectable: false,
    zIndex: -1,
    ariaLabel: `Note: ${note.text}`,
  }
}

interface EdgeInput extends LaneInput {
  readonly edge: Edge
  readonly supply: boolean
}

interface EdgePicture extends EdgeInput {
  readonly lane: number | undefined
  readonly selected: boolean
}

/** The edges that can be drawn, each once: both of its nodes exist. */
function edgeInputs(flow: Flow): ReadonlyMap<string, EdgeInput> {
  const inputs = new Map<string, EdgeInput>()
  for (const edge of flow.edges) {
    const id = formatEdge(edge)
    if (inputs.has(id) || !flow.nodes[edge.from] || !flow.nodes[edge.to]) continue
    const supply = isSupplyEdge(flow, edge)
    const sourceHandle = supply ? supplyHandle : edge.fromPort
    inputs.set(id, { id, edge, supply, source: edge.from, sourceHandle, target: edge.to, targetHandle: edge.toPort })
  }
  return inputs
}

function drawEdge({
  id,
  edge,
  supply,
  lane,
  selected,
  source,
  sourceHandle,
  target,
  targetHandle,
}: EdgePicture): WireEdge {
  const ariaLabel = supply ? `${edge.from} supplies ${edge.to} with ${edge.toPort}` : `From ${edge.from} to ${edge.to}`
  return {
    id,
    type: 'wire',
    source,
    sourceHandle,
    target,
    targetHandle,
    data: { edge, supply, lane },
    selected,
    ariaLabel,
  }
}
