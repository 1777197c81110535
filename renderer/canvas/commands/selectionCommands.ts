import type { Flow } from '../../../model/document.ts'
import { formatEdge } from '../../../model/edges.ts'
import { disconnect } from '../../../model/edits/edges.ts'
import { deleteNodes, moveNodes } from '../../../model/edits/nodes.ts'
import { deleteNote, moveNote } from '../../../model/edits/notes.ts'
import { selectionStore } from '../../state/selectionStore.ts'
import { canvasFlow, editOnCanvas } from '../canvasEdit.ts'
import { focusCanvas } from '../../keymap/dispatcher.ts'

/** Whether anything is selected. */
export function hasSelection(): boolean {
  const { nodes, edges, notes } = selectionStore.getState()
  return nodes.size + edges.size + notes.size > 0
}

/** Whether a node is selected. */
export function hasNodes(): boolean {
  return selectionStore.getState().nodes.size > 0
}

/** Where a single node went out of a chain, its neighbours are wired to each other, as a person would do next. */
function bridged(before: Flow, after: Flow, nodes: ReadonlySet<string>): Flow {
  if (nodes.size !== 1) return after
  const [id = ''] = nodes
  const into = before.edges.filter((edge) => edge.to === id)
  const out = before.edges.filter((edge) => edge.from === id)
  const [first] = into
  const [next] = out
  if (into.length !== 1 || out.length !== 1 || !first || !next || first.from === id) return after
  const edge = { ...first, to: next.to, toPort: next.toPort }
  const stands = after.edges.some((known) => formatEdge(known) === formatEdge(edge))
  return stands ? after : { ...after, edges: [...after.edges, edge] }
}

/** Deletes what is selected. A node taken out of a chain leaves the chain whole. */
export function deleteSelection(): void {
  const { nodes, edges, notes } = selectionStore.getState()
  editOnCanvas('Delete', (flow) => {
    let next = deleteNodes(flow, nodes)
    if (next !== flow) next = bridged(flow, next, nodes)
    for (const edge of flow.edges) if (edges.has(formatEdge(edge))) next = disconnect(next, edge)
    for (const note of notes) next = deleteNote(next, note)
    return next
  })
  selectionStore.getState().clear()
  focusCanvas()
}

/** Selects all nodes and notes. */
export function selectAll(): void {
  const flow = canvasFlow()
  if (!flow) return
  selectionStore.getState().select({ nodes: Object.keys(flow.nodes), notes: Object.keys(flow.layout?.notes ?? {}) })
}

/** Moves what is selected; presses in a row are one step of undo. */
export function nudge(dx: number, dy: number): void {
  const { nodes, notes } = selectionStore.getState()
  editOnCanvas(
    'Nudge',
    (flow) => {
      let next = flow
      for (const id of nodes) {
        const [x = 0, y = 0] = next.layout?.nodes?.[id] ?? []
        next = moveNodes(next, { [id]: [x + dx, y + dy] })
      }
      for (const id of notes) {
        const [x = 0, y = 0] = next.layout?.notes?.[id]?.at ?? []
        next = moveNote(next, id, [x + dx, y + dy])
      }
      return next
    },
    `nudge ${[...nodes, ...notes].join()}`,
  )
}

export type Direction = 'left' | 'right' | 'up' | 'down'

function xOf(flow: Flow, id: string): number {
  return flow.layout?.nodes?.[id]?.[0] ?? 0
}

function yOf(flow: Flow, id: string): number {
  return flow.layout?.nodes?.[id]?.[1] ?? 0
}

/** Nodes that lie in a direction, best first: along edges sideways, by nearness up and down. */
function candidates(flow: Flow, id: string, direction: Direction): string[] {
  const byHeight = (a: string, b: string) =>
    Math.abs(yOf(flow, a) - yOf(flow, id)) - Math.abs(yOf(flow, b) - yOf(flow, id))
  if (direction === 'right')
    return flow.edges
      .filter((edge) => edge.from === id)
      .map((edge) => edge.to)
      .sort(byHeight)
  if (direction === 'left')
    return flow.edges
      .filter((edge) => edge.to === id)
      .map((edge) => edge.from)
      .sort(byHeight)
  const sign = direction === 'down' ? 1 : -1
  const distance = (other: string) =>
    Math.abs(yOf(flow, other) - yOf(flow, id)) + 2 * Math.abs(xOf(flow, other) - xOf(flow, id))
  return Object.keys(flow.nodes)
    .filter((other) => other !== id && sign * (yOf(flow, other) - yOf(flow, id)) > 0)
    .sort((a, b) => distance(a) - distance(b))
}

/** Walks from the selected node along its edges, or up and down to the nearest node. Gives the node reached. */
export function walk(direction: Direction): string | undefined {
  const flow = canvasFlow()
  const { focusNode, select } = selectionStore.getState()
  if (!flow) return undefined
  const next = focusNode === undefined ? Object.keys(flow.nodes)[0] : candidates(flow, focusNode, direction)[0]
  if (next !== undefined) select({ nodes: [next] })
  return next
}
