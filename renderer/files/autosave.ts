import type { Flow } from '../../model/document.ts'
import { errorSentence } from '../engineClient.ts'
import { connectionStore, engine } from '../shell/engine.ts'
import { documentStore, isDirty, type OpenDocument } from '../state/documentStore.ts'
import { setDraft } from './draftStore.ts'
import { flowText } from './flowText.ts'
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
  const keeper = new DraftKeeper()
  const look = () => {
    keeper.look()
  }
  const flush = () => {
    keeper.flush()
  }
  look()
  window.addEventListener('pagehide', flush)
  window.addEventListener('blur', flush)
  const stopDocuments = documentStore.subscribe(look)
  const stopConnection = connectionStore.subscribe((state, before) => {
    if (state.connection.status === 'connected' && before.connection.status !== 'connected') look()
  })
  return () => {
    window.removeEventListener('pagehide', flush)
    window.removeEventListener('blur', flush)
    stopDocuments()
    stopConnection()
    keeper.stop()
  }
}

class DraftKeeper {
  readonly #told = new Map<string, Told>()
  readonly #waiting = new Map<string, Waiting>()

  /** Plans to tell the journal of every document that it does not know as it stands. */
  look(): void {
    const { documents } = documentStore.getState()
    for (const document of Object.values(documents)) {
      const known = this.#waiting.get(document.path) ?? this.#told.get(document.path)
      if (known?.flow === document.flow && known.savedFlow === document.savedFlow) continue
      if (!known && !isDirty(document)) this.#told.set(document.path, toldOf(document))
      else this.#plan(document)
    }
    for (const path of this.#told.keys()) if (!documents[path]) this.#told.delete(path)
  }

  /** The page may go away at any moment: what waits is told at once. */
  flush(): void {
    for (const [path, { timer }] of [...this.#waiting]) {
      clearTimeout(timer)
      this.#tell(path)
    }
  }

  stop(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer)
  }

  #plan(document: OpenDocument): void {
    const since = this.#waiting.get(document.path)?.since ?? Date.now()
    this.#wait(document, since, Math.max(0, Math.min(pauseMs, since + longestMs - Date.now())))
    if (isDirty(document)) setDraft(document.path, { status: 'pending' })
  }

  #wait(document: OpenDocument, since: number, delay: number): void {
    clearTimeout(this.#waiting.get(document.path)?.timer)
    const timer = setTimeout(() => {
      this.#tell(document.path)
    }, delay)
    this.#waiting.set(document.path, { ...toldOf(document), since, timer })
  }

  #tell(path: string): void {
    this.#waiting.delete(path)
    const document = documentStore.getState().documents[path]
    if (!document) return
    const dirty = isDirty(document)
    tellJournal(document, dirty).then(
      (savedAt) => {
        this.#told.set(path, toldOf(document))
        if (!this.#waiting.has(path)) setDraft(path, dirty ? { status: 'kept', savedAt } : undefined)
      },
      (error: unknown) => {
        setDraft(path, { status: 'failed', message: errorSentence(error) })
        if (connectionStore.getState().connection.status === 'connected') this.#wait(document, Date.now(), retryMs)
      },
    )
  }
}

function toldOf({ flow, savedFlow }: OpenDocument): Told {
  return { flow, savedFlow }
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
