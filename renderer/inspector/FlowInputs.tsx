import { useId } from 'react'
import { withFlowKey } from '../../model/edits/settings.ts'
import { documentStore, useActiveDocument } from '../state/documentStore.ts'
import { FieldRow } from './FieldRow.tsx'
import { problemsAt } from './problemsAt.ts'
import { SchemaEditor } from './SchemaEditor.tsx'

/** What runs of the flow are started with: a setting of the flow, shown with its start node too. */
export function FlowInputs() {
  const id = useId()
  const inputs = useActiveDocument((document) => document.flow.inputs)
  const diagnostics = useActiveDocument((document) => document.diagnostics) ?? []
  const problems = diagnostics.filter((problem) => problem.node === undefined)
  const { edit, endMerge } = documentStore.getState()
  return (
    <FieldRow
      id={id}
      label="Inputs"
      path="inputs"
      help="What a run is started with. Expressions read them as input.name; Run asks for what is missing."
      problems={problemsAt(problems, 'inputs')}
    >
      <SchemaEditor
        id={id}
        value={inputs}
        noun="input"
        onChange={(next) => edit('Edit inputs', (flow) => withFlowKey(flow, 'inputs', next), { merge: 'flow.inputs' })}
        onBlur={endMerge}
      />
    </FieldRow>
  )
}
