import { useId, type ReactNode } from 'react'
import type { Diagnostic } from '../../model/diagnostics.ts'
import { defaultMaxVisits, type Flow, type FlowNode, type Policy, type RetryPolicy } from '../../model/document.ts'
import { toJson, type Json } from '../../model/json.ts'
import type { Field } from '../../model/nodeSpec.ts'
import { nodeFace } from '../canvas/nodeFace.ts'
import { documentStore, useActiveDocument } from '../state/documentStore.ts'
import { editors } from './editorTable.ts'
import { FieldRow } from './FieldRow.tsx'
import styles from './Inspector.module.css'
import { setPolicyEntry } from './nodeEdits.ts'
import { problemsAt } from './problemsAt.ts'

interface PolicyEditorProps {
  readonly id: string
  readonly node: FlowNode
  readonly problems: readonly Diagnostic[]
}

/** What holds for any node, whatever its kind: retries, time, repetition, joins, failure. EXECUTION.md 1.4. */
export function PolicyEditor({ id, node, problems }: PolicyEditorProps) {
  const policy = node.policy ?? {}
  const { edit } = documentStore.getState()
  const set = <K extends keyof Policy>(key: K, value: Policy[K] | undefined) => {
    edit(`Edit ${key}`, (flow) => setPolicyEntry(flow, id, key, value), { merge: `${id}.policy.${key}` })
  }
  const common = { id, problems, policy, set, node }
  return (
    <div className={styles['fields']}>
      <RetryGroup {...common} />
      <FailureGroup {...common} />
      <RepeatGroup {...common} />
      <FlowGroup {...common} />
    </div>
  )
}

interface GroupProps extends PolicyEditorProps {
  readonly policy: Policy
  readonly set: <K extends keyof Policy>(key: K, value: Policy[K] | undefined) => void
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles['group']}>
      <h3>{title}</h3>
      {children}
    </section>
  )
}

function RetryGroup({ id, problems, policy, set }: GroupProps) {
  const retry = policy.retry
  const change = (patch: Partial<Record<keyof RetryPolicy, Json | undefined>>) => set('retry', merged(retry, patch))
  const row = (name: keyof RetryPolicy, label: string, editor: Field['editor'], more: Partial<Field> = {}) => (
    <PolicyField
      node={id}
      problems={problems}
      path={`policy.retry.${name}`}
      field={{ name, label, editor, ...more }}
      value={jsonOf(retry?.[name])}
      onChange={(value) => change({ [name]: value })}
    />
  )
  return (
    <Group title="Retry">
      {row('max', 'Attempts in all', 'number', {
        placeholder: '1',
        help: 'The first one included: 3 tries twice more after a failure that may pass.',
      })}
      {retry && (
        <>
          <div className={styles['two']}>
            {row('delay', 'Wait before the second', 'duration', { placeholder: '1s' })}
            {row('factor', 'Longer each time by', 'number', { placeholder: '1', unit: '×' })}
            {row('maxDelay', 'Wait at most', 'duration', { placeholder: 'no limit' })}
            {row('jitter', 'Random share', 'number', { placeholder: '0', help: '0 to 1' })}
          </div>
          {row('on', 'Only these failures', 'list', {
            placeholder: 'http-503',
            help: 'Failure codes. Without any, every failure that may pass is retried.',
          })}
        </>
      )}
    </Group>
  )
}

function merged(
  retry: RetryPolicy | undefined,
  patch: Partial<Record<keyof RetryPolicy, Json | undefined>>,
): RetryPolicy | undefined {
  const next = Object.fromEntries(Object.entries({ ...retry, ...patch }).filter(([, value]) => value !== undefined))
  const { max } = next
  return typeof max === 'number' ? { ...next, max } : undefined
}

const onErrorOptions = [
  { value: 'stop', label: 'Stop, unless an error path takes it' },
  { value: 'continue', label: 'Go on with null' },
]

function FailureGroup({ id, node, problems, policy, set }: GroupProps) {
  const ports = nodeFace(node).outputs
  const others = useActiveDocument((document) => compensators(document.flow, id)) ?? ''
  const options = ports.some((port) => port.name === 'out')
    ? onErrorOptions
    : [
        onErrorOptions[0],
        ...ports.map((port) => ({ value: `:${port.name}`, label: `Go on with null at ${port.label ?? port.name}` })),
      ].filter((option) => option !== undefined)
  const onError = typeof policy.onError === 'object' ? `:${policy.onError.continue}` : (policy.onError ?? 'stop')
  const setOnError = (value: Json | undefined) => {
    if (typeof value !== 'string' || value === 'stop') set('onError', undefined)
    else set('onError', value === 'continue' ? 'continue' : { continue: value.slice(1) })
  }
  const none = { value: '', label: 'nothing' }
  return (
    <Group title="When it fails">
      <PolicyField
        node={id}
        problems={problems}
        path="policy.onError"
        field={{ name: 'onError', label: 'After the last attempt', editor: 'select', options }}
        value={onError}
        onChange={setOnError}
      />
      <PolicyField
        node={id}
        problems={problems}
        path="policy.timeout"
        field={{ name: 'timeout', label: 'Time limit per attempt', editor: 'duration', placeholder: 'none' }}
        value={policy.timeout}
        onChange={(value) => set('timeout', textOr(value))}
      />
      <PolicyField
        node={id}
        problems={problems}
        path="policy.compensate"
        field={{
          name: 'compensate',
          label: 'Undone by',
          editor: 'select',
          options: [
            none,
            ...others
              .split('\n')
              .filter(Boolean)
              .map((value) => ({ value, label: value })),
          ],
          help: 'If the run fails later, this node runs with the output as prev. It needs to stand without edges.',
        }}
        value={policy.compensate ?? ''}
        onChange={(value) => set('compensate', textOr(value))}
      />
    </Group>
  )
}

