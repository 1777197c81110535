import { useEffect, useRef, useState } from 'react'
import { flowText } from '../files/flowText.ts'
import type { Json } from '../../model/json.ts'
import type { RequestParams, RequestResults } from '../../model/protocol.ts'
import { engine, useConnection } from '../shell/engine.ts'
import { activeDocument, documentStore } from '../state/documentStore.ts'
import { useRuns } from '../state/runStore.ts'
import { EngineError } from '../transport/messages.ts'

export type Preview = RequestResults['expression.preview']

const pauseMs = 300

/**
 * What a template would give in the scope of a node, with the values of the run on the canvas. Asked a moment after the
 * last key; an answer that comes too late is dropped. Undefined while there is nothing to show.
 */
export function usePreview(node: string, template: Json | undefined, wanted: boolean): Preview | undefined {
  const [preview, setPreview] = useState<{ key: string; preview: Preview }>()
  const connected = useConnection().status === 'connected'
  const path = documentStore.getState().active
  const runId = useRuns((state) => (path === undefined ? undefined : state.shown[path]))
  const ended = useRuns((state) => (runId === undefined ? undefined : state.runs[runId]?.state.endedAt))
  const hasHole = wanted && connected && template !== undefined && JSON.stringify(template).includes('{{')
  const key = hasHole ? JSON.stringify([path, node, template, runId, ended]) : ''
  // `key` says when to ask: equal templates may be different objects.
  const asked = useRef({ node, template, runId })
  asked.current = { node, template, runId }
  useEffect(() => {
    if (key === '') return undefined
    let current = true
    const timer = setTimeout(() => {
      ask(asked.current).then(
        (answer) => {
          if (current && answer) setPreview({ key, preview: answer })
        },
        (error: unknown) => {
          if (!current || !(error instanceof EngineError)) return
          setPreview({ key, preview: { error: { code: error.code, message: error.message } } })
        },
      )
    }, pauseMs)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [key])
  return key !== '' && preview?.key === key ? preview.preview : undefined
}

interface Asked {
  readonly node: string
  readonly template: Json | undefined
  readonly runId: string | undefined
}

async function ask({ node, template, runId }: Asked): Promise<Preview | undefined> {
  const document = activeDocument(documentStore.getState())
  if (!document || template === undefined) return undefined
  const params: RequestParams<'expression.preview'> = {
    flow: { path: document.path, text: flowText(document.flow) },
    node,
    template,
  }
  if (runId !== undefined) params.runId = runId
  return engine().request('expression.preview', params)
}
