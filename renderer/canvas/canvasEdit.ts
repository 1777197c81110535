import type { Flow } from '../../model/document.ts'
import { activeDocument, documentStore } from '../state/documentStore.ts'
import { laidOut } from './laidOut.ts'

/** The active document's flow as the canvas shows it: every node has a place. */
export function canvasFlow(): Flow | undefined {
  const document = activeDocument(documentStore.getState())
  return document && laidOut(document.flow)
}

/**
 * Edits the active document from the canvas. The change is given the flow with every node placed, so that an edit of
 * one place does not make the others jump; a change that returns what it was given leaves the document alone.
 */
export function editOnCanvas(label: string, change: (flow: Flow) => Flow, merge?: string): void {
  const options = merge === undefined ? {} : { merge }
  documentStore.getState().edit(
    label,
    (flow) => {
      const placed = laidOut(flow)
      const next = change(placed)
      return next === placed ? flow : next
    },
    options,
  )
}