/** Nodes that may undo another: those without edges. As text, so that the selection stays equal. */
function compensators(flow: Flow, id: string): string {
  const wired = new Set(flow.edges.flatMap((edge) => [edge.from, edge.to]))
  return Object.keys(flow.nodes)
    .filter((other) => other !== id && !wired.has(other))
    .join('\n')
}

function RepeatGroup({ id, problems, policy, set }: GroupProps) {
  const each = policy.each
  const setItems = (items: Json | undefined) => set('each', items === undefined ? undefined : { ...each, items })
  const setConcurrency = (value: Json | undefined) => {
    if (!each) return
    const { concurrency: _before, ...bare } = each
    set('each', typeof value === 'number' ? { ...bare, concurrency: value } : bare)
  }
  return (
    <Group title="Repeat">
      <PolicyField
        node={id}
        problems={problems}
        path="policy.each.items"
        field={{
          name: 'items',
          label: 'Once for each of',
          editor: 'expression',
          placeholder: 'prev.items',
          help: 'A list. Settings read the item as item and its number as index; the output is the list of outputs.',
        }}
        value={each?.items}
        onChange={setItems}
      />
      {each && (
        <PolicyField
          node={id}
          problems={problems}
          path="policy.each.concurrency"
          field={{ name: 'concurrency', label: 'At once', editor: 'number', placeholder: '1' }}
          value={each.concurrency}
          onChange={setConcurrency}
        />
      )}
      <div className={styles['two']}>
        <PolicyField
          node={id}
          problems={problems}
          path="policy.maxVisits"
          field={{
            name: 'maxVisits',
            label: 'Visits at most',
            editor: 'number',
            placeholder: String(defaultMaxVisits),
          }}
          value={policy.maxVisits}
          onChange={(value) => set('maxVisits', numberOr(value))}
        />
        <PolicyField
          node={id}
          problems={problems}
          path="policy.cache"
          field={{ name: 'cache', label: 'Reuse result for', editor: 'duration', placeholder: 'never' }}
          value={policy.cache}
          onChange={(value) => set('cache', textOr(value))}
        />
      </div>
    </Group>
  )
}

const joinOptions = [
  { value: 'all', label: 'all branches that are taken' },
  { value: 'any', label: 'the first branch that arrives' },
]
const idempotentOptions = [
  { value: '', label: 'as its kind says' },
  { value: 'true', label: 'yes, repeating does no harm' },
  { value: 'false', label: 'no, ask before repeating' },
]

function FlowGroup({ id, problems, policy, set }: GroupProps) {
  return (
    <Group title="Order and safety">
      <PolicyField
        node={id}
        problems={problems}
        path="policy.join"
        field={{ name: 'join', label: 'Starts after', editor: 'select', options: joinOptions }}
        value={policy.join ?? 'all'}
        onChange={(value) => set('join', value === 'any' ? 'any' : undefined)}
      />
      <PolicyField
        node={id}
        problems={problems}
        path="policy.idempotent"
        field={{
          name: 'idempotent',
          label: 'May be repeated after a crash',
          editor: 'select',
          options: idempotentOptions,
        }}
        value={policy.idempotent === undefined ? '' : String(policy.idempotent)}
        onChange={(value) => set('idempotent', value === 'true' ? true : value === 'false' ? false : undefined)}
      />
    </Group>
  )
}

interface PolicyFieldProps {
  readonly node: string
  readonly problems: readonly Diagnostic[]
  readonly path: string
  readonly field: Field
  readonly value: Json | undefined
  readonly onChange: (value: Json | undefined) => void
}

function PolicyField({ node, problems, path, field, value, onChange }: PolicyFieldProps) {
  const id = useId()
  const own = problemsAt(problems, path)
  const Editor = editors[field.editor]
  return (
    <FieldRow id={id} label={field.label} path={path} help={field.help} problems={own}>
      <Editor
        key={`${node}.${path}`}
        field={field}
        id={id}
        value={value}
        fallback={undefined}
        onChange={onChange}
        onBlur={documentStore.getState().endMerge}
        invalid={own.some((problem) => problem.severity === 'error')}
        describedBy={undefined}
        node={node}
      />
    </FieldRow>
  )
}

function jsonOf(value: unknown): Json | undefined {
  return value === undefined ? undefined : toJson(value)
}

function textOr(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function numberOr(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}
