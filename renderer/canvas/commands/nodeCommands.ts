import { setDisabled, setPin } from '../../../model/edits/settings.ts'
import { addNote } from '../../../model/edits/notes.ts'
import type { Flow } from '../../../model/document.ts'
import { defaultOutPort } from '../../../model/edges.ts'
import { documentStore } from '../../state/documentStore.ts'
import { runStore } from '../../state/runStore.ts'
import { selectionStore } from '../../state/selectionStore.ts'
import { nodeStateOf, shownState } from '../../state/useNodeRun.ts'
import { canvasFlow, editOnCanvas } from '../canvasEdit.ts'
import type { Point } from '../canvasStore.ts'
import { nodeFace } from '../nodeFace.ts'

const noteWidth = 200
const noteHeight = 96

function isDisabled(flow: Flow, id: string): boolean {
  const disabled = flow.nodes[id]?.disabled
  return disabled !== undefined && disabled !== false
}

/** A kind without `out` goes on at its first outcome while it is disabled. */
function disabledValue(flow: Flow, id: string): true | { port: string } {
  const node = flow.nodes[id]
  const outputs = node ? nodeFace(node).outputs : []
  const [first] = outputs
  return first === undefined || outputs.some((port) => port.name === defaultOutPort) ? true : { port: first.name }
}

function areDisabled(): boolean {
  const flow = canvasFlow()
  const ids = [...selectionStore.getState().nodes]
  return flow !== undefined && ids.length > 0 && ids.every((id) => isDisabled(flow, id))
}

/** What {@link toggleDisabled} would do now. */
export function disableLabel(): string {
  return areDisabled() ? 'Enable' : 'Disable'
}

/** Disables the selected nodes; enables them where all of them are disabled. */
export function toggleDisabled(): void {
  const ids = [...selectionStore.getState().nodes]
  const flow = canvasFlow()
  if (!flow || ids.length === 0) return
  const enable = areDisabled()
  editOnCanvas(enable ? 'Enable' : 'Disable', (before) => {
    return ids.reduce((next, id) => setDisabled(next, [id], enable ? false : disabledValue(next, id)), before)
  })
}

function lastOutput(id: string) {
  const run = shownState(runStore.getState(), documentStore.getState().active)
  const state = run && nodeStateOf(run, id)
  return state?.status === 'done' && state.output !== undefined && state.port !== undefined
    ? { port: state.port, output: state.output }
    : undefined
}

/** Whether the selected node is pinned, or has an output that it could be pinned to. */
export function canPin(): boolean {
  const { focusNode } = selectionStore.getState()
  return (
    focusNode !== undefined && (canvasFlow()?.pins?.[focusNode] !== undefined || lastOutput(focusNode) !== undefined)
  )
}

/** What {@link togglePin} would do now. */
export function pinLabel(): string {
  const { focusNode } = selectionStore.getState()
  return focusNode !== undefined && canvasFlow()?.pins?.[focusNode] !== undefined ? 'Unpin output' : 'Pin last output'
}

/** Pins the selected node to its last output, or takes its pin away. */
export function togglePin(): void {
  const { focusNode } = selectionStore.getState()
  if (focusNode === undefined) return
  const pinned = canvasFlow()?.pins?.[focusNode] !== undefined
  editOnCanvas(pinned ? 'Unpin' : 'Pin output', (flow) =>
    setPin(flow, focusNode, pinned ? undefined : lastOutput(focusNode)),
  )
}

/** Adds an empty sticky note round a point, ready to be written on. */
export function addNoteAt(point: Point): void {
  let id = ''
  editOnCanvas('Add note', (flow) => {
    const at = [point.x - noteWidth / 2, point.y - noteHeight / 2, noteWidth, noteHeight]
    const result = addNote(flow, { text: '', at })
    id = result.id
    return result.flow
  })
  selectionStore.getState().select({ notes: [id] })
}
