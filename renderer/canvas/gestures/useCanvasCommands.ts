import { type ReactFlowInstance, useReactFlow } from '@xyflow/react'
import { useEffect } from 'react'
import type { Flow } from '../../../model/document.ts'
import { errorPort } from '../../../model/edges.ts'
import { type CommandHandler, registerCommands } from '../../keymap/commands.ts'
import type { CommandId } from '../../keymap/table.ts'
import { runStore } from '../../state/runStore.ts'
import { selectionStore } from '../../state/selectionStore.ts'
import { canvasFlow, editOnCanvas } from '../canvasEdit.ts'
import { canvasStore, type Point, type WireEnd } from '../canvasStore.ts'
import type { CanvasNode, WireEdge } from '../canvasTypes.ts'
import {
  copySelection,
  deleteCopied,
  duplicateSelection,
  listenToClipboard,
  pasteClipboard,
} from '../commands/clipboard.ts'
import { addNoteAt, canPin, disableLabel, pinLabel, toggleDisabled, togglePin } from '../commands/nodeCommands.ts'
import {
  deleteSelection,
  type Direction,
  hasNodes,
  hasSelection,
  nudge,
  selectAll,
  walk,
} from '../commands/selectionCommands.ts'
import { focusCanvas } from '../../keymap/dispatcher.ts'
import { tidied } from '../laidOut.ts'
import { motionMs } from '../motion.ts'
import { nodeFace } from '../nodeFace.ts'
import { offerView, showNode } from '../canvasView.ts'
import { freeOutput } from '../wireEnds.ts'
import { menuTargetOf } from './useMenus.ts'
import { openAdd, openAddFrom } from './openAdd.ts'

type Handlers = Partial<Record<CommandId, CommandHandler>>

const zoomMs = 160
/** Canvas units of a nudge with Shift. */
const far = 10

function focusNode(): string | undefined {
  return selectionStore.getState().focusNode
}

/** Where a list that concerns a card opens: right of it, in pixels of the window. */
function cardPlace(node: string): Point | undefined {
  const card = document.querySelector(`.react-flow__node[data-id="${CSS.escape(node)}"]`)?.getBoundingClientRect()
  return card && { x: card.right + 16, y: card.top }
}

function canvasMiddle(): Point {
  const box = document.querySelector('.react-flow')?.getBoundingClientRect()
  return box ? { x: box.left + box.width / 2, y: box.top + box.height / 3 } : { x: 0, y: 0 }
}

/** In a flow of one node nobody need select it to go on from it. */
function onlyNode(flow: Flow | undefined): string | undefined {
  const [id, ...others] = Object.keys(flow?.nodes ?? {})
  return others.length === 0 ? id : undefined
}

/** Asks for a node that goes on from the selected one, or stands alone where that has no free outcome. */
function addFromSelection(): void {
  const flow = canvasFlow()
  const node = focusNode() ?? onlyNode(flow)
  const from = flow && node !== undefined ? freeOutput(flow, node) : undefined
  const screen = (node === undefined ? undefined : cardPlace(node)) ?? canvasMiddle()
  if (from) openAddFrom(from, screen)
  else openAdd({ screen })
}

/** Asks for what happens when the selected node fails. */
function addErrorPath(): void {
  const node = focusNode()
  if (node !== undefined) openAddFrom({ node, handle: errorPort, type: 'source' }, cardPlace(node) ?? canvasMiddle())
}

function connectFromSelection(): void {
  const flow = canvasFlow()
  const node = focusNode()
  if (!flow || node === undefined) return
  const from: WireEnd = freeOutput(flow, node) ?? { node, handle: 'out', type: 'source' }
  canvasStore.setState({ connectingTo: { screen: cardPlace(node) ?? canvasMiddle(), from } })
}

function mayFail(): boolean {
  const id = focusNode()
  const node = id === undefined ? undefined : canvasFlow()?.nodes[id]
  return node !== undefined && nodeFace(node).mayFail
}

