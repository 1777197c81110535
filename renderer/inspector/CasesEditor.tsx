import { Plus, X } from 'lucide-react'
import { useRef } from 'react'
import { flushSync } from 'react-dom'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { Button, IconButton } from '../controls/Button.tsx'
import { SelectInput, TextInput } from '../controls/inputs.tsx'
import styles from './editors.module.css'
import { expressionToText, jsonToText, textToExpression, textToJson } from './expressionText.ts'
import { isPlainEnter, type EditorProps } from './fieldEditor.ts'
import { TemplateInput } from './TemplateInput.tsx'
import { useTyped } from './useTyped.ts'

const ways = [
  { value: 'equals', label: 'equals' },
  { value: 'when', label: 'when' },
]

/** The cases of a switch: a port each, taken where the value equals something or a condition holds. Enter goes on. */
export function CasesEditor({ value, id, onChange, onBlur }: EditorProps) {
  const cases = Array.isArray(value) ? value.filter(isJsonObject) : []
  const box = useRef<HTMLDivElement>(null)
  const set = (next: readonly JsonObject[]) => onChange(next.length === 0 ? undefined : [...next])
  const focusPort = (index: number) => {
    const input = box.current?.children[index]?.querySelector('input')
    input?.focus()
    input?.select()
  }
  const addCase = () => {
    flushSync(() => set([...cases, { port: freePort(cases), equals: '' }]))
    focusPort(cases.length)
  }
  return (
    <div ref={box} className={styles['rows']}>
      {cases.map((entry, index) => (
        <CaseRow
          key={index}
          {...(index === 0 ? { id } : {})}
          number={index + 1}
          entry={entry}
          onChange={(next) => set(cases.with(index, next))}
          onRemove={() => set(cases.toSpliced(index, 1))}
          onBlur={onBlur}
          onDone={() => (index === cases.length - 1 ? addCase() : focusPort(index + 1))}
        />
      ))}
      <Button look="plain" size="s" className={styles['add']} {...(cases.length === 0 ? { id } : {})} onClick={addCase}>
        <Plus size={13} />
        Add case
      </Button>
    </div>
  )
}

function freePort(cases: readonly JsonObject[]): string {
  const used = new Set(cases.map((entry) => entry['port']))
  for (let n = cases.length + 1; ; n += 1) if (!used.has(`case${n}`)) return `case${n}`
}

interface CaseRowProps {
  readonly id?: string
  readonly number: number
  readonly entry: JsonObject
  readonly onChange: (entry: JsonObject) => void
  readonly onRemove: () => void
  readonly onBlur: () => void
  /** The case is written: the next one is next. */
  readonly onDone: () => void
}

function CaseRow({ id, number, entry, onChange, onRemove, onBlur, onDone }: CaseRowProps) {
  const box = useRef<HTMLDivElement>(null)
  const port = typeof entry['port'] === 'string' ? entry['port'] : ''
  const way = 'when' in entry ? 'when' : 'equals'
  const test = entry[way]
  return (
    <div ref={box} className={styles['case']}>
      <div className={styles['caseHead']}>
        <TextInput
          {...(id === undefined ? {} : { id })}
          mono
          aria-label={`Port of case ${number}`}
          placeholder="port"
          value={port}
          aria-invalid={/^[A-Za-z0-9_-]+$/.test(port) ? undefined : true}
          onChange={(next) => onChange({ ...entry, port: next.replace(/[^A-Za-z0-9_-]/g, '-') })}
          onBlur={onBlur}
          onKeyDown={(event) => isPlainEnter(event) && box.current?.querySelector('textarea')?.focus()}
        />
        <SelectInput
          aria-label={`How case ${number} is tested`}
          value={way}
          options={ways}
          onChange={(next) => onChange({ port, [next]: test ?? '' })}
        />
        <IconButton label={`Remove case ${number}`} size="s" onClick={onRemove}>
          <X size={14} />
        </IconButton>
      </div>
      <CaseTest
        key={way}
        way={way}
        value={test}
        number={number}
        onChange={(next) => onChange({ port, [way]: next ?? '' })}
        onBlur={onBlur}
        onDone={onDone}
      />
    </div>
  )
}

interface CaseTestProps {
  readonly way: 'equals' | 'when'
  readonly value: Json | undefined
  readonly number: number
  readonly onChange: (value: Json | undefined) => void
  readonly onBlur: () => void
  readonly onDone: () => void
}

function CaseTest({ way, value, number, onChange, onBlur, onDone }: CaseTestProps) {
  const isCondition = way === 'when'
  const [text, type] = useTyped(value, isCondition ? expressionToText : jsonToText)
  const change = (next: string) => {
    const read = isCondition ? { value: textToExpression(next) } : textToJson(next)
    type(next, 'value' in read ? (read.value ?? '') : value)
    if ('value' in read) onChange(read.value)
  }
  return (
    <TemplateInput
      expression={isCondition}
      mono
      aria-label={isCondition ? `Condition of case ${number}` : `Value of case ${number}`}
      placeholder={isCondition ? 'prev.status === 200' : 'open'}
      value={text}
      onChange={change}
      onBlur={onBlur}
      onKeyDown={(event) => isPlainEnter(event) && onDone()}
    />
  )
}
