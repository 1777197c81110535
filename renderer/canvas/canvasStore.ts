import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

export interface Point {
  readonly x: number
  readonly y: number
}

/** The end of a wire: a port of a node, seen from the card. */
export interface WireEnd {
  readonly node: string
  /** Handle id: a port's name, or the supply handle. */
  readonly handle: string
  readonly type: 'source' | 'target'
}

/** A wish for a new node, answered with the search list. */
export interface AddRequest {
  /** Where the list opens, in pixels of the window. */
  readonly screen: Point
  /** Where the node shall lie, in canvas units; chosen by the canvas where absent. */
  readonly at?: Point
  /** The new node is wired to this. */
  readonly from?: WireEnd
  /** The new node is put into this edge. */
  readonly edge?: string
}

/** A wish to wire a node to one that exists, answered with a list of those that fit. */
export interface ConnectRequest {
  readonly screen: Point
  readonly from: WireEnd
}

/** A wire being drawn. */
export interface Connecting {
  readonly from: WireEnd
  /** Handles where it may end, by node. */
  readonly targets: ReadonlyMap<string, ReadonlySet<string>>
}

export type MenuTarget =
  | { readonly type: 'canvas' }
  | { readonly type: 'selection' }
  | { readonly type: 'node'; readonly node: string }
  | { readonly type: 'edge'; readonly edge: string }
  | { readonly type: 'note'; readonly note: string }

export interface CanvasState {
  /** Nodes whose folded ports are listed. */
  readonly unfolded: ReadonlySet<string>
  /** Nodes with a breakpoint. They belong to the workspace, not to the flow. */
  readonly breakpoints: ReadonlySet<string>
  readonly connecting: Connecting | undefined
  /** Why the wire cannot end where it is held. */
  readonly refusal: string | undefined
  readonly adding: AddRequest | undefined
  readonly connectingTo: ConnectRequest | undefined
  readonly finding: boolean
  readonly menu: { readonly at: Point; readonly target: MenuTarget } | undefined
  /** The edge over which a node is being dragged; dropped there, it is inserted. */
  readonly dropEdge: string | undefined
  /** Steps up when fonts have arrived. */
  readonly fontGeneration: number
}

/** What the canvas shows besides flow, run and selection. */
export const canvasStore = createStore<CanvasState>()(() => ({
  unfolded: new Set<string>(),
  breakpoints: new Set<string>(),
  connecting: undefined,
  refusal: undefined,
  adding: undefined,
  connectingTo: undefined,
  finding: false,
  menu: undefined,
  dropEdge: undefined,
  fontGeneration: 0,
}))

/** Reads from {@link canvasStore} in a component. */
export function useCanvas<T>(select: (state: CanvasState) => T): T {
  return useStore(canvasStore, select)
}

/** Lists all ports of a node, or folds them again. */
export function toggleUnfolded(node: string): void {
  canvasStore.setState((state) => {
    const unfolded = new Set(state.unfolded)
    if (!unfolded.delete(node)) unfolded.add(node)
    return { unfolded }
  })
}
