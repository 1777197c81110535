import { useMemo } from 'react'
import type { Flow } from '../../model/document.ts'
import type { RunState } from '../../model/runState.ts'
import { useShownState } from '../runs/shownState.ts'
import { useActiveDocument, useDocuments } from '../state/documentStore.ts'
import { declarationsFor } from './declarations.ts'

/** Declarations of what the expressions of a node see; made again when the flow or the run shown changes. */
export function useDeclarations(node: string): string {
  const flow: Flow | undefined = useActiveDocument((document) => document.flow)
  const path = useDocuments((state) => state.active)
  const run: RunState = useShownState(path, (state) => state)
  return useMemo(() => (flow ? declarationsFor(flow, node, run) : ''), [flow, node, run])
}
