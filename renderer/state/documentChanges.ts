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

/** What of the store is data: the documents and their tabs. */
export interface Tabs {
  readonly documents: Readonly<Record<string, OpenDocument>>
  /** Paths in the order of the tabs. */
  readonly tabs: readonly string[]
  readonly active: string | undefined
}

/** Steps kept per document; beyond it the oldest are forgotten. */
const historyLimit = 1000

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
}

/** The document after an edit. Edits in a row with the same `merge` key keep one step. */
export function edited(document: OpenDocument, label: string, flow: Flow, merge: string | undefined): OpenDocument {
  const last = document.past.at(-1)
  const merges = merge !== undefined && last?.merge === merge && document.future.length === 0
  const entry: HistoryEntry =
    merge === undefined ? { label, flow: document.flow } : { label, flow: document.flow, merge }
  const past = merges ? document.past : [...document.past, entry].slice(-historyLimit)
  return { ...document, flow, past, future: [], revision: document.revision + 1 }
}

/** The document before its last edit. */
export function undone(document: OpenDocument): OpenDocument {
  const step = document.past.at(-1)
  if (!step) return document
  const future = [{ label: step.label, flow: document.flow }, ...document.future]
  return { ...document, flow: step.flow, past: document.past.slice(0, -1), future, revision: document.revision + 1 }
}

/** The document as it was before the last undo. */
export function redone(document: OpenDocument): OpenDocument {
  const [step, ...future] = document.future
  if (!step) return document
  const past = [...document.past, { label: step.label, flow: document.flow }]
  return { ...document, flow: step.flow, past, future, revision: document.revision + 1 }
}

/** The same document, whose next edit begins a new step. */
export function mergeEnded(document: OpenDocument): OpenDocument {
  const last = document.past.at(-1)
  if (last?.merge === undefined) return document
  return { ...document, past: [...document.past.slice(0, -1), { label: last.label, flow: last.flow }] }
}

function newDocument(path: string, flow: Flow, options: OpenOptions): OpenDocument {
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

/** Opens a document in a tab; one that is open already is only activated. */
export function tabOpened(state: Tabs, path: string, flow: Flow, options: OpenOptions): Partial<Tabs> {
  if (state.documents[path]) return { active: path }
  return {
    documents: { ...state.documents, [path]: newDocument(path, flow, options) },
    tabs: [...state.tabs, path],
    active: path,
  }
}

/** Closes a tab; the neighbour of the active one takes its place. */
export function tabClosed(state: Tabs, path: string): Partial<Tabs> {
  const index = state.tabs.indexOf(path)
  if (index < 0) return {}
  const tabs = state.tabs.filter((tab) => tab !== path)
  const active = state.active === path ? tabs[Math.min(index, tabs.length - 1)] : state.active
  return { documents: without(state.documents, path), tabs, active }
}

/** Moves a tab to another place among the tabs. */
export function tabMoved(state: Tabs, path: string, index: number): Partial<Tabs> {
  const others = state.tabs.filter((tab) => tab !== path)
  return others.length === state.tabs.length ? {} : { tabs: others.toSpliced(index, 0, path) }
}

/** Gives a document another path, where that is free. */
export function tabRenamed(state: Tabs, path: string, to: string): Partial<Tabs> {
  const document = state.documents[path]
  if (!document || state.documents[to]) return {}
  const documents = { ...without(state.documents, path), [to]: { ...document, path: to } }
  return {
    documents,
    tabs: state.tabs.map((tab) => (tab === path ? to : tab)),
    active: state.active === path ? to : state.active,
  }
}
