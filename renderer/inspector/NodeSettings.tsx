import { ChevronRight } from 'lucide-react'
import { useId } from 'react'
import type { Diagnostic } from '../../model/diagnostics.ts'
import type { FlowNode } from '../../model/document.ts'
import { toJson, type Json } from '../../model/json.ts'
import type { Field, NodeSpec } from '../../model/nodeSpec.ts'
import { setParams } from '../../model/edits/settings.ts'
import { nodeFace } from '../canvas/nodeFace.ts'
import { EmptyState } from '../controls/EmptyState.tsx'
import { documentStore, useActiveDocument } from '../state/documentStore.ts'
import { editors, previewed } from './editorTable.ts'
import { enlargeable, EnlargeButton } from './EnlargeButton.tsx'
import { FieldRow } from './FieldRow.tsx'
import { FlowInputs } from './FlowInputs.tsx'
import styles from './Inspector.module.css'
import { setSetting, valueAt } from './nodeEdits.ts'
import { PreviewLine } from './PreviewLine.tsx'
import { problemsAt } from './problemsAt.ts'
import { SchemaEditor } from './SchemaEditor.tsx'

interface NodeSettingsProps {
  readonly id: string
  readonly node: FlowNode
  readonly spec: NodeSpec
  readonly problems: readonly Diagnostic[]
}

/** A node's settings, made from its kind's fields. */
export function NodeSettings({ id, node, spec, problems }: NodeSettingsProps) {
  const data = nodeFace(node).data
  const fields = spec.fields.filter((field) => applies(field, data))
  const plain = fields.filter((field) => !field.advanced || valueAt(node.data, field.name) !== undefined)
  const advanced = fields.filter((field) => !plain.includes(field))
  const isTool =
    useActiveDocument((document) => document.flow.edges.some((edge) => edge.from === id && edge.toPort === 'tools')) ??
    false
  if (spec.role?.type === 'start') {
    return (
      <div className={styles['fields']}>
        <FlowInputs />
      </div>
    )
  }
  if (fields.length === 0 && !isTool) return <EmptyState title="Nothing to set">{spec.palette.summary}</EmptyState>
  const row = (field: Field<Record<string, unknown>>) => (
    <Setting
      key={`${field.name}:${field.label}`}
      id={id}
      node={node}
      field={field}
      fallback={fallbackOf(data, field)}
      problems={problems}
    />
  )
  return (
    <div className={styles['fields']}>
      {plain.map(row)}
      {(isTool || node.params !== undefined) && <ToolParams id={id} node={node} problems={problems} />}
      {advanced.length > 0 && (
        <details className={styles['more']}>
          <summary>
            <ChevronRight size={13} />
            More
          </summary>
          <div className={styles['fields']}>{advanced.map(row)}</div>
        </details>
      )}
    </div>
  )
}

function applies(field: Field<Record<string, unknown>>, data: Record<string, unknown>): boolean {
  try {
    return field.when?.(data) ?? true
  } catch (error) {
    // A kind's condition reads settings that may be half written.
    if (error instanceof TypeError) return true
    throw error
  }
}

function fallbackOf(data: Record<string, unknown>, field: Field<Record<string, unknown>>): Json | undefined {
  const json = toJson(data)
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? valueAt(json, field.name) : undefined
}

interface SettingProps {
  readonly id: string
  readonly node: FlowNode
  readonly field: Field<Record<string, unknown>>
  readonly fallback: Json | undefined
  readonly problems: readonly Diagnostic[]
}

function Setting({ id, node, field, fallback, problems }: SettingProps) {
  const inputId = useId()
  const { edit, endMerge } = documentStore.getState()
  const value = valueAt(node.data, field.name)
  const own = problemsAt(problems, `data.${field.name}`)
  const Editor = editors[field.editor]
  const language = enlargeable[field.editor]
  const inline = field.editor === 'boolean' && typeof value !== 'string'
  const change = (next: Json | undefined) => {
    edit(`Edit ${field.label}`, (flow) => setSetting(flow, id, field.name, next), { merge: `${id}.${field.name}` })
  }
  return (
    <FieldRow
      id={inputId}
      label={field.label}
      path={`data.${field.name}`}
      required={field.required ?? false}
      help={field.help}
      problems={own}
      inline={inline}
      aside={
        language && (
          <EnlargeButton
            label={field.label}
            language={language}
            node={id}
            value={value}
            onChange={change}
            onBlur={endMerge}
          />
        )
      }
      below={previewed.has(field.editor) && <PreviewLine node={id} template={value} wanted={true} />}
    >
      <Editor
        key={`${id}.${field.name}`}
        field={field}
        id={inputId}
        value={value}
        fallback={value === undefined ? fallback : undefined}
        onChange={change}
        onBlur={endMerge}
        invalid={own.some((problem) => problem.severity === 'error')}
        describedBy={field.help === undefined ? undefined : `${inputId}-help`}
        node={id}
      />
    </FieldRow>
  )
}

/** The arguments that a node's settings read, in the order in which they do. */
function argumentsRead(node: FlowNode): readonly string[] {
  const found = JSON.stringify(node.data ?? {}).matchAll(/\bargs\.([A-Za-z_$][\w$]*)/g)
  return [...new Set([...found].flatMap(([, name]) => name ?? []))]
}

/** What a model may fill in when it calls this node as a tool. EXECUTION.md 6.3. */
function ToolParams({
  id,
  node,
  problems,
}: {
  readonly id: string
  readonly node: FlowNode
  readonly problems: readonly Diagnostic[]
}) {
  const inputId = useId()
  const { edit, endMerge } = documentStore.getState()
  return (
    <FieldRow
      id={inputId}
      label="Arguments the model fills in"
      path="params"
      help="Read in this node's settings as args.name. Without any, the tool takes no argument."
      problems={problemsAt(problems, 'params')}
    >
      <SchemaEditor
        key={id}
        id={inputId}
        value={node.params}
        noun="argument"
        wanted={argumentsRead(node)}
        onChange={(params) => edit('Edit arguments', (flow) => setParams(flow, id, params), { merge: `${id}.params` })}
        onBlur={endMerge}
      />
    </FieldRow>
  )
}
