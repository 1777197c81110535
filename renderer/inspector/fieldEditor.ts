import type { ComponentType, KeyboardEvent } from 'react'
import type { Field } from '../../model/nodeSpec.ts'
import type { Json } from '../../model/json.ts'

/** What the editor of a setting gets. */
export interface EditorProps {
  readonly field: Pick<Field, 'name' | 'label' | 'editor' | 'help' | 'placeholder' | 'options' | 'unit'>
  readonly id: string
  /** As written; undefined where it is not set. */
  readonly value: Json | undefined
  /** What holds where the setting is not set. */
  readonly fallback: Json | undefined
  /** Undefined takes the setting away. */
  readonly onChange: (value: Json | undefined) => void
  readonly onBlur: () => void
  readonly invalid: boolean
  readonly describedBy: string | undefined
  /** The node whose setting it is: the scope of expressions. */
  readonly node: string
}

export type FieldEditor = ComponentType<EditorProps>

/** What an empty editor shows: the field's own placeholder, else its default. */
export function placeholderOf({ field, fallback }: Pick<EditorProps, 'field' | 'fallback'>): string | undefined {
  if (field.placeholder !== undefined) return field.placeholder
  if (fallback === undefined || fallback === null || typeof fallback === 'object') return undefined
  return String(fallback)
}

/** Whether a key press is Enter alone, meant for the field and not for a command or an input method; keeps the browser from acting on it. */
export function isPlainEnter(event: KeyboardEvent): boolean {
  if (
    event.key !== 'Enter' ||
    event.ctrlKey ||
    event.metaKey ||
    event.shiftKey ||
    event.altKey ||
    event.nativeEvent.isComposing
  )
    return false
  event.preventDefault()
  return true
}

/** Whether a value is text with at least one hole. */
export function isTemplate(value: Json | undefined): boolean {
  return typeof value === 'string' && value.includes('{{')
}
