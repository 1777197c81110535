import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

/** A wish that canvas and inspector follow: show this node (and field). `serial` tells repeated wishes apart. */
export interface RevealRequest {
  readonly node: string
  /** Dotted path of a setting inside the node, as diagnostics name it (`data.url`). */
  readonly field?: string
  readonly serial: number
}

export interface Selection {
  readonly nodes: ReadonlySet<string>
  /** By `formatEdge` text. */
  readonly edges: ReadonlySet<string>
  readonly notes: ReadonlySet<string>
}

export interface SelectionState extends Selection {
  /** The node that keyboard commands and the inspector mean; the last one selected. */
  readonly focusNode: string | undefined
  readonly hoveredNode: string | undefined
  readonly hoveredEdge: string | undefined
  readonly revealed: RevealRequest | undefined
  /** Asks the inspector to put the cursor into this field of the focus node (the first required one where absent). */
  readonly fieldRequest: RevealRequest | undefined
  /** The node whose label is being renamed on the canvas. */
  readonly renaming: string | undefined
  /** What was copied last, as the text that went to the system's clipboard: the fallback where that cannot be read. */
  readonly clipboard: string | undefined

  /** Selects exactly these. */
  select(selection: { nodes?: Iterable<string>; edges?: Iterable<string>; notes?: Iterable<string> }): void
  /** Adds a node, or takes it away where it is selected. */
  toggleNode(node: string): void
  clear(): void
  hoverNode(node: string | undefined): void
  hoverEdge(edge: string | undefined): void
  /** Selects a node, brings it into view on the canvas and, with `field`, focuses that field in the inspector. */
  reveal(node: string, field?: string): void
  /** Moves the cursor into a field of the selected node without moving the view. */
  focusField(node: string, field?: string): void
  /** The field has been focused; the request is done. */
  fieldFocused(): void
  rename(node: string | undefined): void
  copied(text: string): void
  /** Forgets whatever is not in the document any more. */
  retain(exists: { node(id: string): boolean; edge(id: string): boolean; note(id: string): boolean }): void
}

const none: ReadonlySet<string> = new Set()

/** Nothing selected is always the same set: who compares sees that nothing changed. */
function setOf(ids: Iterable<string>): ReadonlySet<string> {
  const set = new Set(ids)
  return set.size === 0 ? none : set
}

function kept(ids: ReadonlySet<string>, exists: (id: string) => boolean): ReadonlySet<string> {
  const left = [...ids].filter(exists)
  return left.length === ids.size ? ids : setOf(left)
}

let serial = 0

function request(node: string, field: string | undefined): RevealRequest {
  serial += 1
  return field === undefined ? { node, serial } : { node, field, serial }
}

/** Makes a store of what is selected. The application has one, {@link selectionStore}; tests make their own. */
export function createSelectionStore() {
  return createStore<SelectionState>()((set) => ({
    nodes: none,
    edges: none,
    notes: none,
    focusNode: undefined,
    hoveredNode: undefined,
    hoveredEdge: undefined,
    revealed: undefined,
    fieldRequest: undefined,
    renaming: undefined,
    clipboard: undefined,

    select: ({ nodes = none, edges = none, notes = none }) => {
      const chosen = setOf(nodes)
      set({ nodes: chosen, edges: setOf(edges), notes: setOf(notes), focusNode: [...chosen].at(-1) })
    },
    toggleNode: (node) => {
      set((state) => {
        const nodes = new Set(state.nodes)
        const added = !nodes.delete(node)
        if (added) nodes.add(node)
        return { nodes, focusNode: added ? node : [...nodes].at(-1) }
      })
    },
    clear: () => {
      set({ nodes: none, edges: none, notes: none, focusNode: undefined, renaming: undefined })
    },
    hoverNode: (node) => set({ hoveredNode: node }),
    hoverEdge: (edge) => set({ hoveredEdge: edge }),
    reveal: (node, field) => {
      const revealed = request(node, field)
      const chosen = { nodes: new Set([node]), edges: none, notes: none, focusNode: node, revealed }
      set(field === undefined ? chosen : { ...chosen, fieldRequest: revealed })
    },
    focusField: (node, field) => {
      set({ fieldRequest: request(node, field) })
    },
    fieldFocused: () => set({ fieldRequest: undefined }),
    rename: (node) => set({ renaming: node }),
    copied: (text) => set({ clipboard: text }),
    retain: (exists) => {
      set((state) => {
        const nodes = kept(state.nodes, exists.node)
        const edges = kept(state.edges, exists.edge)
        const notes = kept(state.notes, exists.note)
        if (nodes === state.nodes && edges === state.edges && notes === state.notes) return state
        return { nodes, edges, notes, focusNode: [...nodes].at(-1) }
      })
    },
  }))
}

/** What is selected in this window. */
export const selectionStore = createSelectionStore()

/** Reads from {@link selectionStore} in a component; the component renders again only when the selected value changes. */
export function useSelection<T>(select: (state: SelectionState) => T): T {
  return useStore(selectionStore, select)
}
