import { Workflow } from 'lucide-react'
import { useId } from 'react'
import { defaultConcurrency, type Flow } from '../../model/document.ts'
import { withFlowKey, type FlowKey } from '../../model/edits/settings.ts'
import { NumberInput, TextArea } from '../controls/inputs.tsx'
import { documentStore, useActiveDocument } from '../state/documentStore.ts'
import { FieldRow } from './FieldRow.tsx'
import { FlowInputs } from './FlowInputs.tsx'
import styles from './Inspector.module.css'
import { ListEditor } from './ListEditor.tsx'
import { problemsAt } from './problemsAt.ts'

/** Settings of the flow itself, shown while nothing is selected. */
export function FlowInspector() {
  const flow = useActiveDocument((document) => document.flow)
  const path = useActiveDocument((document) => document.path)
  const diagnostics = useActiveDocument((document) => document.diagnostics) ?? []
  const id = useId()
  if (!flow || path === undefined) return null
  const problems = diagnostics.filter((problem) => problem.node === undefined)
  const { edit, endMerge } = documentStore.getState()
  const set = <K extends FlowKey>(key: K, value: Flow[K] | undefined) => {
    edit(`Edit ${key}`, (current) => withFlowKey(current, key, value), { merge: `flow.${key}` })
  }
  return (
    <>
      <header className={styles['header']}>
        <span className={styles['tile']}>
          <Workflow size={17} />
        </span>
        <div className={styles['names']}>
          <input
            className={styles['label']}
            aria-label="Name of the flow"
            value={flow.name}
            placeholder="Name"
            onChange={(event) => set('name', event.currentTarget.value)}
            onBlur={endMerge}
          />
          <div className={styles['kind']} title={path}>
            Flow · {path}
          </div>
        </div>
      </header>
      <div className={styles['scroll']}>
        <div className={styles['fields']}>
          <FieldRow
            id={`${id}-description`}
            label="Description"
            path="description"
            problems={problemsAt(problems, 'description')}
          >
            <TextArea
              id={`${id}-description`}
              rows={3}
              placeholder="What it does and for whom"
              value={flow.description ?? ''}
              onChange={(text) => set('description', text === '' ? undefined : text)}
              onBlur={endMerge}
            />
          </FieldRow>
          <FlowInputs key={path} />
          <FieldRow
            id={`${id}-concurrency`}
            label="Nodes at once"
            path="concurrency"
            problems={problemsAt(problems, 'concurrency')}
          >
            <NumberInput
              id={`${id}-concurrency`}
              placeholder={String(defaultConcurrency)}
              value={flow.concurrency}
              onChange={(value) => set('concurrency', value)}
              onBlur={endMerge}
            />
          </FieldRow>
          <FieldRow
            id={`${id}-env`}
            label="Environment variables"
            path="env"
            help="Names that expressions may read as env.NAME. Reading them needs trust."
            problems={problemsAt(problems, 'env')}
          >
            <ListEditor
              key={path}
              field={{ name: 'env', label: 'Environment variable', editor: 'list', placeholder: 'HOME' }}
              id={`${id}-env`}
              value={flow.env === undefined ? undefined : [...flow.env]}
              fallback={undefined}
              onChange={(value) => set('env', Array.isArray(value) ? value.map(String) : undefined)}
              onBlur={endMerge}
              invalid={false}
              describedBy={`${id}-env-help`}
              node=""
            />
          </FieldRow>
        </div>
      </div>
    </>
  )
}
