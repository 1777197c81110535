import {
  type Connection,
  type IsValidConnection,
  type OnConnect,
  type OnConnectEnd,
  type OnConnectStart,
  type OnReconnect,
  useReactFlow,
} from '@xyflow/react'
import { connect, disconnect, reconnect } from '../../../model/edits/edges.ts'
import { canvasFlow, editOnCanvas } from '../canvasEdit.ts'
import { canvasStore, type Point, type WireEnd } from '../canvasStore.ts'
import type { WireEdge } from '../canvasTypes.ts'
import { connectingFrom, edgeBetween, fittingEnds, wireProblem } from '../wireEnds.ts'
import { openAddFrom } from './openAdd.ts'

type AnyConnection = Pick<Connection, 'source' | 'target' | 'sourceHandle' | 'targetHandle'>

function endsOf(connection: {
  source: string
  target: string
  sourceHandle?: string | null | undefined
  targetHandle?: string | null | undefined
}): [WireEnd, WireEnd] {
  return [
    { node: connection.source, handle: connection.sourceHandle ?? 'out', type: 'source' },
    { node: connection.target, handle: connection.targetHandle ?? 'in', type: 'target' },
  ]
}

/** The edge whose end is being led elsewhere: it does not stand in its own way. */
let reconnecting: WireEdge | undefined

/** Why a wire may not end here; asked on every movement of the pointer. */
function refusalOf(connection: AnyConnection | WireEdge): string | undefined {
  const flow = canvasFlow()
  if (!flow) return 'No flow is open.'
  const without = reconnecting?.data ? disconnect(flow, reconnecting.data.edge) : flow
  return wireProblem(without, ...endsOf(connection))?.message
}

const isValidConnection: IsValidConnection<WireEdge> = (connection) => {
  const refusal = refusalOf(connection)
  if (canvasStore.getState().refusal !== refusal) canvasStore.setState({ refusal })
  return refusal === undefined
}

const onConnect: OnConnect = (connection) => {
  const edge = edgeBetween(...endsOf(connection))
  if (edge) editOnCanvas('Connect', (flow) => connect(flow, edge))
}

const onConnectStart: OnConnectStart = (_event, { nodeId, handleId, handleType }) => {
  const flow = canvasFlow()
  if (!flow || nodeId === null || handleId === null || handleType === null) return
  const from: WireEnd = { node: nodeId, handle: handleId, type: handleType }
  const without = reconnecting?.data ? disconnect(flow, reconnecting.data.edge) : flow
  canvasStore.setState({ connecting: connectingFrom(without, from), refusal: undefined })
}

const onReconnectStart = (_event: unknown, edge: WireEdge) => {
  reconnecting = edge
}

const onReconnect: OnReconnect<WireEdge> = (old, connection) => {
  const edge = edgeBetween(...endsOf(connection))
  const before = old.data?.edge
  if (edge && before) editOnCanvas('Reconnect', (flow) => reconnect(flow, before, edge))
}

const onReconnectEnd = () => {
  reconnecting = undefined
}

function pointOf(event: MouseEvent | TouchEvent): Point | undefined {
  const touch = 'changedTouches' in event ? event.changedTouches[0] : event
  return touch && { x: touch.clientX, y: touch.clientY }
}

/** The card under a point of the window; wires and handles do not count. */
function nodeUnder(point: Point): string | undefined {
  const card = document.elementFromPoint(point.x, point.y)?.closest('.react-flow__node')
  return card?.getAttribute('data-id') ?? undefined
}

/** Let go over a card, but not on a handle: the wire takes the card's first end that fits. */
function connectToCard(from: WireEnd, node: string): void {
  const flow = canvasFlow()
  const [end] = flow ? fittingEnds(flow, from, node) : []
  const edge = end && edgeBetween(from, end)
  if (edge) editOnCanvas('Connect', (before) => connect(before, edge))
}

/**
 * Drawing wires: what may be connected is asked while the hand moves; let go on a card the wire finds its end, let go on
 * empty canvas it asks for a new node.
 */
export function useConnecting() {
  const { screenToFlowPosition } = useReactFlow()
  const onConnectEnd: OnConnectEnd = (event, state) => {
    const from = canvasStore.getState().connecting?.from
    canvasStore.setState({ connecting: undefined, refusal: undefined })
    const point = pointOf(event)
    if (!from || !point || state.isValid || state.toHandle || reconnecting) return
    const node = nodeUnder(point)
    const onPane = document.elementFromPoint(point.x, point.y)?.closest('.react-flow__pane, .react-flow__edges')
    if (node !== undefined) connectToCard(from, node)
    else if (onPane) openAddFrom(from, point, screenToFlowPosition(point))
  }
  return { isValidConnection, onConnect, onConnectStart, onConnectEnd, onReconnectStart, onReconnect, onReconnectEnd }
}
