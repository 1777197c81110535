import { parseDuration } from '../../model/duration.ts'
import { SelectInput, SwitchInput, TextInput } from '../controls/inputs.tsx'
import type { Json } from '../../model/json.ts'
import { expressionToText, jsonToText, textToExpression, textToJson } from './expressionText.ts'
import { isTemplate, placeholderOf, type EditorProps } from './fieldEditor.ts'
import styles from './editors.module.css'
import { TemplateInput } from './TemplateInput.tsx'
import { useTyped } from './useTyped.ts'

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** One line, or several, that may hold `{{ }}`. */
export function TextEditor(props: EditorProps) {
  const { field, value, id, onChange, onBlur, invalid, describedBy } = props
  const mono = ['path', 'model', 'flow'].includes(field.editor) || field.name === 'url'
  return (
    <TemplateInput
      id={id}
      value={textOf(value)}
      multiline={field.editor === 'multiline'}
      mono={mono}
      placeholder={placeholderOf(props)}
      invalid={invalid}
      aria-describedby={describedBy}
      onChange={(text) => onChange(text === '' ? undefined : text)}
      onBlur={onBlur}
    />
  )
}

/** One JavaScript expression, typed without braces, or a JSON literal. */
export function ExpressionEditor(props: EditorProps) {
  const { value, id, onChange, onBlur, invalid, describedBy, field } = props
  const [text, type] = useTyped(value, expressionToText)
  return (
    <TemplateInput
      id={id}
      expression
      multiline={false}
      value={text}
      placeholder={bare(placeholderOf({ field, fallback: props.fallback }))}
      invalid={invalid}
      aria-describedby={describedBy}
      onChange={(next) => {
        const parsed = textToExpression(next)
        type(next, parsed)
        onChange(parsed)
      }}
      onBlur={onBlur}
    />
  )
}

function bare(placeholder: string | undefined): string | undefined {
  return placeholder?.replace(/^\{\{\s*|\s*\}\}$/g, '')
}

/** Any JSON value; strings inside may hold `{{ }}`. */
export function JsonEditor(props: EditorProps) {
  const { value, id, onChange, onBlur, invalid, describedBy } = props
  const [text, type] = useTyped(value, jsonToText)
  const parsed = textToJson(text)
  return (
    <>
      <TemplateInput
        id={id}
        multiline={
          text.includes('\n') ||
          !('value' in parsed) ||
          typeof parsed.value === 'object' ||
          props.field.name !== 'value'
        }
        mono
        value={text}
        placeholder={placeholderOf(props) ?? '{ }'}
        invalid={invalid || 'broken' in parsed}
        aria-describedby={describedBy}
        onChange={(next) => {
          const read = textToJson(next)
          type(next, 'value' in read ? read.value : value)
          if ('value' in read) onChange(read.value)
        }}
        onBlur={onBlur}
      />
      {'broken' in parsed && (
        <p className={styles['broken']} role="alert">
          {parsed.broken}
        </p>
      )}
    </>
  )
}

/** A number, or an expression that gives one. */
export function NumberEditor(props: EditorProps) {
  const { field, value, id, onChange, onBlur, invalid, describedBy } = props
  const [text, type] = useTyped(value, textOf)
  const bad = text.trim() !== '' && !text.includes('{{') && !Number.isFinite(Number(text))
  return (
    <div className={styles['unit']}>
      <TemplateInput
        id={id}
        value={text}
        placeholder={placeholderOf(props)}
        invalid={invalid || bad}
        aria-describedby={describedBy}
        onChange={(next) => {
          const read = readNumber(next)
          type(next, read ?? undefined)
          if (read !== null) onChange(read)
        }}
        onBlur={onBlur}
      />
      {field.unit !== undefined && <span>{field.unit}</span>}
    </div>
  )
}

/** Null where the text is neither number nor expression. */
function readNumber(text: string): number | string | undefined | null {
  if (text.trim() === '') return undefined
  if (text.includes('{{')) return text
  return Number.isFinite(Number(text)) ? Number(text) : null
}

/** A duration such as `30s`, or an expression that gives one. */
export function DurationEditor(props: EditorProps) {
  const { value, id, onChange, onBlur, invalid, describedBy } = props
  const text = textOf(value)
  const bad = text !== '' && !isTemplate(text) && parseDuration(text) === undefined
  return (
    <>
      <TemplateInput
        id={id}
        value={text}
        placeholder={placeholderOf(props) ?? '30s'}
        invalid={invalid || bad}
        aria-describedby={describedBy}
        onChange={(next) => onChange(next === '' ? undefined : next)}
        onBlur={onBlur}
      />
      {bad && <p className={styles['broken']}>A number and a unit: 500ms, 30s, 10m, 2h or 7d.</p>}
    </>
  )
}

/** On or off; an expression in its place stays reachable as text. */
export function BooleanEditor(props: EditorProps) {
  const { value, fallback, id, onChange } = props
  if (isTemplate(value)) return <TextEditor {...props} />
  const defaultOn = fallback === true
  const checked = value === undefined || value === null ? defaultOn : value === true || value === 'true'
  return <SwitchInput id={id} checked={checked} onChange={(next) => onChange(next === defaultOn ? undefined : next)} />
}

/** One of a few values; an expression in its place stays reachable as text. */
export function SelectEditor(props: EditorProps) {
  const { field, value, fallback, id, onChange, onBlur, describedBy } = props
  if (isTemplate(value)) return <TextEditor {...props} />
  const options = field.options ?? []
  const current = textOf(value ?? fallback)
  const all =
    current === '' && !options.some((option) => option.value === '')
      ? [{ value: '', label: 'Choose …' }, ...options]
      : options
  return (
    <SelectInput
      id={id}
      value={current}
      options={all}
      aria-describedby={describedBy}
      onChange={(next) => onChange(next === '' || next === fallback ? undefined : next)}
      onBlur={onBlur}
    />
  )
}

interface SuggestedTextProps extends EditorProps {
  readonly suggestions: readonly string[]
}

/** One line with suggestions: models, flows of the workspace. */
export function SuggestedText({ suggestions, ...props }: SuggestedTextProps) {
  const { value, id, onChange, onBlur, invalid, describedBy } = props
  if (isTemplate(value)) return <TextEditor {...props} />
  return (
    <>
      <TextInput
        mono
        id={id}
        list={`${id}-list`}
        value={textOf(value)}
        placeholder={placeholderOf(props)}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        onChange={(text) => onChange(text === '' ? undefined : text)}
        onBlur={onBlur}
      />
      <datalist id={`${id}-list`}>
        {suggestions.map((suggestion) => (
          <option key={suggestion} value={suggestion} />
        ))}
      </datalist>
    </>
  )
}
