import { Plus, X } from 'lucide-react'
import { useRef } from 'react'
import type { Json } from '../../model/json.ts'
import { Button, IconButton } from '../controls/Button.tsx'
import styles from './editors.module.css'
import { isTemplate, placeholderOf, type EditorProps } from './fieldEditor.ts'
import { TemplateInput } from './TemplateInput.tsx'
import { TextEditor } from './textEditors.tsx'

/** A list of texts, one line each; Enter adds a line, Backspace in an empty one takes it away. */
export function ListEditor(props: EditorProps) {
  const { field, value, id, onChange, onBlur, invalid } = props
  const box = useRef<HTMLDivElement>(null)
  if (isTemplate(value)) return <TextEditor {...props} />
  const items = Array.isArray(value) ? value.map(textOf) : value === undefined || value === null ? [] : [textOf(value)]
  const lines = items.length === 0 ? [''] : items
  const set = (next: readonly string[]) =>
    onChange(next.length === 0 || next.every((line) => line === '') ? undefined : [...next])
  const focus = (index: number) => {
    requestAnimationFrame(() => box.current?.querySelectorAll('textarea')[index]?.focus())
  }
  return (
    <div ref={box} className={styles['rows']}>
      {lines.map((line, index) => (
        <div key={index} className={styles['line']}>
          <TemplateInput
            {...(index === 0 ? { id } : {})}
            aria-label={`${field.label}, line ${index + 1}`}
            mono
            value={line}
            placeholder={index === 0 ? placeholderOf(props) : undefined}
            invalid={invalid && index === 0}
            onChange={(text) => set(lines.with(index, text))}
            onBlur={onBlur}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
                onChange(lines.toSpliced(index + 1, 0, ''))
                focus(index + 1)
              } else if (event.key === 'Backspace' && line === '' && lines.length > 1) {
                event.preventDefault()
                set(lines.toSpliced(index, 1))
                focus(Math.max(0, index - 1))
              }
            }}
          />
          {lines.length > 1 && (
            <IconButton
              label="Remove line"
              size="s"
              className={styles['remove']}
              onClick={() => set(lines.toSpliced(index, 1))}
            >
              <X size={14} />
            </IconButton>
          )}
        </div>
      ))}
      <Button
        look="plain"
        size="s"
        className={styles['add']}
        onClick={() => {
          onChange([...lines, ''])
          focus(lines.length)
        }}
      >
        <Plus size={13} />
        Add line
      </Button>
    </div>
  )
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value)
}
