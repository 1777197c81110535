import type { Flow } from '../../model/document.ts'
import { flowText } from './flowText.ts'
import { errorSentence } from '../engineClient.ts'
import { connectionStore, engine } from '../shell/engine.ts'
import { documentStore, isDirty, type OpenDocument } from '../state/documentStore.ts'
import { setDraft } from './draftStore.ts'
import { originOf } from './origin.ts'

/** An edit waits this long for the next one, but never longer than `longestMs`: the journal is at most a second behind. */
const pauseMs = 300
const longestMs = 800
const retryMs = 3000

/** What the journal was last told of a document. */
interface Told {
  readonly flow: Flow
  readonly savedFlow: Flow | undefined
}

interface Waiting extends Told {
  readonly timer: ReturnType<typeof setTimeout>
  readonly since: number
}

/**
 * Keeps every edit of every open document in the engine's edit journal within a second, and drops the draft when the
 * document equals its file again. Edits made while the engine is away are kept when it is back. The result stops it.
 */
export function followEdits(): () => void {
  const told = new Map<string, Told>()
  const waiting = new Map<string, Waiting>()

  const tell = (path: string) => {
    waiting.delete(path)
    const document = documentStore.getState().documents[path]
    if (!document) return
    const dirty = isDirty(document)
    tellJournal(document, dirty).then(
      (savedAt) => {
        told.set(path, { flow: document.flow, savedFlow: document.savedFlow })
        if (waiting.has(path)) return
        setDraft(path, dirty ? { status: 'kept', savedAt } : undefined)
      },
      (error: unknown) => {
        setDraft(path, { status: 'failed', message: errorSentence(error) })
        if (connectionStore.getState().connection.status === 'connected') schedule(document, retryMs)
      },
    )
  }

  const schedule = (document: OpenDocument, pause: number) => {
    const { path, flow, savedFlow } = document
    const before = waiting.get(path)
    clearTimeout(before?.timer)
    const since = before?.since ?? Date.now()
    const delay = pause === retryMs ? pause : Math.max(0, Math.min(pause, since + longestMs - Date.now()))
    waiting.set(path, { flow, savedFlow, since, timer: setTimeout(() => tell(path), delay) })
  }

  const look = () => {
    const { documents } = documentStore.getState()
    for (const document of Object.values(documents)) {
      const known = waiting.get(document.path) ?? told.get(document.path)
      if (known && known.flow === document.flow && known.savedFlow === document.savedFlow) continue
      if (!known && !isDirty(document)) {
        told.set(document.path, { flow: document.flow, savedFlow: document.savedFlow })
        continue
      }
      schedule(document, pauseMs)
      if (isDirty(document)) setDraft(document.path, { status: 'pending' })
    }
    for (const path of told.keys()) if (!documents[path]) told.delete(path)
  }

  /** The page may go away at any moment: what waits is told at once. */
  const flush = () => {
    for (const [path, { timer }] of [...waiting]) {
      clearTimeout(timer)
      tell(path)
    }
  }

  look()
  const stopDocuments = documentStore.subscribe(look)
  const stopConnection = connectionStore.subscribe((state, before) => {
    if (state.connection.status === 'connected' && before.connection.status !== 'connected') look()
  })
  window.addEventListener('pagehide', flush)
  window.addEventListener('blur', flush)
  return () => {
    window.removeEventListener('pagehide', flush)
    window.removeEventListener('blur', flush)
    stopDocuments()
    stopConnection()
    for (const { timer } of waiting.values()) clearTimeout(timer)
  }
}

async function tellJournal(document: OpenDocument, dirty: boolean): Promise<string> {
  const { path } = document
  if (!dirty) {
    await engine().request('draft.drop', { path })
    return ''
  }
  const label = document.past.at(-1)?.label ?? 'New flow'
  const draft = { path, text: flowText(document.flow), label, base: document.savedHash, origin: originOf(path) }
  return (await engine().request('draft.save', draft)).savedAt
}
