import { toast } from 'sonner'
import type { Diagnostic } from '../../model/diagnostics.ts'
import { flowFormat, type Flow, type FlowNode } from '../../model/document.ts'
import { parseFlow } from '../../model/flowFile.ts'
import { copyMap } from '../../model/maps.ts'
import { closeDialog, openDialog } from '../shell/dialogStore.ts'
import { engine } from '../shell/engine.ts'
import { reportFailure } from '../shell/report.ts'
import { activeDocument, documentStore, isDirty, type OpenDocument } from '../state/documentStore.ts'
import { selectionStore } from '../state/selectionStore.ts'
import { EngineError } from '../transport/messages.ts'
import { flowText } from './flowText.ts'
import { fileStore, loadFiles } from './fileStore.ts'
import { setWriting } from './draftStore.ts'
import { forgetOrigin, markImported, originOf } from './origin.ts'

export const flowSuffix = '.flow.json'

/** Code with which the engine refuses to overwrite content that the writer has not seen. */
const conflictCode = 'file-conflict'

interface FileContent {
  readonly text: string
  readonly hash: string
}

/**
 * Opens a flow of the workspace in a tab, with the edits that the journal still holds for it. A file that is no flow is
 * refused with the reason. Rejects where the file cannot be read.
 */
export async function openFile(path: string): Promise<boolean> {
  const open = documentStore.getState().documents[path]
  if (open) {
    documentStore.getState().activate(path)
    return true
  }
  const [file, { draft }] = await Promise.all([readIfThere(path), engine().request('draft.load', { path })])
  forgetOrigin(path)
  if (!file && !draft) throw new EngineError('not-found', `There is no file "${path}" in this workspace.`)
  const flow = file && parseOrRefuse(file.text, path)
  if (draft && draft.text !== file?.text) return openDraft(path, draft, file, flow)
  if (!file || !flow) return false
  documentStore.getState().open(path, flow, { hash: file.hash })
  refreshTrust(path)
  return true
}

/** Opens what the journal holds; the file on disk is what the document differs from. */
function openDraft(
  path: string,
  draft: { text: string; base: string | null },
  file: FileContent | undefined,
  onDisk: Flow | undefined,
): boolean {
  const flow = parseOrRefuse(draft.text, path)
  if (!flow) return false
  const { open, markSaved } = documentStore.getState()
  const conflict = file && draft.base !== null && draft.base !== file.hash ? file : undefined
  // In a conflict the document stays based on what it was edited from: a later save still asks.
  open(path, flow, { hash: conflict ? draft.base : (file?.hash ?? null), dirty: true })
  if (file && onDisk && !conflict) markSaved(path, file.hash, onDisk)
  refreshTrust(path)
  if (conflict) openDialog({ type: 'conflict', path, text: conflict.text, hash: conflict.hash })
  return true
}

async function readIfThere(path: string): Promise<FileContent | undefined> {
  try {
    return await engine().request('file.read', { path })
  } catch (error) {
    if (error instanceof EngineError && error.code !== 'engine-lost' && /not-found|missing|enoent/i.test(error.code))
      return undefined
    throw error
  }
}

/** Parses a flow; where it is none, says why in a toast and gives undefined. */
function parseOrRefuse(text: string, path: string): Flow | undefined {
  const { flow, diagnostics } = parseFlow(text, path)
  if (flow) return flow
  toast.error(`Could not open ${baseName(path)}`, { description: firstSentence(diagnostics), duration: 10_000 })
  return undefined
}

function firstSentence(diagnostics: readonly Diagnostic[]): string {
  const first = diagnostics.find((d) => d.severity === 'error') ?? diagnostics[0]
  if (!first) return 'The file is not a Switchyard flow.'
  const place =
    first.line === undefined
      ? ''
      : ` (line ${first.line}${first.column === undefined ? '' : `, column ${first.column}`})`
  return `${first.message}${place}`
}

/** Opens an empty flow in a new tab: a start node, nothing else. It has no file until it is saved. */
export function newFlow(name = 'Untitled'): string {
  const path = freePath(`${slug(name)}${flowSuffix}`)
  const nodes = copyMap<FlowNode>({ start: { kind: 'start' } })
  forgetOrigin(path)
  documentStore
    .getState()
    .open(
      path,
      { format: flowFormat, name, nodes, edges: [], layout: { nodes: { start: [0, 0] } } },
      { hash: null, trusted: true },
    )
  selectionStore.getState().select({ nodes: ['start'] })
  return path
}

/** Opens the text of a file from outside the workspace as a new, unsaved document. Gives whether it was a flow. */
export function openText(name: string, text: string): boolean {
  const flow = parseOrRefuse(text, name)
  if (!flow) return false
  const stem = baseName(name).replace(/(\.flow)?\.json$/i, '')
  const path = freePath(`${stem}${flowSuffix}`)
  markImported(path)
  documentStore.getState().open(path, flow, { hash: null, trusted: false })
  return true
}

/** Copies a template into the workspace and opens it. */
export async function openTemplate(name: string): Promise<void> {
  const { path } = await engine().request('template.create', { name, folder: freeFolder(name) })
  await loadFiles()
  await openFile(path)
}

