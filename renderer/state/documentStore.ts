import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Diagnostic } from '../../model/diagnostics.ts'
import type { Flow } from '../../model/document.ts'
import {
  edited,
  mergeEnded,
  type OpenDocument,
  type OpenOptions,
  redone,
  tabClosed,
  tabMoved,
  tabOpened,
  tabRenamed,
  type Tabs,
  undone,
} from './documentChanges.ts'

export type { HistoryEntry, OpenDocument, OpenOptions } from './documentChanges.ts'

export interface DocumentState extends Tabs {
  /** Opens a document in a tab and activates it; one that is open already is only activated. */
  open(path: string, flow: Flow, options: OpenOptions): void
  /** Closes a tab; its neighbour becomes active. */
  close(path: string): void
  activate(path: string): void
  /** Moves a tab to another place among the tabs. */
  moveTab(path: string, index: number): void
  /** Gives a document another path (save as, rename of the file). */
  rename(path: string, to: string): void
  /**
   * Changes the active document's flow, undoably. Nothing happens where `change` returns the flow it was given.
   * With `merge`, edits in a row that carry the same key are one undo step, until `endMerge`.
   */
  edit(label: string, change: (flow: Flow) => Flow, options?: { merge?: string; path?: string }): void
  /** Ends the merging of edits: the field lost focus. */
  endMerge(): void
  undo(): void
  redo(): void
  /** The file now holds `flow` (the present one by default) and its content has this hash. */
  markSaved(path: string, hash: string, flow?: Flow): void
  /** Takes the content that another program has written; undoable. */
  reload(path: string, flow: Flow, hash: string): void
  /** Takes the engine's answer, unless the document has moved on since `revision`. */
  setDiagnostics(path: string, revision: number, diagnostics: readonly Diagnostic[]): void
  setTrusted(path: string, trusted: boolean): void
}

/** Makes a store of open documents. The application has one, {@link documentStore}; tests make their own. */
export function createDocumentStore() {
  return createStore<DocumentState>()((set, get) => {
    const change = (path: string | undefined, update: (document: OpenDocument) => OpenDocument) => {
      set((state) => {
        const document = path === undefined ? undefined : state.documents[path]
        if (!document) return state
        const next = update(document)
        return next === document ? state : { documents: { ...state.documents, [next.path]: next } }
      })
    }
    return {
      documents: {},
      tabs: [],
      active: undefined,
      open: (path, flow, options) => set((state) => tabOpened(state, path, flow, options)),
      close: (path) => set((state) => tabClosed(state, path)),
      activate: (path) => set((state) => (state.documents[path] ? { active: path } : state)),
      moveTab: (path, index) => set((state) => tabMoved(state, path, index)),
      rename: (path, to) => set((state) => tabRenamed(state, path, to)),
      edit: (label, changeFlow, { merge, path = get().active } = {}) => {
        change(path, (document) => {
          const flow = changeFlow(document.flow)
          return flow === document.flow ? document : edited(document, label, flow, merge)
        })
      },
      endMerge: () => change(get().active, mergeEnded),
      undo: () => change(get().active, undone),
      redo: () => change(get().active, redone),
      markSaved: (path, hash, flow) => {
        change(path, (document) => ({ ...mergeEnded(document), savedFlow: flow ?? document.flow, savedHash: hash }))
      },
      reload: (path, flow, hash) => {
        change(path, (document) => ({
          ...edited(document, 'Reload from disk', flow, undefined),
          savedFlow: flow,
          savedHash: hash,
        }))
      },
      setDiagnostics: (path, revision, diagnostics) => {
        change(path, (document) => (document.revision === revision ? { ...document, diagnostics } : document))
      },
      setTrusted: (path, trusted) => change(path, (document) => ({ ...document, trusted })),
    }
  })
}

/** The documents open in this window. */
export const documentStore = createDocumentStore()

/** Reads from {@link documentStore} in a component; the component renders again only when the selected value changes. */
export function useDocuments<T>(select: (state: DocumentState) => T): T {
  return useStore(documentStore, select)
}

/** The document in the active tab. */
export function activeDocument(state: DocumentState): OpenDocument | undefined {
  return state.active === undefined ? undefined : state.documents[state.active]
}

/** Selects from the active document; undefined where none is open. */
export function useActiveDocument<T>(select: (document: OpenDocument) => T): T | undefined {
  return useDocuments((state) => {
    const document = activeDocument(state)
    return document && select(document)
  })
}

/** Whether the document differs from its file. */
export function isDirty(document: OpenDocument): boolean {
  return document.flow !== document.savedFlow
}
