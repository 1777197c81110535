import { type NodeHandle, Position } from '@xyflow/react'
import { shallow } from 'zustand/shallow'
import type { Flow, FlowNode, Note } from '../../model/document.ts'
import { type Edge, formatEdge } from '../../model/edges.ts'
import type { Selection } from '../state/selectionStore.ts'
import { backLanes, type LaneInput } from './backLanes.ts'
import type { CanvasNode, CardNode, NoteNode, WireEdge } from './canvasTypes.ts'
import { noteNodeId } from './canvasTypes.ts'
import { type CardHandle, cardGeometry, type CardGeometry, handleSize, supplyHandle } from './cardGeometry.ts'
import { graphOrder } from './graphOrder.ts'
import { nodeFace } from './nodeFace.ts'
import { isSupplyEdge, portNames, type Wiring, wiringOf } from './wiring.ts'

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

const sides = { left: Position.Left, right: Position.Right, top: Position.Top, bottom: Position.Bottom } as const

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

/** What decides about the lines besides the cards: while it stays, so do they. */
interface LineInputs {
  readonly edges: Flow['edges']
  readonly wiring: Wiring
  readonly selected: ReadonlySet<string>
  /** {@link FlowProjection} counts here every change of a card's place, size or handles. */
  readonly arrangement: number
}

function sameEntries(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean {
  return one === other || (one.size === other.size && [...one].every(([id, height]) => other.get(id) === height))
}

function sameView(one: CardView & { fontGeneration: number }, other: ViewInput): boolean {
  return (
    one.stateShown === other.stateShown &&
    one.unfolded === other.unfolded &&
    one.fontGeneration === other.fontGeneration &&
    sameEntries(one.bodyHeights, other.bodyHeights)
  )
}

function sameOutline(one: CardNode, other: CardNode): boolean {
  const { position, width, height, handles } = other
  return (
    one.position.x === position.x &&
    one.position.y === position.y &&
    one.width === width &&
    one.height === height &&
    JSON.stringify(one.handles) === JSON.stringify(handles)
  )
}

/**
 * Turns a flow into what the canvas draws, reusing every node and edge whose picture is the same as before: an edit of
 * one node among thousands makes one new object, and the very same list of edges unless a line changes.
 */
export class FlowProjection {
  #cards = new Map<string, { inputs: CardInputs; drawn: CardNode }>()
  #notes = new Map<string, { note: Note; selected: boolean; drawn: NoteNode }>()
  #edges = new Map<string, WireEdge>()
  #geometries = new WeakMap<FlowNode, { shape: string; geometry: CardGeometry }>()
  #last: { readonly wiring: Wiring; readonly view: ViewInput } | undefined
  #lines: { readonly inputs: LineInputs; readonly drawn: WireEdge[] } | undefined
  #arrangement = 0

  nodes(flow: Flow, view: ViewInput): CanvasNode[] {
    const wiring = wiringOf(flow)
    const shapesStay = this.#last?.wiring === wiring && sameView(this.#last.view, view)
    const notes = Object.entries(flow.layout?.notes ?? {}).map(([id, note]) => this.#note(id, note, view))
    const cards = graphOrder(flow).flatMap((id) => {
      const node = flow.nodes[id]
      return node ? [this.#card(id, node, flow, wiring, view, shapesStay)] : []
    })
    this.#last = { wiring, view }
    this.#forget(flow)
    return [...notes, ...cards]
  }

  /** Call after `nodes`: the lines of edges that lead back keep clear of the cards drawn. */
  edges(flow: Flow, view: ViewInput): WireEdge[] {
    const inputs: LineInputs = {
      edges: flow.edges,
      wiring: wiringOf(flow),
      selected: view.selection.edges,
      arrangement: this.#arrangement,
    }
    if (this.#lines && shallow(this.#lines.inputs, inputs)) return this.#lines.drawn
    const drawn = this.#drawEdges(flow, view)
    this.#lines = { inputs, drawn }
    return drawn
  }

  #drawEdges(flow: Flow, view: ViewInput): WireEdge[] {
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

  #card(id: string, node: FlowNode, flow: Flow, wiring: Wiring, view: ViewInput, shapesStay: boolean): CardNode {
    const at = flow.layout?.nodes?.[id]
    const selected = view.selection.nodes.has(id)
    const known = this.#cards.get(id)
    const shape = known && shapesStay ? known.inputs.shape : shapeOf(id, wiring, view)
    const same = known?.inputs.node === node && known.inputs.at === at && known.inputs.shape === shape
    if (known && same && known.inputs.selected === selected) return known.drawn
    const geometry = this.#geometry(id, node, shape, wiring, view)
    const drawn = same ? { ...known.drawn, selected } : drawCard(id, node, geometry, at, selected)
    if (!known || !(same || sameOutline(known.drawn, drawn))) this.#arrangement += 1
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
    for (const id of this.#cards.keys()) {
      if (flow.nodes[id]) continue
      this.#cards.delete(id)
      this.#arrangement += 1
    }
    for (const id of this.#notes.keys()) if (!flow.layout?.notes?.[id]) this.#notes.delete(id)
  }
}

/** What of the wiring and the view a card's size depends on, as a text to compare. */
function shapeOf(id: string, wiring: Wiring, view: ViewInput): string {
  return [
    wiring.errorWired.has(id),
    wiring.suppliers.has(id),
    view.stateShown,
    view.bodyHeights.get(id) ?? 0,
    view.unfolded.has(id),
    view.fontGeneration,
    portNames(wiring.strayInputs.get(id) ?? []),
    portNames(wiring.strayOutputs.get(id) ?? []),
  ].join()
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
