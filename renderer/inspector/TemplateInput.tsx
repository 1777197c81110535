import clsx from 'clsx'
import { useId, useMemo, useRef, type DragEvent, type KeyboardEvent, type ReactNode } from 'react'
import { pathDragType } from '../console/valueDrag.ts'
import { CompletionPopup } from './completion/CompletionPopup.tsx'
import { useCompletion } from './completion/useCompletion.ts'
import { dropExpression } from './dropExpression.ts'
import { templateSegments } from './templateSegments.ts'
import styles from './TemplateInput.module.css'

interface TemplateInputProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onBlur?: () => void
  readonly onFocus?: () => void
  readonly multiline?: boolean
  /** The whole text is one expression, without braces. */
  readonly expression?: boolean
  readonly mono?: boolean
  readonly id?: string
  readonly placeholder?: string | undefined
  readonly invalid?: boolean
  readonly 'aria-label'?: string
  readonly 'aria-describedby'?: string | undefined
  readonly onKeyDown?: (event: KeyboardEvent<HTMLTextAreaElement>) => void
}

/**
 * A text with `{{ holes }}` marked as one types; grows with its text. A value dragged from the console becomes the
 * expression that reads it, with braces where it needs them.
 */
export function TemplateInput(props: TemplateInputProps) {
  const {
    value,
    onChange,
    multiline = false,
    expression = false,
    mono = false,
    invalid = false,
    onKeyDown,
    onBlur,
    ...rest
  } = props
  const listId = useId()
  const box = useRef<HTMLDivElement>(null)
  const completion = useCompletion(expression, onChange)
  const area = useRef<HTMLTextAreaElement>(null)
  const segments = useMemo(
    () => (expression ? [{ text: value, hole: false }] : templateSegments(value)),
    [value, expression],
  )
  const drop = (event: DragEvent<HTMLTextAreaElement>) => {
    const path = event.dataTransfer.getData(pathDragType)
    if (path === '') return
    event.preventDefault()
    const dropped = dropExpression(value, path, offsetAt(event, value), expression)
    onChange(dropped.text)
    requestAnimationFrame(() => {
      area.current?.focus()
      area.current?.setSelectionRange(dropped.caret, dropped.caret)
    })
  }
  return (
    <div
      ref={box}
      className={clsx(styles['box'], (mono || expression) && styles['mono'], multiline && styles['multiline'])}
      data-invalid={invalid || undefined}
    >
      <div className={styles['shown']} aria-hidden>
        {segments.map((segment, index) =>
          segment.hole ? <mark key={index}>{segment.text}</mark> : <Plain key={index}>{segment.text}</Plain>,
        )}
        {'\u200b'}
      </div>
      <textarea
        ref={area}
        rows={1}
        className={styles['typed']}
        value={value}
        spellCheck={multiline && !mono}
        autoComplete="off"
        autoCapitalize="off"
        aria-invalid={invalid || undefined}
        role={completion.state ? 'combobox' : undefined}
        aria-expanded={completion.state ? true : undefined}
        aria-controls={completion.state && listId}
        aria-activedescendant={completion.state && `${listId}-${completion.state.current}`}
        onChange={(event) => {
          const text = event.currentTarget.value
          onChange(multiline ? text : text.replace(/\s*\n\s*/g, ' '))
          completion.look(event.currentTarget)
        }}
        onBlur={() => {
          completion.close()
          onBlur?.()
        }}
        onPointerDown={completion.close}
        onDragOver={(event) => event.dataTransfer.types.includes(pathDragType) && event.preventDefault()}
        onDrop={drop}
        onKeyDown={(event) => {
          if (completion.onKey(event)) return
          if (event.key === ' ' && event.ctrlKey) completion.look(event.currentTarget)
          if (!multiline && event.key === 'Enter' && !event.ctrlKey && !event.metaKey) event.preventDefault()
          onKeyDown?.(event)
        }}
        {...rest}
      />
      {completion.state && box.current && (
        <CompletionPopup
          id={listId}
          anchor={box.current}
          options={completion.state.list.options}
          current={completion.state.current}
          onTake={completion.take}
        />
      )}
    </div>
  )
}

function Plain({ children }: { readonly children: ReactNode }) {
  return <>{children}</>
}

/** Where in the text the pointer is; its end where the browser cannot tell. */
function offsetAt(event: DragEvent<HTMLTextAreaElement>, text: string): number {
  const position =
    'caretPositionFromPoint' in document ? document.caretPositionFromPoint(event.clientX, event.clientY) : null
  return position?.offsetNode === event.currentTarget ? position.offset : text.length
}
