import { useId, useState } from 'react'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { NumberInput, SelectInput, SwitchInput, TextArea, TextInput } from '../controls/inputs.tsx'
import { parseJson } from '../controls/parseJson.ts'
import type { InputField, InputProblem } from './inputSchema.ts'
import styles from './SchemaForm.module.css'

interface SchemaFormProps {
  readonly fields: readonly InputField[]
  readonly value: JsonObject
  readonly onChange: (value: JsonObject) => void
  /** Shown at their fields. */
  readonly problems: readonly InputProblem[]
}

/** A form for the top-level properties of an object schema. */
export function SchemaForm({ fields, value, onChange, problems }: SchemaFormProps) {
  const set = (name: string, next: Json | undefined) => {
    const others = Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))
    onChange(next === undefined ? others : { ...others, [name]: next })
  }
  return (
    <div className={styles['form']}>
      {fields.map((field) => (
        <SchemaField
          key={field.name}
          field={field}
          value={value[field.name]}
          onChange={(next) => set(field.name, next)}
          problem={problems.find((problem) => problem.name === field.name)?.message}
        />
      ))}
    </div>
  )
}

interface SchemaFieldProps {
  readonly field: InputField
  readonly value: Json | undefined
  readonly onChange: (value: Json | undefined) => void
  readonly problem: string | undefined
}

function SchemaField({ field, value, onChange, problem }: SchemaFieldProps) {
  const id = useId()
  const describedBy = [field.help && `${id}-help`, problem && `${id}-problem`].filter(Boolean).join(' ')
  const attributes = {
    id,
    'aria-invalid': problem === undefined ? undefined : true,
    'aria-describedby': describedBy === '' ? undefined : describedBy,
    'aria-required': field.required,
  } as const
  return (
    <div className={styles['field']}>
      <div className={styles['head']}>
        <label htmlFor={id}>{field.label}</label>
        {!field.required && <span className={styles['optional']}>optional</span>}
      </div>
      <Editor field={field} value={value} onChange={onChange} attributes={attributes} />
      {field.help !== undefined && (
        <p id={`${id}-help`} className={styles['help']}>
          {field.help}
        </p>
      )}
      {problem !== undefined && (
        <p id={`${id}-problem`} className={styles['problem']}>
          {problem}
        </p>
      )}
    </div>
  )
}

interface EditorProps {
  readonly field: InputField
  readonly value: Json | undefined
  readonly onChange: (value: Json | undefined) => void
  readonly attributes: { readonly id: string }
}

function Editor({ field, value, onChange, attributes }: EditorProps) {
  if (field.type === 'boolean') return <SwitchInput checked={value === true} onChange={onChange} id={attributes.id} />
  if (field.type === 'number' || field.type === 'integer') {
    return <NumberInput value={typeof value === 'number' ? value : undefined} onChange={onChange} {...attributes} />
  }
  if (field.type === 'enum')
    return <EnumEditor field={field} value={value} onChange={onChange} attributes={attributes} />
  if (field.type === 'json') return <JsonEditor value={value} onChange={onChange} attributes={attributes} />
  const text = typeof value === 'string' ? value : ''
  const long = text.includes('\n') || text.length > 80 || field.schema['format'] === 'multiline'
  const change = (next: string) => onChange(next === '' && !field.required ? undefined : next)
  return long ? (
    <TextArea rows={5} value={text} onChange={change} {...attributes} />
  ) : (
    <TextInput value={text} onChange={change} {...attributes} />
  )
}

function EnumEditor({ field, value, onChange, attributes }: EditorProps) {
  const options = field.options.map((option) => ({
    value: JSON.stringify(option),
    label: typeof option === 'string' ? option : JSON.stringify(option),
  }))
  const all = value === undefined ? [{ value: '', label: 'Choose …' }, ...options] : options
  return (
    <SelectInput
      value={value === undefined ? '' : JSON.stringify(value)}
      options={all}
      onChange={(next) => onChange(field.options.find((option) => JSON.stringify(option) === next))}
      {...attributes}
    />
  )
}

function JsonEditor({ value, onChange, attributes }: Omit<EditorProps, 'field'>) {
  const [text, setText] = useState(value === undefined ? '' : JSON.stringify(value, null, 2))
  const [broken, setBroken] = useState(false)
  const change = (next: string) => {
    setText(next)
    if (next.trim() === '') {
      setBroken(false)
      onChange(undefined)
      return
    }
    const parsed = parseJson(next)
    setBroken(parsed === undefined)
    if (parsed) onChange(parsed.value)
  }
  return (
    <>
      <TextArea
        mono
        rows={isJsonObject(value) || Array.isArray(value) ? 6 : 3}
        value={text}
        onChange={change}
        placeholder="JSON"
        {...attributes}
      />
      {broken && <p className={styles['problem']}>This is not JSON yet.</p>}
    </>
  )
}
