import {
  copyFragment,
  type Fragment,
  fragmentText,
  parseFragment,
  pasteFragment,
} from '../../../model/edits/fragment.ts'
import { flowFormat } from '../../../model/document.ts'
import { verbatimOf } from '../../../model/renameNode.ts'
import { markImported } from '../../files/origin.ts'
import { kinds } from '../../kinds.ts'
import { hasCanvasFocus, isTextField } from '../../keymap/dispatcher.ts'
import { neededServices } from '../../shell/permissions.ts'
import { activeDocument, documentStore } from '../../state/documentStore.ts'
import { selectionStore } from '../../state/selectionStore.ts'
import { canvasFlow, editOnCanvas } from '../canvasEdit.ts'
import type { Point } from '../canvasStore.ts'
import { seenPart, viewMiddle } from '../canvasView.ts'
import { cardWidth } from '../cardGeometry.ts'
import { deleteSelection, hasNodes } from './selectionCommands.ts'

/** How far a copy lies from its original, down and to the right. */
const pasteStep = 32
const verbatim = verbatimOf(kinds)

/** How often the same text was pasted: each copy lies a step further. */
let pasted = { text: '', times: 0 }

/** What was copied last from a flow that is trusted: pasted again, it is no stranger's. */
let trustedCopy: string | undefined

function remember(text: string): void {
  selectionStore.getState().copied(text)
  trustedCopy = activeDocument(documentStore.getState())?.trusted === true ? text : undefined
}

/** Nodes of a stranger's that reach outside make the document a stranger's: it is locked until a person trusts it. */
function lockForStranger(text: string, { nodes }: Fragment): void {
  const document = activeDocument(documentStore.getState())
  if (!document || text.replaceAll('\r\n', '\n') === trustedCopy) return
  if (neededServices({ format: flowFormat, name: '', nodes, edges: [] }).length === 0) return
  markImported(document.path)
  documentStore.getState().setTrusted(document.path, false)
}

/** The selected nodes as text for the clipboard; undefined where none are. */
function selectedText(): string | undefined {
  const flow = canvasFlow()
  return flow && hasNodes() ? fragmentText(copyFragment(flow, selectionStore.getState().nodes)) : undefined
}

/** Puts a fragment into the document and selects it. */
function insert(label: string, fragment: Fragment, offset: readonly [number, number]): void {
  let ids: readonly string[] = []
  editOnCanvas(label, (flow) => {
    const result = pasteFragment(flow, fragment, { offset, verbatim })
    ids = result.ids
    return result.flow
  })
  selectionStore.getState().select({ nodes: ids })
}

interface Extent {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

function extentOf(fragment: Fragment): Extent {
  const places = Object.values(fragment.layout)
  if (places.length === 0) return { left: 0, top: 0, right: cardWidth, bottom: 0 }
  const xs = places.map((at) => at[0] ?? 0)
  const ys = places.map((at) => at[1] ?? 0)
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs) + cardWidth, bottom: Math.max(...ys) }
}

/** Beside where it was copied, where that is seen wholly; else in the middle of the view. */
function offsetFor(extent: Extent, times: number): [number, number] {
  const step = pasteStep * times
  const seen = seenPart()
  const visible =
    !seen ||
    (extent.left >= seen.left &&
      extent.top >= seen.top &&
      extent.right + step <= seen.right &&
      extent.bottom + step <= seen.bottom)
  if (visible) return [step, step]
  const { at } = viewMiddle()
  return [
    Math.round(at.x - (extent.left + extent.right) / 2) + step,
    Math.round(at.y - (extent.top + extent.bottom) / 2) + step,
  ]
}

/** Puts what is selected on the clipboard as readable JSON. */
export async function copySelection(): Promise<void> {
  const text = selectedText()
  if (text === undefined) return
  remember(text)
  await navigator.clipboard.writeText(text)
}

/** Duplicates the selected nodes beside themselves. */
export function duplicateSelection(): void {
  const flow = canvasFlow()
  if (flow) insert('Duplicate', copyFragment(flow, selectionStore.getState().nodes), [pasteStep, pasteStep])
}

/** Pastes nodes at a point of the canvas, or beside where they were copied. False where the text holds no nodes. */
export function pasteText(text: string, at?: Point): boolean {
  const fragment = parseFragment(text)
  if (!fragment) return false
  pasted = { text, times: pasted.text === text ? pasted.times + 1 : 1 }
  lockForStranger(text, fragment)
  const extent = extentOf(fragment)
  insert('Paste', fragment, at ? [at.x - extent.left, at.y - extent.top] : offsetFor(extent, pasted.times))
  return true
}

/** Pastes what the system's clipboard holds; where it cannot be read, what was copied here last. */
export async function pasteClipboard(at?: Point): Promise<void> {
  const own = selectionStore.getState().clipboard ?? ''
  const text = await navigator.clipboard.readText().catch(() => own)
  if (!pasteText(text, at)) pasteText(own, at)
}

/** Whether the canvas has the keyboard; the event's own target is wherever text was selected last. */
function isMine(): boolean {
  const { activeElement } = document
  return !isTextField(activeElement) && hasCanvasFocus(activeElement)
}

/** Cutting takes away what went to the clipboard, and no notes. */
export function deleteCopied(): void {
  const { nodes, select } = selectionStore.getState()
  select({ nodes })
  deleteSelection()
}

/** Answers the page's own copy, cut and paste while the canvas has the keyboard; returns the function that stops. */
export function listenToClipboard(): () => void {
  const onCopy = (event: ClipboardEvent) => {
    const text = isMine() ? selectedText() : undefined
    if (text === undefined) return
    event.preventDefault()
    event.clipboardData?.setData('text/plain', text)
    remember(text)
    if (event.type === 'cut') deleteCopied()
  }
  const onPaste = (event: ClipboardEvent) => {
    if (isMine() && pasteText(event.clipboardData?.getData('text/plain') ?? '')) event.preventDefault()
  }
  document.addEventListener('copy', onCopy)
  document.addEventListener('cut', onCopy)
  document.addEventListener('paste', onPaste)
  return () => {
    document.removeEventListener('copy', onCopy)
    document.removeEventListener('cut', onCopy)
    document.removeEventListener('paste', onPaste)
  }
}
