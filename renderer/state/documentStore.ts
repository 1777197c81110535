import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Diagnostic } from '../../model/diagnostics.ts'
import type { Flow } from '../../model/document.ts'

/** One step of undo or redo: what the edit was called, and the flow to go back (or forward) to. */
export interface HistoryEntry {
  readonly label: string
  readonly flow: Flow
  /** Edits in a row that carry the same key are one step. */
  readonly merge?: string
}

/** A flow file that is open in a tab. Flows are immutable, so history keeps references, not copies. */
export interface OpenDocument {
  /** Workspace-relative path: the document's identity. */
  readonly path: string
  readonly flow: Flow
  /** Oldest first. */
  readonly past: readonly HistoryEntry[]
  /** Next redo first. */
  readonly future: readonly HistoryEntry[]
  /** The flow as the file holds it; the document is dirty where this is not the present flow. */
  readonly savedFlow: Flow | undefined
  /** Hash of the file's content as last read or written; null for a document that has no file yet. */
  readonly savedHash: string | null
  /** Counts every change of `flow`, undo included: answers to older revisions are stale. */
  readonly revision: number
  readonly diagnostics: readonly Diagnostic[]
  /** Undefined until the engine was asked. */
  readonly trusted: boolean | undefined
}

export interface OpenOptions {
  /** Hash of the content read; null for a new document. */
  readonly hash: string | null
  /** Set where the flow comes from the edit journal and differs from the file. */
  readonly dirty?: boolean
  readonly trusted?: boolean
}

export interface DocumentState {
  readonly documents: Readonly<Record<string, OpenDocument>>
  /** Paths in the order of the tabs. */
  readonly tabs: readonly string[]
  readonly active: string | undefined

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

/** Steps kept per document; beyond it the oldest are forgotten. */
const historyLimit = 1000

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
}

function edited(document: OpenDocument, label: string, flow: Flow, merge: string | undefined): OpenDocument {
  const last = document.past.at(-1)
  const merges = merge !== undefined && last?.merge === merge && document.future.length === 0
  const entry: HistoryEntry = merge === undefined ? { label, flow: document.flow } : { label, flow: document.flow, merge }
  const past = merges ? document.past : [...document.past, entry].slice(-historyLimit)
  return { ...document, flow, past, future: [], revision: document.revision + 1 }
}

function undone(document: OpenDocument): OpenDocument {
  const step = document.past.at(-1)
  if (!step) return document
  const future = [{ label: step.label, flow: document.flow }, ...document.future]
  return { ...document, flow: step.flow, past: document.past.slice(0, -1), future, revision: document.revision + 1 }
}

function redone(document: OpenDocument): OpenDocument {
  const [step, ...future] = document.future
  if (!step) return document
  const past = [...document.past, { label: step.label, flow: document.flow }]
  return { ...document, flow: step.flow, past, future, revision: document.revision + 1 }
}

function mergeEnded(document: OpenDocument): OpenDocument {
  const last = document.past.at(-1)
  if (last?.merge === undefined) return document
  return { ...document, past: [...document.past.slice(0, -1), { label: last.label, flow: last.flow }] }
}

function opened(path: string, flow: Flow, options: OpenOptions): OpenDocument {
  const savedFlow = options.dirty || options.hash === null ? undefined : flow
  return {
    path,
    flow,
    past: [],
    future: [],
    savedFlow,
    savedHash: options.hash,
    revision: 1,
    diagnostics: [],
    trusted: options.trusted,
  }
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
    const changeActive = (update: (document: OpenDocument) => OpenDocument) => {
      change(get().active, update)
    }
    return {
      documents: {},
      tabs: [],
      active: undefined,
      open: (path, flow, options) => {
        set((state) => {
          if (state.documents[path]) return { active: path }
          const documents = { ...state.documents, [path]: opened(path, flow, options) }
          return { documents, tabs: [...state.tabs, path], active: path }
        })
      },
      close: (path) => {
        set((state) => {
          const index = state.tabs.indexOf(path)
          if (index < 0) return state
          const tabs = state.tabs.filter((tab) => tab !== path)
          const active = state.active === path ? tabs[Math.min(index, tabs.length - 1)] : state.active
          return { documents: without(state.documents, path), tabs, active }
        })
      },
      activate: (path) => {
        set((state) => (state.documents[path] ? { active: path } : state))
      },
      moveTab: (path, index) => {
        set((state) => {
          const others = state.tabs.filter((tab) => tab !== path)
          return others.length === state.tabs.length ? state : { tabs: others.toSpliced(index, 0, path) }
        })
      },
      rename: (path, to) => {
        set((state) => {
          const document = state.documents[path]
          if (!document || state.documents[to]) return state
          const documents = { ...without(state.documents, path), [to]: { ...document, path: to } }
          const tabs = state.tabs.map((tab) => (tab === path ? to : tab))
          return { documents, tabs, active: state.active === path ? to : state.active }
        })
      },
      edit: (label, changeFlow, options = {}) => {
        const update = (document: OpenDocument) => {
          const flow = changeFlow(document.flow)
          return flow === document.flow ? document : edited(document, label, flow, options.merge)
        }
        if (options.path === undefined) changeActive(update)
        else change(options.path, update)
      },
      endMerge: () => {
        changeActive(mergeEnded)
      },
      undo: () => {
        changeActive(undone)
      },
      redo: () => {
        changeActive(redone)
      },
      markSaved: (path, hash, flow) => {
        change(path, (document) => ({ ...mergeEnded(document), savedFlow: flow ?? document.flow, savedHash: hash }))
      },
      reload: (path, flow, hash) => {
        change(path, (document) => ({ ...edited(document, 'Reload from disk', flow, undefined), savedFlow: flow, savedHash: hash }))
      },
      setDiagnostics: (path, revision, diagnostics) => {
        change(path, (document) => (document.revision === revision ? { ...document, diagnostics } : document))
      },
      setTrusted: (path, trusted) => {
        change(path, (document) => ({ ...document, trusted }))
      },
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
