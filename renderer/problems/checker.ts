import { flowText } from '../files/flowText.ts'
import { connectionStore, engine } from '../shell/engine.ts'
import { activeDocument, documentStore, type OpenDocument } from '../state/documentStore.ts'
import { EngineError } from '../transport/messages.ts'

const pauseMs = 150
const longestPauseMs = 1500

/**
 * Has the engine verify the active document 150 ms after an edit; where its answers take longer than that, after as long
 * as the last one took, so that typing in a huge flow does not queue up checks that nobody reads. Answers to a flow that
 * has moved on are dropped by the document store. A check that fails is repeated with the next edit or connection. The
 * result stops it.
 */
export function followChecks(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked: { path: string; revision: number } | undefined
  let pause = pauseMs

  const check = (document: OpenDocument) => {
    const { path, revision, flow } = document
    const sentAt = performance.now()
    engine()
      .request('flow.check', { flow: { path, text: flowText(flow) }, revision })
      .then(
        ({ revision: answered, diagnostics }) => {
          pause = Math.min(longestPauseMs, Math.max(pauseMs, performance.now() - sentAt))
          documentStore.getState().setDiagnostics(path, answered, diagnostics)
        },
        (error: unknown) => {
          asked = undefined
          if (!(error instanceof EngineError)) throw error
          if (error.code !== 'engine-lost') console.error('flow.check', error)
        },
      )
  }

  const look = () => {
    const document = activeDocument(documentStore.getState())
    if (!document || (asked?.path === document.path && asked.revision === document.revision)) return
    asked = { path: document.path, revision: document.revision }
    clearTimeout(timer)
    timer = setTimeout(() => check(document), pause)
  }

  look()
  const stopDocuments = documentStore.subscribe(look)
  const stopConnection = connectionStore.subscribe((state, before) => {
    if (state.connection.status === 'connected' && before.connection.status !== 'connected') {
      asked = undefined
      look()
    }
  })
  return () => {
    stopDocuments()
    stopConnection()
    clearTimeout(timer)
  }
}
