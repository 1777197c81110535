import type { NodeSpec } from '../../../model/nodeSpec.ts'
import { selectionStore } from '../../state/selectionStore.ts'
import { addNodeFor, fitsRequest } from '../addNodes.ts'
import { canvasFlow } from '../canvasEdit.ts'
import type { AddRequest } from '../canvasStore.ts'
import { viewMiddle } from '../canvasView.ts'
import { freeOutput } from '../wireEnds.ts'

/** A kind was clicked in the library: it goes on from the selected node where that is free, else to the view's middle. */
export function addFromLibrary(spec: NodeSpec): void {
  const flow = canvasFlow()
  if (!flow) return
  const { focusNode } = selectionStore.getState()
  const from = focusNode === undefined ? undefined : freeOutput(flow, focusNode)
  const { screen, at } = viewMiddle()
  const wired: AddRequest | undefined = from && { screen, from }
  addNodeFor(wired && fitsRequest(flow, wired, spec) ? wired : { screen }, spec, at)
}