/** Writes a document to its file. Where the file holds something this window has not seen, a person is asked. */
export async function saveDocument(path: string): Promise<boolean> {
  const document = documentStore.getState().documents[path]
  if (!document) return false
  return (await writeDocument(document, path, document.savedHash)) !== undefined
}

/** Writes over whatever the file holds now: the person has seen that it differs. */
export async function overwriteFile(path: string, seenHash: string): Promise<boolean> {
  const document = documentStore.getState().documents[path]
  if (!document) return false
  return (await writeDocument(document, path, seenHash)) !== undefined
}

/** Writes a document under another path, which must not exist yet, and goes on editing it there. */
export async function saveDocumentAs(path: string, to: string): Promise<boolean> {
  const document = documentStore.getState().documents[path]
  if (!document) return false
  if (to === path) return saveDocument(path)
  const written = await writeDocument(document, to, null)
  if (written === undefined) return false
  documentStore.getState().rename(path, to)
  if (originOf(path) === 'import') markImported(to)
  documentStore.getState().markSaved(to, written, document.flow)
  await engine().request('draft.drop', { path })
  refreshTrust(to)
  return true
}

async function writeDocument(document: OpenDocument, to: string, expected: string | null): Promise<string | undefined> {
  setWriting(document.path, true)
  try {
    const { hash } = await engine().request('file.write', {
      path: to,
      text: flowText(document.flow),
      expected,
      origin: originOfWrite(document, to),
    })
    documentStore.getState().markSaved(to, hash, document.flow)
    await loadFiles()
    return hash
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== conflictCode) throw error
    const theirs = await engine().request('file.read', { path: to })
    openDialog({ type: 'conflict', path: document.path, text: theirs.text, hash: theirs.hash })
    return undefined
  } finally {
    setWriting(document.path, false)
  }
}

/** Under another name a flow is new to the engine: one that is not trusted must not be taken for one made here. */
function originOfWrite(document: OpenDocument, to: string): 'edit' | 'import' {
  return to !== document.path && document.trusted !== true ? 'import' : originOf(document.path)
}

/** Takes the file's content in place of the edits here; the edits stay reachable through undo. */
export function takeTheirs(path: string, text: string, hash: string): void {
  const flow = parseOrRefuse(text, path)
  if (flow) documentStore.getState().reload(path, flow, hash)
  refreshTrust(path)
  closeDialog()
}

/** A file was changed by another program: an untouched document follows it, an edited one asks. */
export async function followFile(path: string): Promise<void> {
  const file = await readIfThere(path)
  const document = documentStore.getState().documents[path]
  if (!file || !document || file.hash === document.savedHash) return
  if (isDirty(document)) {
    if (flowText(document.flow) === file.text) documentStore.getState().markSaved(path, file.hash)
    else openDialog({ type: 'conflict', path, text: file.text, hash: file.hash })
    return
  }
  takeTheirs(path, file.text, file.hash)
}

/** Closes a tab; asks first where edits are in no file. */
export function closeDocument(path: string): void {
  const document = documentStore.getState().documents[path]
  if (!document) return
  if (isDirty(document)) openDialog({ type: 'close-unsaved', path })
  else documentStore.getState().close(path)
}

/** Closes a tab and forgets its edits. */
export async function discardDocument(path: string): Promise<void> {
  documentStore.getState().close(path)
  await engine().request('draft.drop', { path })
}

/** Asks the engine whether a document may have effects, and shows the answer. */
export function refreshTrust(path: string): void {
  const document = documentStore.getState().documents[path]
  if (!document) return
  engine()
    .request('trust.get', { flow: { path, text: flowText(document.flow) } })
    .then(
      ({ trusted }) => {
        documentStore.getState().setTrusted(path, trusted && originOf(path) !== 'import')
      },
      (error: unknown) => {
        reportFailure('ask whether the flow is trusted', error)
      },
    )
}

export function baseName(path: string): string {
  return path.split('/').at(-1) ?? path
}

/** The active document, for commands. */
export function currentDocument(): OpenDocument | undefined {
  return activeDocument(documentStore.getState())
}

function slug(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'flow'
  )
}

function taken(path: string): boolean {
  return documentStore.getState().documents[path] !== undefined || knownPaths().has(path)
}

function freePath(wanted: string): string {
  if (!taken(wanted)) return wanted
  const stem = wanted.slice(0, -flowSuffix.length)
  for (let n = 2; ; n += 1) if (!taken(`${stem}-${n}${flowSuffix}`)) return `${stem}-${n}${flowSuffix}`
}

function freeFolder(wanted: string): string {
  const used = [...knownPaths()]
  const exists = (folder: string) => used.some((path) => path.startsWith(`${folder}/`))
  if (!exists(wanted)) return wanted
  for (let n = 2; ; n += 1) if (!exists(`${wanted}-${n}`)) return `${wanted}-${n}`
}

function knownPaths(): ReadonlySet<string> {
  return new Set(fileStore.getState().files.map((file) => file.path))
}
