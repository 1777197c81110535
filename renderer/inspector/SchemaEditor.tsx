import { Braces, Plus, Rows3, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { isJsonObject, jsonEquals, type Json, type JsonObject, type JsonSchema } from '../../model/json.ts'
import { Button, IconButton } from '../controls/Button.tsx'
import { SelectInput, SwitchInput, TextArea, TextInput } from '../controls/inputs.tsx'
import { CodeField } from '../monaco/CodeField.tsx'
import { parseJson } from '../controls/parseJson.ts'
import { isPlainEnter } from './fieldEditor.ts'
import { isBuildable, propertiesOf, schemaFrom, type PropertyRow } from './schemaRows.ts'
import styles from './SchemaEditor.module.css'
import { useTyped } from './useTyped.ts'

interface SchemaEditorProps {
  readonly id: string
  readonly value: Json | undefined
  readonly onChange: (schema: JsonSchema | undefined) => void
  readonly onBlur: () => void
  /** What one property is called: "input", "field". */
  readonly noun: string
  /** Names that are read already and that properties are wanted for. */
  readonly wanted?: readonly string[]
}

/** A JSON Schema of an object: as a list of properties where it is that simple, else (or by choice) as JSON. */
export function SchemaEditor({ id, value, onChange, onBlur, noun, wanted = [] }: SchemaEditorProps) {
  const [asText, setAsText] = useState(false)
  const buildable = isBuildable(value)
  const text = asText || !buildable
  return (
    <div className={styles['editor']}>
      <div className={styles['switch']}>
        <IconButton label="As a list" size="s" active={!text} disabled={!buildable} onClick={() => setAsText(false)}>
          <Rows3 size={13} />
        </IconButton>
        <IconButton label="As JSON Schema" size="s" active={text} onClick={() => setAsText(true)}>
          <Braces size={13} />
        </IconButton>
      </div>
      {text ? (
        <SchemaText id={id} value={value} onChange={onChange} onBlur={onBlur} />
      ) : (
        <SchemaRows id={id} value={value} onChange={onChange} onBlur={onBlur} noun={noun} wanted={wanted} />
      )}
    </div>
  )
}

function SchemaText({ id, value, onChange, onBlur }: Omit<SchemaEditorProps, 'noun' | 'wanted'>) {
  const [text, type] = useTyped(value, (schema) => (schema === undefined ? '' : JSON.stringify(schema, null, 2)))
  const parsed = text.trim() === '' ? { value: undefined } : parseJson(text)
  const broken = !parsed || (parsed.value !== undefined && !isJsonObject(parsed.value))
  return (
    <>
      <CodeField
        id={id}
        language="json"
        value={text}
        label="JSON Schema"
        onChange={(next) => {
          const read = next.trim() === '' ? { value: undefined } : parseJson(next)
          const good = read && (read.value === undefined || isJsonObject(read.value))
          type(next, good ? read.value : value)
          if (good && (read.value === undefined || isJsonObject(read.value))) onChange(read.value)
        }}
        onBlur={onBlur}
      />
      {broken && <p className={styles['broken']}>This is not a JSON Schema yet: it has to be a JSON object.</p>}
    </>
  )
}

const types = ['string', 'number', 'integer', 'boolean', 'object', 'array'].map((value) => ({ value, label: value }))

function SchemaRows({
  id,
  value,
  onChange,
  onBlur,
  noun,
  wanted,
}: SchemaEditorProps & { readonly wanted: readonly string[] }) {
  const box = useRef<HTMLDivElement>(null)
  const [rows, setRows] = useState<readonly PropertyRow[]>(() => propertiesOf(value))
  const current = schemaFrom(rows, value)
  if (
    !jsonEquals(current, isJsonObject(value) ? value : undefined) &&
    !jsonEquals(schemaFrom(propertiesOf(value), value), current)
  ) {
    setRows(propertiesOf(value))
  }
  const set = (next: readonly PropertyRow[]) => {
    setRows(next)
    onChange(schemaFrom(next, value))
  }
  const [missing] = wanted.filter((name) => !rows.some((row) => row.name === name))
  const addRow = () => {
    const name = missing ?? freeName(rows, noun)
    flushSync(() => set([...rows, { name, required: true, schema: { type: 'string' } }]))
    selectIn(box.current?.children[rows.length])
  }
  return (
    <div ref={box} className={styles['rows']}>
      {rows.map((row, index) => (
        <PropertyEditor
          key={index}
          {...(index === 0 ? { id } : {})}
          row={row}
          onChange={(next) => set(rows.with(index, next))}
          onRemove={() => set(rows.toSpliced(index, 1))}
          onBlur={onBlur}
          onNamed={addRow}
        />
      ))}
      <Button look="plain" size="s" className={styles['add']} {...(rows.length === 0 ? { id } : {})} onClick={addRow}>
        <Plus size={13} />
        Add {noun} {missing}
      </Button>
    </div>
  )
}

function selectIn(row: Element | undefined): void {
  const input = row?.querySelector('input')
  input?.focus()
  input?.select()
}

function freeName(rows: readonly PropertyRow[], noun: string): string {
  const used = new Set(rows.map((row) => row.name))
  for (let n = rows.length + 1; ; n += 1) if (!used.has(`${noun}${n}`)) return `${noun}${n}`
}

interface PropertyEditorProps {
  readonly id?: string
  readonly row: PropertyRow
  readonly onChange: (row: PropertyRow) => void
  readonly onRemove: () => void
  readonly onBlur: () => void
  /** Enter in the name: the next property is next. */
  readonly onNamed: () => void
}

function PropertyEditor({ id, row, onChange, onRemove, onBlur, onNamed }: PropertyEditorProps) {
  const schema = (patch: JsonObject) => onChange({ ...row, schema: withoutEmpty({ ...row.schema, ...patch }) })
  const text = (key: string) => (typeof row.schema[key] === 'string' ? row.schema[key] : '')
  const [fallback, typeFallback] = useTyped(row.schema['default'], (value) =>
    value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value),
  )
  return (
    <div className={styles['property']} onBlur={onBlur}>
      <div className={styles['line']}>
        <TextInput
          {...(id === undefined ? {} : { id })}
          mono
          aria-label="Name"
          value={row.name}
          onChange={(name) => onChange({ ...row, name })}
          onKeyDown={(event) => isPlainEnter(event) && onNamed()}
        />
        <SelectInput
          aria-label={`Type of ${row.name}`}
          value={text('type') || 'string'}
          options={types}
          onChange={(type) => schema({ type, default: null })}
        />
        <IconButton label={`Remove ${row.name}`} size="s" onClick={onRemove}>
          <X size={14} />
        </IconButton>
      </div>
      <TextArea
        rows={1}
        className={styles['description']}
        aria-label={`Description of ${row.name}`}
        placeholder="What it is for"
        value={text('description')}
        onChange={(description) => schema({ description: description === '' ? null : description })}
      />
      <div className={styles['line']}>
        <TextInput
          mono
          aria-label={`Default of ${row.name}`}
          placeholder="default"
          title={fallback}
          value={fallback}
          onChange={(next) => {
            const value = readDefault(next, text('type'))
            typeFallback(next, value)
            const { default: _default, ...others } = row.schema
            onChange({ ...row, schema: value === undefined ? others : { ...others, default: value } })
          }}
        />
        <label className={styles['needed']}>
          needed
          <SwitchInput
            aria-label={`${row.name} is needed`}
            checked={row.required}
            onChange={(required) => onChange({ ...row, required })}
          />
        </label>
      </div>
    </div>
  )
}

/** A default as typed: text stays text where the type is text, else JSON. */
function readDefault(text: string, type: string): Json | undefined {
  if (text === '') return undefined
  if (type === 'string') return text
  return parseJson(text)?.value
}

function withoutEmpty(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== null))
}