function editCommands(): Handlers {
  return {
    'edit.delete': { run: deleteSelection, enabled: hasSelection },
    'edit.copy': { run: () => void copySelection(), enabled: hasNodes },
    'edit.cut': { run: () => void copySelection().then(deleteCopied), enabled: hasNodes },
    'edit.paste': { run: () => void pasteClipboard() },
    'edit.duplicate': { run: duplicateSelection, enabled: hasNodes },
    'edit.selectAll': { run: selectAll },
    'edit.find': { run: () => canvasStore.setState({ finding: true }) },
    'node.rename': { run: () => selectionStore.getState().rename(focusNode()), enabled: hasNodes },
    'node.disable': { run: toggleDisabled, enabled: hasNodes, label: disableLabel },
    'node.pin': { run: togglePin, enabled: canPin, label: pinLabel },
    'node.connect': { run: connectFromSelection, enabled: hasNodes },
    'node.addError': { run: addErrorPath, enabled: mayFail },
    'add.node': { run: addFromSelection },
    'add.next': { run: addFromSelection },
    'connect.next': { run: connectFromSelection, enabled: hasNodes },
  }
}

function moveCommands(): Handlers {
  const walking = (direction: Direction): CommandHandler => ({
    run: () => {
      const node = walk(direction)
      if (node !== undefined) showNode(node)
    },
  })
  const nudging = (dx: number, dy: number): CommandHandler => ({ run: () => nudge(dx, dy), enabled: hasSelection })
  return {
    'select.left': walking('left'),
    'select.right': walking('right'),
    'select.up': walking('up'),
    'select.down': walking('down'),
    'nudge.left': nudging(-1, 0),
    'nudge.right': nudging(1, 0),
    'nudge.up': nudging(0, -1),
    'nudge.down': nudging(0, 1),
    'nudge.farLeft': nudging(-far, 0),
    'nudge.farRight': nudging(far, 0),
    'nudge.farUp': nudging(0, -far),
    'nudge.farDown': nudging(0, far),
  }
}

function viewCommands(view: ReactFlowInstance<CanvasNode, WireEdge>): Handlers {
  const duration = motionMs(zoomMs)
  const fit = { padding: 0.2, maxZoom: 1, duration }
  const chosen = () => [...selectionStore.getState().nodes].map((id) => ({ id }))
  return {
    'view.zoomIn': { run: () => void view.zoomIn({ duration }) },
    'view.zoomOut': { run: () => void view.zoomOut({ duration }) },
    'view.zoomReset': { run: () => void view.zoomTo(1, { duration }) },
    'view.fit': { run: () => void view.fitView(fit) },
    'view.fitSelection': { run: () => void view.fitView({ ...fit, nodes: chosen() }), enabled: hasNodes },
    'edit.tidy': {
      run: () => {
        const { nodes } = selectionStore.getState()
        editOnCanvas('Tidy up', (flow) => tidied(flow, nodes.size > 1 ? nodes : undefined))
        requestAnimationFrame(() => void view.fitView(fit))
      },
    },
    'add.note': { run: () => addNoteAt(view.screenToFlowPosition(canvasMiddle())) },
  }
}

/** Backs out one level: of what floats, of the past, of the selection. */
function escape(): void {
  const { adding, menu, finding, connectingTo } = canvasStore.getState()
  if (adding || menu || finding || connectingTo) {
    canvasStore.setState({ adding: undefined, menu: undefined, finding: false, connectingTo: undefined })
  } else if (runStore.getState().past) {
    runStore.setState({ past: undefined })
  } else {
    selectionStore.getState().clear()
    focusCanvas()
  }
}

/** Opens the menu of what is selected without the mouse. */
function menuByKey(): void {
  const node = focusNode()
  const at = (node === undefined ? undefined : cardPlace(node)) ?? canvasMiddle()
  canvasStore.setState({ menu: { at, target: node === undefined ? { type: 'canvas' } : menuTargetOf(node) } })
}

/** Gives the canvas's commands their meaning while a canvas is shown. */
export function useCanvasCommands(): void {
  const view = useReactFlow<CanvasNode, WireEdge>()
  useEffect(() => {
    const unregister = registerCommands({
      ...editCommands(),
      ...moveCommands(),
      ...viewCommands(view),
      'canvas.escape': { run: escape },
      'canvas.menu': { run: menuByKey },
    })
    const unlisten = listenToClipboard()
    const withdraw = offerView(view)
    focusCanvas()
    return () => {
      unregister()
      unlisten()
      withdraw()
    }
  }, [view])
}
