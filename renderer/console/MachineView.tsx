import { Cog } from 'lucide-react'
import { useEffect, useState } from 'react'
import { flowText } from '../files/flowText.ts'
import type { Json } from '../../model/json.ts'
import { EmptyState } from '../controls/EmptyState.tsx'
import { parseJson } from '../controls/parseJson.ts'
import { errorSentence } from '../engineClient.ts'
import { engine } from '../shell/engine.ts'
import { activeDocument, documentStore, useActiveDocument } from '../state/documentStore.ts'
import { ValueTree } from './ValueTree.tsx'

type Compiled = { readonly machine: Json } | { readonly problem: string }

const pauseMs = 400

/** The XState machine that the flow compiles to: exactly what a run drives. */
export function MachineView() {
  const revision = useActiveDocument((document) => `${document.path}#${document.revision}`)
  const [compiled, setCompiled] = useState<Compiled>()
  useEffect(() => {
    let wanted = true
    const timer = setTimeout(() => {
      compile().then(
        (result) => {
          if (wanted) setCompiled(result)
        },
        (error: unknown) => {
          if (wanted) setCompiled({ problem: errorSentence(error) })
        },
      )
    }, pauseMs)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [revision])
  if (!compiled) return null
  if ('problem' in compiled) {
    return (
      <EmptyState icon={<Cog size={22} />} title="No machine yet">
        {compiled.problem}
      </EmptyState>
    )
  }
  return (
    <div style={{ flex: 1, minHeight: 0, padding: '0 8px' }}>
      <ValueTree fill name="machine" value={compiled.machine} />
    </div>
  )
}

async function compile(): Promise<Compiled> {
  const document = activeDocument(documentStore.getState())
  if (!document) return { problem: 'No flow is open.' }
  const { text } = await engine().request('flow.compile', {
    flow: { path: document.path, text: flowText(document.flow) },
    format: 'json',
  })
  const machine = parseJson(text)
  return machine
    ? { machine: machine.value }
    : { problem: 'Solve the problems of the flow first; then its machine stands here.' }
}
